"""What do we say, and in whose language? Every word that people read, in Arabic, English, French, Spanish.

`words_of/` holds the four languages side by side, one table a topic; `words` says them, `wording` makes
lines of values, `speech` names what a door needs of a speaker.
"""
