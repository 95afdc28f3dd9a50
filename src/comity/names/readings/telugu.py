"""Telugu: every vowel is spoken; t may be written th, as people of the south do."""

import unicodedata

from comity.names.readings.brahmic import Abugida, read_abugida
from comity.names.readings.reading import Reading, choice_table, choices

_CONSONANTS = choice_table(
    "క k, ఖ kh, గ g, ఘ gh, ఙ ng, చ ch, ఛ chh ch:0.8, జ j, ఝ jh, ఞ n, ట t, ఠ th, డ d, ఢ dh, "
    "ణ n, త t th:0.7, థ th, ద d dh:0.2, ధ dh, న n, ప p, ఫ ph f:0.6, బ b, భ bh, మ m, య y, "
    "ర r, ఱ r, ల l, ళ l, వ v w:0.3, శ s sh:0.8, ష sh, స s, హ h, క్ష ksh x:0.2, జ్ఞ gn jn:0.8"
)
_VOWELS = choice_table(
    "అ a, ఆ a aa:0.4, ఇ i, ఈ i ee:0.4, ఉ u, ఊ u oo:0.3, ఋ ru ri:0.6, ఎ e ye:0.2, ఏ e, ఐ ai, ఒ o, ఓ o, ఔ au"
)
_SIGNS = choice_table(
    "ా a aa:0.3, ి i, ీ i ee:0.4, ు u -:0.15, ూ u oo:0.4, ృ ru ri:0.7, ె e, ే e, ై ai, ొ o, ో o, ౌ au ow:0.2"
)
_MARKS = choice_table("ం n m:0.4, ః h -:0.3")
_SCRIPT = Abugida("telugu", _CONSONANTS, _VOWELS, _SIGNS, "్", _MARKS, choices("a"))


def read_telugu(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Telugu.

    >>> read_telugu("నాయుడు")[0].text
    'nayudu'
    """
    return read_abugida(unicodedata.normalize("NFC", word), _SCRIPT)
