"""Odia: the unwritten vowel is kept, a in official spellings."""

import unicodedata

from comity.names.readings.brahmic import Abugida, read_abugida
from comity.names.readings.reading import Reading, choice_table, choices

_CONSONANTS = choice_table(
    "କ k, ଖ kh, ଗ g, ଘ gh, ଙ ng, ଚ ch, ଛ chh ch:0.8, ଜ j, ଝ jh, ଞ n, ଟ t, ଠ th, ଡ d, ଢ dh, "
    "ଣ n, ତ t, ଥ th, ଦ d, ଧ dh, ନ n, ପ p, ଫ ph f:0.6, ବ b, ଭ bh, ମ m, ଯ j y:0.8, ୟ y, ର r, "
    "ଲ l, ଳ l, ୱ w, ଶ sh s:0.6, ଷ sh s:0.5, ସ s, ହ h, ଡ଼ d r:0.6, ଢ଼ dh, କ୍ଷ ksh kh:0.4"
)
_VOWELS = choice_table("ଅ a o:0.3, ଆ a, ଇ i, ଈ i ee:0.2, ଉ u, ଊ u, ଋ ru ri:0.8, ଏ e, ଐ ai, ଓ o, ଔ au")
_SIGNS = choice_table("ା a, ି i, ୀ i ee:0.3, ୁ u, ୂ u oo:0.2, ୃ ru ri:0.8, େ e, ୈ ai, ୋ o, ୌ au")
_MARKS = choice_table("ଂ n m:0.4, ଁ n -:0.6, ଃ h")
_SCRIPT = Abugida("oriya", _CONSONANTS, _VOWELS, _SIGNS, "୍", _MARKS, choices("a o:0.2 -:0.4"))


def read_oriya(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Odia script."""
    return read_abugida(unicodedata.normalize("NFC", word), _SCRIPT)
