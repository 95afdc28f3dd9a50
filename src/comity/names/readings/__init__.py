"""How is a name of any script written in Latin letters? One file per script; every reading bears its rule.

word -> its script -> that script's readings -> most usual first, each text once, at most twelve
"""

from comity.names.readings.choose import asks_of, readings_of
from comity.names.readings.reading import Reading
from comity.names.readings.skeleton import skeleton
from comity.names.readings.spelling import spellings
from comity.names.readings.splits import name_splits
from comity.names.readings.syllables import language_cuts, may_be_family, read_syllables, says_more
from comity.names.readings.transcribed import ask_transcribed, read_transcribed, transcribed_splits
from comity.names.readings.vietnamese import vietnamese_particles, vietnamese_words

__all__ = [
    "Reading",
    "ask_transcribed",
    "asks_of",
    "language_cuts",
    "may_be_family",
    "name_splits",
    "read_syllables",
    "read_transcribed",
    "readings_of",
    "says_more",
    "skeleton",
    "spellings",
    "transcribed_splits",
    "vietnamese_particles",
    "vietnamese_words",
]
