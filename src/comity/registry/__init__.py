"""What is held, by whom, since when? The durable truth and its numbered changes.

    accept: lock -> compare -> store -> number -> log, one transaction
    log:    many entries -> group commit -> durable -> answer

One implementation over SQLAlchemy Core, on SQLite (a file in the node's directory) and PostgreSQL.
"""
