"""Kannada: every vowel is spoken; t may be written th, as people of the south do."""

import unicodedata

from comity.names.readings.brahmic import Abugida, read_abugida
from comity.names.readings.reading import Reading, choice_table, choices

_CONSONANTS = choice_table(
    "ಕ k, ಖ kh, ಗ g, ಘ gh, ಙ ng, ಚ ch, ಛ chh ch:0.8, ಜ j, ಝ jh, ಞ n, ಟ t, ಠ th, ಡ d, ಢ dh, "
    "ಣ n, ತ t th:0.7, ಥ th, ದ d dh:0.2, ಧ dh, ನ n, ಪ p, ಫ ph f:0.6, ಬ b, ಭ bh, ಮ m, ಯ y, "
    "ರ r, ಱ r, ಲ l, ಳ l, ೞ l, ವ v w:0.3, ಶ sh s:0.5, ಷ sh, ಸ s, ಹ h, ಕ್ಷ ksh x:0.2, "
    "ಜ್ಞ gn jn:0.8, ಫ಼ f, ಜ಼ z"
)
_VOWELS = choice_table(
    "ಅ a, ಆ a aa:0.4, ಇ i, ಈ i ee:0.4, ಉ u, ಊ u oo:0.3, ಋ ru ri:0.6, ಎ e ye:0.1, ಏ e, ಐ ai, "
    "ಒ o, ಓ o, ಔ au ow:0.2"
)
_SIGNS = choice_table(
    "ಾ a aa:0.3, ಿ i, ೀ i ee:0.4, ು u, ೂ u oo:0.4, ೃ ru ri:0.7, ೆ e, ೇ e, ೈ ai, ೊ o, ೋ o, ೌ au ow:0.3"
)
_MARKS = choice_table("ಂ n m:0.4, ಃ h -:0.3")
_SCRIPT = Abugida("kannada", _CONSONANTS, _VOWELS, _SIGNS, "್", _MARKS, choices("a -:0.15"))


def read_kannada(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Kannada.

    >>> read_kannada("ಗೌಡ")[0].text
    'gauda'
    """
    return read_abugida(unicodedata.normalize("NFC", word), _SCRIPT)
