"""Sinhala: every vowel is spoken, w and th are the usual spellings, half-nasal letters write nd, mb, ng."""

import unicodedata

from comity.names.readings.brahmic import Abugida, read_abugida
from comity.names.readings.reading import Reading, choice_table, choices

_CONSONANTS = choice_table(
    "ක k c:0.1, ඛ kh k:0.5, ග g, ඝ gh g:0.5, ඞ n, ඟ ng, ච ch, ඡ ch, ජ j, ඣ jh, ඤ n gn:0.5, "
    "ඥ gn n:0.6, ට t, ඨ t th:0.5, ඩ d, ඪ d dh:0.5, ණ n, ඬ nd, ත th t:0.8, ථ th, ද d, "
    "ධ dh d:0.9, න n, ඳ nd, ප p, ඵ ph, බ b, භ bh b:0.7, ම m, ඹ mb, ය y, ර r, ල l, ව w v:0.7, "
    "ශ sh s:0.8, ෂ sh, ස s, හ h, ළ l, ෆ f, ක්ෂ ksh, ක්ෂ ksh"
)
_VOWELS = choice_table(
    "අ a, ආ a aa:0.3, ඇ a e:0.3, ඈ a e:0.2, ඉ i, ඊ i ee:0.4, උ u, ඌ u oo:0.4, ඍ ru, එ e, "
    "ඒ e a:0.1, ඓ ai, ඔ o, ඕ o, ඖ au"
)
_SIGNS = choice_table(
    "ා a aa:0.2, ැ a e:0.3, ෑ a e:0.2, ි i, ී i ee:0.4, ු u, ූ u oo:0.4, ෘ ru ri:0.4, ෙ e, "
    "ේ e ee:0.1 a:0.1, ෛ ai, ො o, ෝ o, ෞ au"
)
_MARKS = choice_table("ං n ng:0.5, ඃ h")
_SCRIPT = Abugida("sinhala", _CONSONANTS, _VOWELS, _SIGNS, "්", _MARKS, choices("a"))


def read_sinhala(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Sinhala.

    >>> read_sinhala("විමල්")[0].text
    'wimal'
    """
    return read_abugida(unicodedata.normalize("NFC", word), _SCRIPT)
