"""Chinese, Korean, Japanese and Vietnamese names.

Sources: Hanyu pinyin, Wade-Giles, Tongyong pinyin of 2002; Revised Romanisation of Korean of 2000 and
McCune-Reischauer, family names as passports spell them; Hepburn, ISO 3602 and its strict form.
"""

import re
from collections.abc import Callable, Sequence

from anyascii import anyascii

from conventions.writing import Language, Write, bare, by_rules, capitals, swapped, words

Shape = Callable[[str, Sequence[str]], str]
_SYLLABLE = re.compile("[A-Z][a-z]*")


def joined(family: str, given: Sequence[str]) -> str:
    """Kim Minjun."""
    return capitals(f"{family} {''.join(given)}")


def hyphened(family: str, given: Sequence[str]) -> str:
    """Kim Min-jun."""
    return capitals(f"{family} {'-'.join(given)}")


def parted(family: str, given: Sequence[str]) -> str:
    """Kim Min Jun."""
    return capitals(f"{family} {' '.join(given)}")


def family_last(family: str, given: Sequence[str]) -> str:
    """Minjun Kim."""
    return swapped(joined(family, given))


def parted_family_last(family: str, given: Sequence[str]) -> str:
    """Min Jun Kim."""
    return swapped(parted(family, given))


def hyphened_family_last(family: str, given: Sequence[str]) -> str:
    """Min-jun Kim."""
    return swapped(hyphened(family, given))


def _chinese(shape: Shape, *rules: tuple[str, str]) -> Write:
    def write(name: str) -> str:
        family, *given = (anyascii(sign).lower().replace("v", "ü") for sign in name if sign != " ")
        return shape(_ruled(family, rules), [_ruled(one, rules) for one in given])

    return write


def _ruled(syllable: str, rules: Sequence[tuple[str, str]]) -> str:
    for pattern, instead in rules:
        syllable = re.sub(pattern, instead, syllable)
    return syllable.replace("ü", "u")


# Digits stand for sounds already written, so that no later rule takes them for pinyin's.
_WADE_GILES = (
    ("^y[uü](?=$|e|an|n)", "yü"),
    ("(?<=[jqx])u", "ü"),
    ("^yi$", "i"),
    ("^you$", "yu"),
    ("^yan$", "yen"),
    ("^ye$", "yeh"),
    ("(?<=[iü])e$", "eh"),
    ("ian$", "ien"),
    ("üan$", "üan"),
    ("ong$", "ung"),
    ("^er$", "erh"),
    ("^([gkh])e$", r"\1o"),
    ("^e$", "o"),
    ("^([gk])ui$", r"\1uei"),
    ("^(?!(?:g|k|h|sh)uo)([a-z]+)uo$", r"\1o"),
    ("^(zh|ch|sh|r)i$", r"\1ih"),
    ("^zi$", "1zu"),
    ("^ci$", "2zu"),
    ("^si$", "szu"),
    ("^zh", "3"),
    ("^ch", "4"),
    ("^q", "4"),
    ("^j", "3"),
    ("^x", "hs"),
    ("^z", "5"),
    ("^c", "6"),
    ("^r", "j"),
    ("^p", "7"),
    ("^t", "8"),
    ("^k", "9"),
    ("^b", "p"),
    ("^d", "t"),
    ("^g", "k"),
)
_ASPIRATED = (
    ("1", "t"),
    ("2", "t'"),
    ("3", "ch"),
    ("4", "ch'"),
    ("5", "ts"),
    ("6", "ts'"),
    ("7", "p'"),
    ("8", "t'"),
    ("9", "k'"),
)
_NO_SIGN = tuple((digit, written.strip("'")) for digit, written in _ASPIRATED)
_TONGYONG = (
    ("(?<=[jqx])u", "yu"),
    ("^(zh|ch|sh|r|z|c|s)i$", r"\1ih"),
    ("^zh", "jh"),
    ("^x", "s"),
    ("^q", "c"),
    ("iu$", "iou"),
    ("ui$", "uei"),
    ("^wen$", "wun"),
    ("feng$", "fong"),
    ("weng$", "wong"),
    ("jiong", "jyong"),
)

