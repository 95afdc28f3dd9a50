"""Bengali and Assamese: the unwritten vowel is o in speech, a in most official spellings."""

import unicodedata

from comity.names.readings.brahmic import Abugida, read_abugida
from comity.names.readings.reading import Reading, choice_table, choices

_CONSONANTS = choice_table(
    "ক k c:0.1, খ kh, গ g, ঘ gh, ঙ ng, চ ch, ছ chh s:0.4 ch:0.8, জ j z:0.5, ঝ jh, ঞ n, ট t, "
    "ঠ th, ড d, ঢ dh, ণ n, ত t, থ th, দ d, ধ dh, ন n, প p, ফ f ph:0.7, ব b w:0.15 v:0.1, "
    "ভ bh v:0.5, ম m, য j y:0.6 z:0.4, য় y e:0.2, র r, ৰ r, ৱ w, ল l, শ sh s:0.5, "
    "ষ sh s:0.3, স s sh:0.4, হ h, ড় r d:0.4, ঢ় rh, ৎ t, ক্ষ kkh ksh:0.8 kh:0.6, "
    "ওয় w ow:0.3, জ্ঞ gg gy:0.8 jn:0.4"
)
_VOWELS = choice_table(
    "অ a o:0.6, আ a, ই i e:0.1, ঈ i ee:0.3, উ u, ঊ u, ঋ ri, এ e a:0.2, ঐ oi ai:0.8, ও o, ঔ ou au:0.8"
)
_SIGNS = choice_table(
    "া a, ি i ee:0.1, ী i ee:0.3 y:0.1, ু u oo:0.1, ূ u oo:0.2, ৃ ri, ে e a:0.1, ৈ oi ai:0.8, ো o, ৌ ou au:0.8"
)
_MARKS = choice_table("ং ng m:0.3 n:0.3, ঁ n:0.2 -, ঃ h -:0.6")
_SCRIPT = Abugida("bengali", _CONSONANTS, _VOWELS, _SIGNS, "্", _MARKS, choices("a o:0.6"), drops=True)


def read_bengali(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Bengali script.

    >>> read_bengali("রহমান")[0].text
    'rahman'
    """
    return read_abugida(unicodedata.normalize("NFC", word), _SCRIPT)
