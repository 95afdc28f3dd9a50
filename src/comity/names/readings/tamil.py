"""Tamil: one letter writes k and g, t and d, p and b, s and ch and j; its place in the word says which."""

import unicodedata

from comity.names.readings.brahmic import Abugida, read_abugida
from comity.names.readings.reading import Reading, choice_table, choices

_CONSONANTS = choice_table(
    "க k g:0.4, ங n ng:0.3, ச s ch:0.6 c:0.1, ஞ n gn:0.5 ny:0.3, ட t d:0.4, ண n, "
    "த th t:0.7 d:0.5, ந n, ப p b:0.5 f:0.25, ம m, ய y, ர r, ல l, வ v w:0.6, ழ zh l:0.5, ள l, "
    "ற r tr:0.1, ன n, ஜ j, ஷ sh s:0.3, ஸ s, ஹ h, ஶ sh, க்ஷ ksh x:0.2, ஃப f, ஃப் f, "
    "ஃ f:0.3 -, க்க kk k:0.8, ட்ட tt t:0.8, த்த tth th:0.9 tt:0.7 t:0.6, ப்ப pp p:0.8, "
    "ச்ச ch chch:0.6 cch:0.6, ற்ற tr tt:0.7 rr:0.3"
)
_VOWELS = choice_table(
    "அ a, ஆ a aa:0.4, இ i e:0.1, ஈ i ee:0.5, உ u, ஊ u oo:0.5, எ e, ஏ e ae:0.1 a:0.1, "
    "ஐ ai i:0.1, ஒ o, ஓ o, ஔ au ow:0.3"
)
_SIGNS = choice_table(
    "ா a aa:0.3, ி i y:0.1, ீ i ee:0.5, ு u, ூ u oo:0.5, ெ e, ே e ae:0.1 ey:0.1, "
    "ை ai y:0.1 i:0.15, ொ o, ோ o, ௌ au ow:0.3"
)
_MEDIAL = choice_table("க g k:0.7 h:0.3, ச s ch:0.3, ட d t:0.4, த th d:0.8 t:0.6 dh:0.4, ப b p:0.8, ற r")
_AFTER_NASAL = choice_table(
    "க g k:0.4, ச j ch:0.3 s:0.2, ட d t:0.2, த th d:0.9 dh:0.5 t:0.4, ப b p:0.4, ற r dr:0.6 tr:0.2"
)
_SCRIPT = Abugida(
    "tamil", _CONSONANTS, _VOWELS, _SIGNS, "்", {}, choices("a"),
    medial=_MEDIAL, after_nasal=_AFTER_NASAL, nasals=frozenset("ஙஞணநனம"),
)  # fmt: skip


def read_tamil(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Tamil.

    >>> read_tamil("சுரேஷ்")[0].text
    'suresh'
    """
    return read_abugida(unicodedata.normalize("NFC", word), _SCRIPT)