CHINESE = Language(
    "Chinese",
    {
        "pinyin": _chinese(joined),
        "pinyin, family last": _chinese(family_last),
        "pinyin, hyphen": _chinese(hyphened),
        "pinyin, parted": _chinese(parted),
        "Wade-Giles": _chinese(hyphened, *_WADE_GILES, *_ASPIRATED),
        "Wade-Giles bare, last": _chinese(hyphened_family_last, *_WADE_GILES, *_NO_SIGN),
        "Wade-Giles bare, joined": _chinese(joined, *_WADE_GILES, *_NO_SIGN),
        "Tongyong": _chinese(hyphened, *_TONGYONG),
    },
)

_ONSETS = words("g kk n d tt r m b pp s ss · j jj ch k t p h")
_VOWELS = words("a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i")
_CODAS = words("· k k k n n n t l k m l l l p l m p p t t ng t t k t p t")
_FAMILIES = dict(
    pair.split(":")
    for pair in words(
        """
        김:Kim 이:Lee 박:Park 최:Choi 정:Jung 강:Kang 조:Cho 윤:Yoon 장:Chang 임:Lim 오:Oh 한:Han 신:Shin 서:Suh
        권:Kwon 황:Hwang 안:Ahn 송:Song 류:Ryu 유:Yoo 홍:Hong 전:Chun 고:Ko 문:Moon 양:Yang 손:Sohn 배:Bae 백:Paik
        허:Hur 남:Nam 심:Shim 노:Roh 하:Ha 곽:Kwak 성:Sung 차:Cha 주:Joo 우:Woo 구:Koo 민:Min 진:Jin 지:Chi 엄:Um
        채:Chae 원:Won 천:Chun 방:Bang 공:Kong 현:Hyun 함:Ham 변:Byun 염:Yum 여:Yeo 추:Choo 도:Do 석:Suk 선:Sun
        길:Kil 표:Pyo 명:Myung 기:Ki
        """
    )
)
_HABITS = (
    ("yeo(?=n)", "yu"),
    ("^yung$", "young"),
    ("(?<=[jshc])eo(?=n|k)", "u"),
    ("^(s|j|h|w|k|g)u$", r"\1oo"),
    ("^u$", "woo"),
    ("^hui$", "hee"),
    ("^gy", "ky"),
    ("^g", "k"),
    ("^i$", "ee"),
    ("^(j|y)un$", r"\1oon"),
    ("^seok$", "suk"),
    ("^si", "shi"),
)


def _sounds(syllable: str) -> tuple[int, int, int]:
    code = ord(syllable) - 0xAC00
    return code // 588, code % 588 // 28, code % 28


def _revised(syllable: str) -> str:
    onset, vowel, coda = _sounds(syllable)
    return (_ONSETS[onset] + _VOWELS[vowel] + _CODAS[coda]).replace("·", "")


_HARD = {"g": "k", "d": "t", "b": "p", "j": "ch", "r": "n", "kk": "kk", "pp": "pp", "tt": "tt", "jj": "tch"}


def _mccune(syllables: str) -> list[str]:
    """Write syllables by McCune-Reischauer without marks: a stop is soft between voiced sounds."""
    found, voiced = [], False
    for syllable in syllables:
        onset, vowel, coda = _sounds(syllable)
        first = _ONSETS[onset]
        first = first if voiced and first in "gdbjr" else _HARD.get(first, first)
        middle = _VOWELS[vowel].replace("eo", "o").replace("eu", "u")
        found.append((first + middle + _CODAS[coda]).replace("·", "").replace("ae", "ae"))
        voiced = _CODAS[coda] in {"·", "n", "m", "ng", "l"}
    return found


def _korean_revised(shape: Shape) -> Write:
    return lambda name: shape(_revised(name[0]), [_revised(one) for one in name[1:]])


