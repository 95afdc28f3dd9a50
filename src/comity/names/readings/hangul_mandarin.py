"""Chinese names in Hangul, written by their Mandarin sound since 1986: read back into pinyin.

Source of the correspondence: the Korean rules for writing foreign words, table of Chinese.
"""

from functools import lru_cache

from comity.names.readings.reading import Choice, best_paths

_INITIALS = {
    "b": "ㅂ", "p": "ㅍ", "m": "ㅁ", "f": "ㅍ", "d": "ㄷ", "t": "ㅌ", "n": "ㄴ", "l": "ㄹ", "g": "ㄱ", "k": "ㅋ",
    "h": "ㅎ", "j": "ㅈ", "q": "ㅊ", "x": "ㅅ", "zh": "ㅈ", "ch": "ㅊ", "sh": "ㅅ", "r": "ㄹ", "z": "ㅉ", "c": "ㅊ",
    "s": "ㅆ",
}  # fmt: skip
_FINALS = dict(
    entry.split(":")
    for entry in (
        "a:아 o:오 e:어 ai:아이 ei:에이 ao:아오 ou:어우 an:안 en:언 ang:앙 eng:엉 ong:웅 i:이 ia:야 ie:예 iao:야오 iu:유 "
        "ian:옌 in:인 iang:양 ing:잉 iong:융 u:우 ua:와 uo:워 uai:와이 ui:우이 uan:완 un:운 uang:왕 ue:웨"
    ).split()
)
_WHOLE = (
    "zhi:즈 chi:츠 shi:스 ri:르 zi:쯔 ci:츠 si:쓰 yi:이 ya:야 ye:예 yao:야오 you:유 yan:옌 yin:인 yang:양 ying:잉 yong:융 "
    "wu:우 wa:와 wo:워 wai:와이 wei:웨이 wan:완 wen:원 wang:왕 weng:웡 yu:위 yue:웨 yuan:위안 yun:윈 ju:쥐 qu:취 xu:쉬 "
    "juan:쥐안 quan:취안 xuan:쉬안 jun:쥔 qun:췬 xun:쉰 xue:쉐 jue:줴 que:췌 lu:뤼 nu:뉘 a:아 ai:아이 an:안 ao:아오 "
    "e:어 en:언 er:얼 ou:어우 tian:티안 li:리 jun:준 qian:치엔 chen:첸 zong:중 song:송 dong:동 hong:홍 zhong:종"
)
_LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
# After ㅈ, ㅉ and ㅊ the vowels ya, yae, yeo, ye, yo, yu lose their y.
_PLAIN_VOWEL = {2: 0, 3: 1, 6: 4, 7: 5, 12: 8, 17: 13}
_SYLLABLES_MAX = 5


def _joined(lead: str, final: str) -> str:
    number = ord(final[0]) - 0xAC00
    vowel, tail = number % 588 // 28, number % 28
    if lead in "ㅈㅉㅊ":
        vowel = _PLAIN_VOWEL.get(vowel, vowel)
    return chr(0xAC00 + _LEADS.index(lead) * 588 + vowel * 28 + tail) + final[1:]


@lru_cache(maxsize=1)
def _pinyin() -> dict[str, tuple[Choice, ...]]:
    """Return the pinyin syllables each Hangul writing may stand for."""
    found: dict[str, list[str]] = {}
    for entry in _WHOLE.split():
        pinyin, hangul = entry.split(":")
        found.setdefault(hangul, []).append(pinyin)
    for initial, lead in _INITIALS.items():
        for final, hangul in _FINALS.items():
            palatal = initial in {"j", "q", "x"}
            if palatal == (final[0] == "i") or (
                final[0] == "i" and initial in {"b", "p", "m", "d", "t", "n", "l"}
            ):
                found.setdefault(_joined(lead, hangul), []).append(initial + final)
    return {
        hangul: tuple((text, 1.0 - 0.15 * rank) for rank, text in enumerate(dict.fromkeys(texts[:4])))
        for hangul, texts in found.items()
    }


def mandarin_readings(syllables: str, limit: int = 4) -> list[Choice]:
    """Return the pinyin spellings a Hangul word may stand for, or none where it cannot be Chinese.

    >>> mandarin_readings("샤오핑")[0][0]
    'xiaoping'
    """
    table = _pinyin()
    places: list[tuple[Choice, ...]] = []
    place = 0
    while place < len(syllables) <= _SYLLABLES_MAX:
        length = next((size for size in (2, 1) if syllables[place : place + size] in table), 0)
        if not length:
            return []
        places.append(table[syllables[place : place + length]])
        place += length
    return best_paths(places, limit) if places else []
