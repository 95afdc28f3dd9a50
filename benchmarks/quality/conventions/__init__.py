"""How one name is written by several conventions, for `romanised_otherwise.py`; nothing here is Comity's own.

Each module writes the names of some languages, from the published standards and what papers and newspapers do:
tables of facts, written for this measurement apart from `comity.names`, so that neither learns from the other.
"""
