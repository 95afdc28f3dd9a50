"""Thai: the Royal Institute's general system (RTGS, 1999) first, with the spellings people carry in passports."""

import unicodedata

from comity.names.readings.reading import Reading, choice_table
from comity.names.readings.tai import TaiScript, read_tai, vowel_table

_INITIALS = choice_table(
    "ก k g:0.2, ข kh k:0.7, ฃ kh, ค kh k:0.8 c:0.3, ฅ kh, ฆ kh k:0.5, ง ng, จ ch j:0.7, ฉ ch, ช ch, "
    "ซ s z:0.1, ฌ ch, ญ y, ฎ d, ฏ t d:0.2, ฐ th t:0.8, ฑ th t:0.5, ฒ th t:0.7, ณ n, ด d, ต t d:0.1, "
    "ถ th t:0.7, ท th t:0.9 d:0.2, ธ th t:0.9 dh:0.1, น n, บ b, ป p b:0.1, ผ ph p:0.8, ฝ f, "
    "พ ph p:0.9 b:0.1, ฟ f ph:0.1, ภ ph p:0.9 bh:0.1, ม m, ย y, ร r, ล l, ว w v:0.7, ศ s, ษ s, ส s, "
    "ห h, ฬ l, อ -, ฮ h, ฤ rue ri:0.8, ศร s sr:0.6, สร s sr:0.6, ทร thr tr:0.8 s:0.4"
)
_FINALS = choice_table(
    "ก k g:0.2 c:0.2, ข k kh:0.2, ค k g:0.2, ฆ k kh:0.2, ง ng, จ t j:0.3 ch:0.3, ช t ch:0.5 j:0.3, "
    "ซ s t:0.3 z:0.3, ญ n, ฎ t d:0.3, ฏ t, ฐ t th:0.3, ฑ t, ฒ t th:0.4, ณ n, ด t d:0.7, ต t, ถ t, "
    "ท t d:0.4 th:0.3, ธ t dh:0.2 th:0.4, น n, บ p b:0.6, ป p, พ p b:0.2 ph:0.2, ฟ f p:0.5, ภ p ph:0.2, "
    "ม m, ย i y:0.7, ร n r:0.8 rn:0.4, ล n l:0.9, ว o w:0.8, ศ t s:0.8, ษ t s:0.4, ส t s:0.9, ฬ n l:0.4"
)
_VOWELS = vowel_table(
    "_ะ. a ah:0.1, _ั a u:0.2, _ัวะ. ua, _ัว ua uo:0.1, _า a ah:0.05 ar:0.1, _ำ. am um:0.2, _ิ i e:0.1, _ี i ee:0.4, "
    "_ึ ue u:0.6, _ื ue u:0.5 eu:0.2, _ือ. ue u:0.4 eu:0.2, _ุ u oo:0.1, _ู u oo:0.4, _รร a an:0.7, "
    "_อ o or:0.4 aw:0.1, _็อ o, _ัย. ai, เ_ e ay:0.1 a:0.2, เ_็ e, เ_ะ. e, เ_า. ao au:0.3 ow:0.1, เ_าะ. o, "
    "เ_ย. oei oey:0.4, เ_ิ oe er:0.4, เ_อ oe er:0.5, เ_ีย ia ea:0.1, เ_ือ uea ua:0.7 ue:0.3, แ_ ae a:0.6 e:0.2, "
    "แ_็ ae a:0.6, แ_ะ. ae, โ_ o oh:0.05, โ_ะ. o, ไ_. ai i:0.3 y:0.2, ไ_ย. ai, ใ_. ai i:0.1"
)
_CLUSTERS = frozenset(
    first + second
    for first, seconds in (
        ("ก", "รลว"), ("ข", "รลว"), ("ค", "รลว"), ("ต", "ร"), ("ป", "รล"), ("พ", "รล"), ("ผ", "ล"),
        ("บ", "รล"), ("ด", "ร"), ("ฟ", "รล"), ("ท", "ร"), ("ศ", "ร"), ("ส", "ร"),
    )
    for second in seconds
)  # fmt: skip
_SCRIPT = TaiScript("thai", _INITIALS, _FINALS, _CLUSTERS, _VOWELS)


def read_thai(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Thai.

    NFKC takes sara am apart; it is put together again, since it is one vowel.

    >>> read_thai("สมชาย")[0].text
    'somchai'
    """
    return read_tai(unicodedata.normalize("NFC", word).replace("\u0e4d\u0e32", "\u0e33"), _SCRIPT)
