"""Malayalam: chillu letters close a syllable, zh writes its own r, t and d are one letter between vowels."""

import unicodedata

from comity.names.readings.brahmic import Abugida, read_abugida
from comity.names.readings.reading import Reading, choice_table, choices

_CONSONANTS = choice_table(
    "ക k g:0.2 c:0.1, ഖ kh, ഗ g, ഘ gh, ങ ng, ച ch, ഛ chh ch:0.8, ജ j, ഝ jh, ഞ nj n:0.5, "
    "ട t d:0.6, ഠ th, ഡ d, ഢ dh, ണ n, ത th t:0.6, ഥ th, ദ d dh:0.2, ധ dh, ന n, പ p, "
    "ഫ f ph:0.6, ബ b, ഭ bh, മ m, യ y, ര r, റ r, ല l, ള l, ഴ zh l:0.2, വ v w:0.3, ശ s sh:0.7, "
    "ഷ sh, സ s, ഹ h, റ്റ tt t:0.8, ന്റ nt nd:0.3, ങ്ങ ng, ഞ്ഞ nj, ക്ഷ ksh"
)
_VOWELS = choice_table(
    "അ a, ആ a aa:0.3, ഇ i, ഈ i ee:0.5, ഉ u, ഊ u oo:0.5, ഋ ri, എ e, ഏ e a:0.1, ഐ ai, ഒ o, "
    "ഓ o, ഔ au, ൻ n, ർ r, ൽ l, ൾ l, ൺ n, ൿ k"
)
_SIGNS = choice_table(
    "ാ a aa:0.2, ി i, ീ i ee:0.5, ു u, ൂ u oo:0.5, ൃ ri, െ e, േ e a:0.1, ൈ ai, ൊ o, ോ o, ൌ au, ൗ au ou:0.3"
)
_MARKS = choice_table("ം m n:0.5, ഃ h -:0.3")
_SCRIPT = Abugida("malayalam", _CONSONANTS, _VOWELS, _SIGNS, "്", _MARKS, choices("a"))


def read_malayalam(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Malayalam.

    >>> read_malayalam("വിജയൻ")[0].text
    'vijayan'
    """
    return read_abugida(unicodedata.normalize("NFC", word), _SCRIPT)