def _korean_mccune(shape: Shape) -> Write:
    return lambda name: shape(_mccune(name[0])[0], _mccune(name[1:]))


def _korean_habits(shape: Shape) -> Write:
    def write(name: str) -> str:
        family = _FAMILIES.get(name[0]) or _ruled(_revised(name[0]), _HABITS)
        return shape(family, [_ruled(_revised(one), _HABITS) for one in name[1:]])

    return write


KOREAN = Language(
    "Korean",
    {
        "Revised": _korean_revised(joined),
        "Revised, hyphen": _korean_revised(hyphened),
        "McCune-Reischauer bare": _korean_mccune(hyphened),
        "McCune-Reischauer bare, joined": _korean_mccune(joined),
        "as families spell it": _korean_habits(hyphened),
        "the same, parted, last": _korean_habits(parted_family_last),
        "the same, joined, last": _korean_habits(family_last),
    },
)

# What is long in names whose Latin spelling does not say so: families and elements of given names.
_LONG = (
    (r"\b(i|sa|ka|go|ku|ko|sai|en|kon|an|nai|shin|u|ji|ni|mu)to\b", r"\1tō"),
    (r"\b(en|kon|an|ku|go|shin)do\b", r"\1dō"),
    (r"\b(o)(?=no\b|ta\b|hashi\b|kubo\b|shima\b|tsuka\b|mori\b|kawa\b|nishi\b|tani\b|ishi\b|yama\b)", "ō"),
    (r"(yu|ryu|shu|ju|kyu)(?=suke|ta\b|ji\b|ki\b|ichi|ya\b|ma\b|hei|go\b|ko\b|to\b)", r"\1:"),
    (r"(yo|ko|sho|ryo|kyo|so|to|jo|cho)(?=suke|hei|ta\b|ji\b|ichi\b)|\b(yo|kyo|sho|ryo)(?=ko\b)", r"\1\2:"),
    (r"ro\b", "rō"),
    (r"go\b", "gō"),
    ("o:", "ō"),
    ("u:", "ū"),
    ("ou|oo", "ō"),
    ("uu", "ū"),
)
_KUNREI = (
    ("sh(?=[auoōū])", "sy"),
    ("shi", "si"),
    ("ch(?=[auoōū])", "ty"),
    ("chi", "ti"),
    ("tsu", "tu"),
    ("fu", "hu"),
    ("j(?=[auoōū])", "zy"),
    ("ji", "zi"),
    ("tch", "tty"),
)


def _japanese(*rules: tuple[str, str]) -> Write:
    return by_rules(*_LONG, *rules)


JAPANESE = Language(
    "Japanese",
    {
        "Hepburn, macrons": _japanese(),
        "Hepburn, bare": _japanese(("ō", "o"), ("ū", "u")),
        "Hepburn, family last": lambda name: swapped(_japanese(("ō", "o"), ("ū", "u"))(name)),
        "passport oh": _japanese(("ō", "oh"), ("ū", "u"), ("n(?=[bmp])", "m")),
        "letter by letter": _japanese(("ō", "ou"), ("ū", "uu")),
        "doubled": _japanese(("ō", "oo"), ("ū", "uu")),
        "Kunrei": lambda name: bare(_japanese(*_KUNREI)(name)),
        "Kunrei, doubled": _japanese(*_KUNREI, ("ō", "ou"), ("ū", "uu")),
    },
)


def _vietnamese_joined(name: str) -> str:
    family, *given = bare(name).split()
    return joined(family, given)


def _vietnamese_inside_out(name: str) -> str:
    family, *middle, given = bare(name).split()
    return " ".join([given, *middle, family])


VIETNAMESE = Language(
    "Vietnamese",
    {
        "with marks": by_rules(),
        "bare": bare,
        "bare, family last": lambda name: swapped(bare(name)),
        "given, middle, family": _vietnamese_inside_out,
        "joined": _vietnamese_joined,
        "dd for đ": lambda name: bare(name.replace("Đ", "Dj").replace("đ", "dj")),
    },
)
