"""How well do two names agree, word by word, and why?

query Name + names of the record + rarity -> NameComparison (weight, score, the name that met best, words)
"""

from comity.matching.names.compare import Comparisons, compare_all, compare_names
from comity.matching.names.values import NameComparison, Rarity, RecordName, WordAgreement

__all__ = [
    "Comparisons",
    "NameComparison",
    "Rarity",
    "RecordName",
    "WordAgreement",
    "compare_all",
    "compare_names",
]
