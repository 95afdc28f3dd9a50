"""What do words that meet or stand alone weigh? The numbers, stated once."""

from typing import Final

# Against: a word of the query that the record lacks, one of the record's that the query lacks, two that differ.
MISSING: Final = -1.2
EXTRA: Final = -0.35
CONTRADICTS: Final = -3.5
# The same, where custom lets the word come and go: patronymics, initials.
OPTIONAL_MISSING: Final = -0.3
OPTIONAL_EXTRA: Final = -0.1
# Two words alike that would else stand against each other still meet, however little that tells: a name with two
# typing errors is nearer to the name than any other. Not below this weight.
MEETING_MIN: Final = -3.0
INITIAL: Final = 1.5
CUT_OFF_SHARE: Final = 0.6
PARTICLE_MAX: Final = 0.4
PARTICLE_MISSING: Final = -0.05
SUFFIX_CONTRADICTS: Final = -9.0
# What kind of name it met: a weak alias is shared by many.
TYPE_WEIGHTS: Final = {"weak": -2.0, "alias": -0.2}
# Name-only score: at this weight it is as likely as not that the person is meant.
EVEN_WEIGHT: Final = 9.0
SCORE_SLOPE: Final = 0.8
