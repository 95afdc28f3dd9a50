"""Gujarati: as Devanagari, without its headline and with f and ee more usual."""

import unicodedata

from comity.names.readings.brahmic import Abugida, read_abugida
from comity.names.readings.reading import Reading, choice_table, choices

_CONSONANTS = choice_table(
    "ક k, ખ kh, ગ g, ઘ gh, ઙ ng, ચ ch, છ chh ch:0.9, જ j, ઝ z jh:0.8, ઞ n, ટ t, ઠ th, ડ d, "
    "ઢ dh, ણ n, ત t, થ th, દ d, ધ dh, ન n, પ p, ફ f ph:0.7, બ b, ભ bh, મ m, ય y, ર r, લ l, "
    "ળ l, વ v w:0.4, શ sh s:0.3, ષ sh, સ s, હ h, ક્ષ ksh x:0.2, જ્ઞ gn gy:0.6 jn:0.5"
)
_VOWELS = choice_table(
    "અ a, આ a aa:0.3, ઇ i, ઈ i ee:0.4, ઉ u, ઊ u oo:0.3, ઋ ru ri:0.8, એ e, ઐ ai, ઓ o, ઔ au, ઍ e a:0.5, ઑ o"
)
_SIGNS = choice_table(
    "ા a aa:0.2, િ i, ી i ee:0.4 y:0.1, ુ u, ૂ u oo:0.3, ૃ ru ri:0.8, ે e, ૈ ai, ો o, ૌ au, ૅ e a:0.5, ૉ o"
)
_MARKS = choice_table("ં n, ઁ n, ઃ h")
_SCRIPT = Abugida("gujarati", _CONSONANTS, _VOWELS, _SIGNS, "્", _MARKS, choices("a"), drops=True)


def read_gujarati(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Gujarati script.

    >>> read_gujarati("પટેલ")[0].text
    'patel'
    """
    return read_abugida(unicodedata.normalize("NFC", word), _SCRIPT)
