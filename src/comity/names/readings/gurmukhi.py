"""Gurmukhi: Punjabi names; addak doubles what follows, tippi and bindi sound n."""

import unicodedata

from comity.names.readings.brahmic import Abugida, read_abugida
from comity.names.readings.reading import Reading, choice_table, choices

_CONSONANTS = choice_table(
    "ਕ k, ਖ kh, ਗ g, ਘ gh, ਙ ng, ਚ ch, ਛ chh ch:0.8, ਜ j, ਝ jh, ਞ n, ਟ t, ਠ th, ਡ d, ਢ dh, "
    "ਣ n, ਤ t, ਥ th, ਦ d, ਧ dh, ਨ n, ਪ p, ਫ ph f:0.6, ਬ b, ਭ bh, ਮ m, ਯ y, ਰ r, ਲ l, "
    "ਵ v w:0.8, ੜ r d:0.4, ਸ s, ਹ h, ਸ਼ sh s:0.3, ਖ਼ kh, ਗ਼ gh g:0.6, ਜ਼ z, ਫ਼ f, ਲ਼ l"
)
_VOWELS = choice_table("ਅ a, ਆ a aa:0.3, ਇ i, ਈ i ee:0.4, ਉ u, ਊ u oo:0.4, ਏ e, ਐ ai, ਓ o, ਔ au")
_SIGNS = choice_table("ਾ a aa:0.2, ਿ i, ੀ i ee:0.4 y:0.2, ੁ u, ੂ u oo:0.4, ੇ e, ੈ ai e:0.2, ੋ o, ੌ au")
_MARKS = choice_table("ਂ n, ੰ n, ੱ -, ਃ h")
_SCRIPT = Abugida("gurmukhi", _CONSONANTS, _VOWELS, _SIGNS, "੍", _MARKS, choices("a"), drops=True)


def read_gurmukhi(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Gurmukhi.

    >>> read_gurmukhi("ਸਿੰਘ")[0].text
    'singh'
    """
    return read_abugida(unicodedata.normalize("NFC", word), _SCRIPT)
