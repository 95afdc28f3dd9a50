"""Devanagari: Hindi, Nepali and Marathi names, the unwritten vowel dropped where it is not spoken."""

import unicodedata

from comity.names.readings.brahmic import Abugida, read_abugida
from comity.names.readings.reading import Reading, choice_table, choices

CONSONANTS = choice_table(
    "क k, ख kh, ग g, घ gh, ङ ng n:0.3, च ch c:0.1, छ chh ch:0.9, ज j, झ jh j:0.3, "
    "ञ n ny:0.3, ट t, ठ th t:0.2, ड d, ढ dh d:0.2, ण n, त t th:0.15, थ th, द d, ध dh d:0.15, "
    "न n, प p, फ ph f:0.6, ब b w:0.08, भ bh, म m, य y, र r, ल l, ळ l, व v w:0.8 b:0.15, "
    "श sh s:0.4, ष sh s:0.3, स s, ह h, ऱ r, ऩ n, ऴ l, क़ q k:0.8, ख़ kh, ग़ gh g:0.6, "
    "ज़ z j:0.2, ड़ d r:0.8, ढ़ dh rh:0.6, फ़ f, य़ y, क्ष ksh x:0.2 chh:0.3 ks:0.2, "
    "ज्ञ gy jn:0.5 gn:0.2 gya:0.1, ॐ om"
)
VOWELS = choice_table(
    "अ a u:0.05, आ a aa:0.4, इ i, ई i ee:0.4, उ u oo:0.1, ऊ u oo:0.4, ऋ ri, ए e, ऐ ai e:0.1, "
    "ओ o, औ au ou:0.2, ऍ e a:0.4, ऑ o a:0.3, ऎ e, ऒ o, ॠ ri"
)
SIGNS = choice_table(
    "ा a aa:0.25, ि i, ी i ee:0.35 y:0.25, ु u oo:0.1, ू u oo:0.35, ृ ri ru:0.1, े e, "
    "ै ai e:0.15 ei:0.1, ो o, ौ au ou:0.2 aw:0.1, ॅ e a:0.5, ॉ o a:0.3, ॆ e, ॊ o, ॄ ri"
)
MARKS = choice_table("ं n, ँ n -:0.5, ः h -:0.6, ऽ -")
_SCRIPT = Abugida("devanagari", CONSONANTS, VOWELS, SIGNS, "्", MARKS, choices("a u:0.06"), drops=True)


def read_devanagari(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Devanagari.

    >>> read_devanagari("कमल")[0].text
    'kamal'
    """
    return read_abugida(unicodedata.normalize("NFC", word), _SCRIPT)
