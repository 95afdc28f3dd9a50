"""Han characters: read in Mandarin, Cantonese, Japanese, Korean, and by southern families.

`transcribed.py` reads foreigners' names.

Which language a word is in cannot be seen: every reading is given, the length of the word decides which come first.
"""

from collections.abc import Iterator
from functools import lru_cache

from anyascii import anyascii

from comity.names.readings.characters import character_readings, fold_han
from comity.names.readings.hangul import read_hangul
from comity.names.readings.japanese import japanese_readings
from comity.names.readings.reading import Choice, Reading, best_paths, ranked

__all__ = ["fold_han", "read_han"]

# Characters whose reading as a family name is not the usual one, and those the general table reads otherwise.
_SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "区": "ou",
    "任": "ren",
    "乐": "yue",
    "朴": "piao park",
    "翟": "zhai",
    "覃": "qin tan",
    "盖": "ge",
    "葛": "ge",
    "缪": "miao",
    "冼": "xian",
    "洗": "xian",
    "佘": "she",
    "种": "chong",
    "宓": "mi",
    "尉": "wei",
    "纪": "ji",
    "曲": "qu",
    "燕": "yan",
    "沈": "shen",
    "吕": "lu lyu lv",
    "晁": "chao",
    "谌": "chen",
    "员": "yun",
    "黑": "hei",
    "重": "chong",
    "折": "she",
    "长": "chang zhang",
    "晟": "sheng",
    "茜": "xi qian",
    "行": "xing hang",
    "朝": "chao zhao",
    "传": "chuan",
    "柏": "bai bo",
    "都": "du",
    "戴": "dai",
    "绿": "lu",
    "女": "nu",
    "盛": "sheng",
    "俞": "yu",
    "阿": "a",
    "贾": "jia",
    "薄": "bo",
    "祭": "zhai",
    "召": "shao",
    "繁": "po fan",
    "率": "shuai",
    "那": "na",
    "车": "che",
}
_WHOLE = {
    "尉迟": "yuchi",
    "万俟": "moqi",
    "澹台": "tantai",
    "长孙": "zhangsun",
    "单于": "chanyu",
    "令狐": "linghu",
    "司徒": "situ szeto",
    "欧阳": "ouyang auyeung",
    "诸葛": "zhuge",
    "皇甫": "huangfu",
}
_READINGS_MAX = 72
_JAPANESE_MAX = 56
_JAPANESE_LEADING = 8
_LETTERS_MAX = 12
_WADE_INITIALS = (
    ("zh", "ch"),
    ("ch", "ch"),
    ("sh", "sh"),
    ("b", "p"),
    ("d", "t"),
    ("g", "k"),
    ("j", "ch"),
    ("q", "ch"),
    ("x", "hs"),
    ("z", "ts"),
    ("c", "ts"),
    ("r", "j"),
)
_WADE_FINALS = {
    "ong": "ung",
    "ian": "ien",
    "ie": "ieh",
    "ue": "ueh",
    "uo": "o",
    "ui": "ui",
    "yan": "yen",
    "ye": "yeh",
    "yue": "yueh",
    "you": "yu",
    "yong": "yung",
    "er": "erh",
    "si": "ssu",
}


@lru_cache(maxsize=2048)
def wade_giles(syllable: str) -> str:
    """Return the Wade-Giles spelling of a pinyin syllable, without its marks.

    >>> wade_giles("zhong"), wade_giles("xie")
    ('chung', 'hsieh')
    """
    if syllable in _WADE_FINALS:
        return _WADE_FINALS[syllable]
    initial = next((pair for pair in _WADE_INITIALS if syllable.startswith(pair[0])), ("", ""))
    final = syllable[len(initial[0]) :]
    if initial[0] in {"zh", "ch", "sh", "r"} and final == "i":
        return initial[1] + "ih"
    if initial[0] in {"z", "c"} and final == "i":
        return "tzu"
    for ending in ("ong", "ian", "ie", "ue", "uo"):
        if final.endswith(ending):
            final = final[: -len(ending)] + _WADE_FINALS[ending]
            break
    return initial[1] + final


@lru_cache(maxsize=1 << 14)
def _pinyin(letter: str) -> tuple[str, ...]:
    known = _SURNAMES.get(letter)
    usual = anyascii(letter).strip().lower()
    return tuple(dict.fromkeys([*(known.split() if known else ()), usual]))


def _chinese(word: str) -> Iterator[Reading]:
    syllables = [_pinyin(letter) for letter in word]
    places: list[list[Choice]] = [
        [(text, 1.0 if rank == 0 else 0.4) for rank, text in enumerate(texts)] for texts in syllables
    ]
    for text in _WHOLE.get(word, "").split():
        yield Reading(text, 1.0, "han-mandarin")
    for text, weight in best_paths(places, 3):
        yield Reading(text, weight, "han-mandarin")
    yield Reading("".join(wade_giles(texts[0]) for texts in syllables), 0.45, "han-wade-giles")
    for kind, weight in (("cantonese", 0.5), ("southern", 0.35)):
        table = character_readings(kind)
        if all(letter in table for letter in word):
            spelt = [
                [(text, 1.0 - 0.2 * rank) for rank, text in enumerate(table[letter][:4])] for letter in word
            ]
            for text, part in best_paths(spelt, 3):
                yield Reading(text, weight * part, f"han-{kind}")


def _least(rank: int) -> float:
    """Return how usual a Japanese reading is at least: it may be the bearer's own, however rare."""
    return 0.3 if rank < _JAPANESE_LEADING else 0.14 * 0.99**rank


def _korean(word: str) -> Iterator[Reading]:
    table = character_readings("korean")
    whole = table.get(word, ())
    if not whole and any(letter not in table for letter in word):
        return
    hangul = whole[0] if whole else "".join(table[letter][0] for letter in word)
    for reading in read_hangul(hangul)[:2]:
        yield Reading(reading.text, reading.weight * 0.4, "han-korean")


def read_han(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Han characters, in all the languages that write their own names so.

    >>> "sato" in [reading.text for reading in read_han("佐藤")]
    True
    """
    folded = fold_han(word)[:_LETTERS_MAX]
    if not folded:
        return ()
    short = len(folded) <= 3
    chinese = list(_chinese(folded)) if short else [next(_chinese(folded))]
    korean = list(_korean(folded)) if short else []
    japanese = japanese_readings(folded)[:_JAPANESE_MAX]
    best = max((reading.weight for reading in japanese), default=0.0)
    known = 0.9 if best >= 1.0 else 0.7
    return ranked(
        [
            *chinese,
            *korean,
            *(
                Reading(read.text, max(read.weight * known, _least(rank)), read.rule)
                for rank, read in enumerate(japanese)
            ),
        ],
        _READINGS_MAX,
    )
