"""Chinese names in Hangul, written by their Mandarin sound since 1986: read back into pinyin, and cut after the family.

Source of the correspondence: the Korean rules for writing foreign words, table of Chinese; beside it what people write
by ear, which the rules do not know.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from comity.names.readings.reading import Choice

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
# What is written by ear, or was before the rules.
_INITIALS_BY_EAR = {"z": "ㅈ", "s": "ㅅ", "zh": "ㅉ"}
_FINALS_BY_EAR = tuple(
    entry.split(":")
    for entry in (
        "ou:오우 iu:이우 iu:우 ian:이안 ian:이엔 ian:엔 iao:이아오 iang:이앙 ie:이에 ia:이아 uo:우오 uo:오 uan:우안 ua:우아 "
        "ong:옹 en:은 iong:이옹 iong:옹 uai:우아이 uang:우앙 un:운 eng:응"
    ).split()
)
_WHOLE_BY_EAR = (
    "you:요우 you:여우 yan:얀 yan:엔 yong:용 yun:윤 yuan:유안 yuan:위엔 yuan:원 wen:웬 weng:웽 xu:수 xu:슈 xu:쑤 ju:주 qu:추 "
    "yu:유 lu:루 jun:준 xun:순 qun:춘 zhi:지 zhi:쯔 chi:치 shi:시 zi:지 ci:치 si:시 ri:리 er:알 chen:천 quan:추안 xuan:수안 "
    "xuan:쉔 quan:첸 yue:위에 xue:쉬에 xue:수에 hui:훼이 gui:궤이 kui:퀘이 rui:뤠이"
)
_BY_EAR_WEIGHT = 0.6
# The families that nineteen in twenty Chinese bear, in pinyin.
FAMILIES = frozenset(
    """
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he gao lin luo zheng liang xie song tang han feng
    deng cao peng zeng xiao tian dong yuan pan yu jiang cai du ye cheng su wei lu ding ren shen yao cui zhong tan fan jin
    shi liao jia xia fu fang bai zou meng xiong qin qiu yin xue yan duan lei hou long tao gu mao hao gong shao wan qian dai
    mo kong xiang chang kang lai wen ge ou zhuang ni ruan kuang bao zhan ai an niu lou hong ke tong qi ning pang jing ji
    ling huo mei sheng chu chai mu xing yue rong bi sang bian cen chi chuan dian hai jie ju kuai lan le leng lian lo min
    nan nie pei ping pu qu quan qiao rao rui sha shan shang shu si sui ti tu wo xi xian yi ying you yun zang zhai zhen zhi
    zhuo zi zong zuo
    """.split()
)
_LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
# After ㅈ, ㅉ and ㅊ the vowels ya, yae, yeo, ye, yo, yu lose their y.
_PLAIN_VOWEL = {2: 0, 3: 1, 6: 4, 7: 5, 12: 8, 17: 13}
_SYLLABLES_MAX = 6
_WRITTEN_MAX = 3
_GIVEN_SYLLABLES_MAX = 2
_WAYS_MAX = 12


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
    for hangul, pinyin in _composed(_INITIALS, list(_FINALS.items())):
        found.setdefault(hangul, []).append(pinyin)
    table = {
        hangul: {text: 1.0 - 0.15 * rank for rank, text in enumerate(dict.fromkeys(texts[:4]))}
        for hangul, texts in found.items()
    }
    by_ear = [
        *((hangul, pinyin) for pinyin, hangul in (entry.split(":") for entry in _WHOLE_BY_EAR.split())),
        *_composed(_INITIALS, [(final, hangul) for final, hangul in _FINALS_BY_EAR]),
        *_composed(_INITIALS_BY_EAR, list(_FINALS.items())),
    ]
    for hangul, pinyin in by_ear:
        table.setdefault(hangul, {}).setdefault(pinyin, _BY_EAR_WEIGHT)
    return {hangul: tuple(choices.items()) for hangul, choices in table.items()}


def _composed(initials: dict[str, str], finals: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the syllables that Mandarin has of these initials and finals, as written in Hangul and in pinyin."""
    for initial, lead in initials.items():
        for final, hangul in finals:
            palatal = initial in {"j", "q", "x"}
            if palatal == (final[0] == "i") or (
                final[0] == "i" and initial in {"b", "p", "m", "d", "t", "n", "l"}
            ):
                yield _joined(lead, hangul), initial + final


class _Way(NamedTuple):
    """A way to read a Hangul word: the pinyin, how usual it is, of how many syllables."""

    text: str
    weight: float
    syllables_count: int


@lru_cache(maxsize=4096)
def _ways(syllables: str) -> tuple[_Way, ...]:
    """Return the likeliest ways to read a Hangul word as Mandarin, none where it cannot be."""
    table = _pinyin()
    if not 0 < len(syllables) <= _SYLLABLES_MAX:
        return ()
    ways: list[list[_Way]] = [[_Way("", 1.0, 0)], *([] for _ in syllables)]
    for start in range(len(syllables)):
        for end in range(start + 1, min(len(syllables), start + _WRITTEN_MAX) + 1):
            for text, weight in table.get(syllables[start:end], ()):
                ways[end] += [
                    _Way(way.text + text, way.weight * weight, way.syllables_count + 1) for way in ways[start]
                ]
        ways[start + 1] = sorted(ways[start + 1], key=lambda way: (-way.weight, way.text))[:_WAYS_MAX]
    return tuple(ways[-1])


def mandarin_readings(syllables: str, limit: int = 4) -> list[Choice]:
    """Return the pinyin spellings a Hangul word may stand for, or none where it cannot be Chinese.

    >>> mandarin_readings("샤오핑")[0][0]
    'xiaoping'
    """
    found: dict[str, float] = {}
    for text, weight, _ in _ways(syllables):
        found.setdefault(text, weight)
    return list(found.items())[:limit]


def mandarin_splits(name: str) -> list[tuple[str, str]]:
    """Return where a Hangul name may part into a Chinese family and one or two syllables of a given name.

    >>> mandarin_splits("리커창")
    [('리', '커창')]
    """
    found = []
    for cut in range(1, min(_WRITTEN_MAX + 1, len(name))):
        families = [text for text, _ in _pinyin().get(name[:cut], ())]
        if FAMILIES.intersection(families) and any(
            way.syllables_count <= _GIVEN_SYLLABLES_MAX for way in _ways(name[cut:])
        ):
            found.append((name[:cut], name[cut:]))
    return found
