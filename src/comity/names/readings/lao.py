"""Lao: its letters stand where Unicode puts Thai's, so one engine reads both; spellings follow French habit."""

import unicodedata

from comity.names.readings.reading import Reading, choice_table
from comity.names.readings.tai import TaiScript, read_tai, vowel_table

# Lao letters by their Thai place in the code charts; what Thai has no place for is spelt out.
_FROM_LAO = str.maketrans(
    {
        **{chr(point): chr(point - 0x80) for point in range(0x0E81, 0x0ECE)},
        "ໜ": "หน", "ໝ": "หม", "ຼ": "ล", "ຽ": "\u0e35ย", "ົ": "\u0e3a", "ຢ": "ย", "ຍ": "ญ", "ຣ": "ร",
        "\u0ecd": "อ",
    }
)  # fmt: skip
_INITIALS = choice_table(
    "ก k, ข kh, ค kh, ง ng, จ ch j:0.2, ช x s:0.9, ญ nh ny:0.5 n:0.5 y:0.3, ด d, ต t, ถ th, ท th, น n, "
    "บ b, ป p, ผ ph, ฝ f, พ ph, ฟ f, ม m, ย y, ร r, ล l, ว v w:0.4, ส s x:0.2, ห h, อ -, ฮ h r:0.2, ซ x s:0.9"
)
_FINALS = choice_table(
    "ก k ck:0.1, ง ng, ด t th:0.3 d:0.3, น n ne:0.6, บ p b:0.3, ม m, ญ i y:0.9, ย i y:0.9, ว o w:0.4 v:0.2, "
    "ร r, ล l, ส s, ต t"
)
_VOWELS = vowel_table(
    "_ะ. a, _ั a, _า a, _ำ. am, _ิ i, _ี i y:0.3, _ึ ue eu:0.9, _ื ue eu:0.9, _ุ ou u:0.7, _ู ou u:0.7, "
    "_\u0e3a o, _\u0e3aว. oua ua:0.7, _ว oua ua:0.8, _อ o or:0.2, _ีย ia ie:0.4, เ_ e, เ_ะ. e, เ_\u0e3aา. ao au:0.3, "
    "เ_ี oe eu:0.5 er:0.2, เ_ิ oe eu:0.5, เ_ีย ia ie:0.5, เ_ือ eua uea:0.5 ua:0.4, เ_าะ. o, แ_ ae e:0.8, "
    "แ_ะ. ae, โ_ o, โ_ะ. o, ไ_. ai ay:0.8, ใ_. ai ay:0.8"
)
_CLUSTERS = frozenset(("กว", "ขว", "คว", "พร", "ปร", "กร", "กล", "ปล"))
_SCRIPT = TaiScript("lao", _INITIALS, _FINALS, _CLUSTERS, _VOWELS)


def read_lao(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Lao.

    >>> read_lao("ບຸນມີ")[0].text
    'bounmi'
    """
    composed = unicodedata.normalize("NFC", word).replace("\u0ecd\u0eb2", "\u0eb3")
    return read_tai(composed.translate(_FROM_LAO), _SCRIPT)
