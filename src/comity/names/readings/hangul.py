"""Hangul: Korean names by the usual spellings, Revised and McCune-Reischauer, foreigners' names as learnt."""

import unicodedata

from comity.names.readings.hangul_mandarin import mandarin_readings
from comity.names.readings.learnt import Ask, read_learnt
from comity.names.readings.reading import Choice, Reading, best_paths, ranked

_SURNAMES = {
    row.split()[0]: tuple(row.split()[1:])
    for row in """
김 kim gim|이 lee yi rhee ri i|박 park pak bak|최 choi choe|정 jung jeong chung cheong jong|강 kang gang|조 cho jo
윤 yoon yun youn|장 jang chang|임 lim im rim|한 han|오 oh o|서 seo suh so|신 shin sin|권 kwon gwon kweon|황 hwang
안 ahn an|송 song|류 ryu yoo yu ryoo|유 yoo yu you ryu|홍 hong|전 jeon jun chun chon|고 ko go koh|문 moon mun
양 yang ryang|손 son sohn|배 bae pae|백 baek paik paek back|허 huh heo hur ho|남 nam|심 shim sim|노 noh roh no ro
하 ha|곽 kwak gwak|성 sung seong song|차 cha|주 joo ju chu|우 woo wu u|구 koo gu ku|나 na ra|민 min|진 jin chin
지 ji chi|엄 um eom uhm om|채 chae|원 won|천 cheon chun chon|방 bang pang|공 kong gong|현 hyun hyeon hyon|함 ham
변 byun byeon pyon|염 yeom yum yom|여 yeo yuh yo|추 choo chu|도 do to|석 seok suk sok|선 sun seon son|설 seol sul sol
마 ma|길 gil kil|연 yeon yon youn|위 wi wee|표 pyo|명 myung myeong myong|기 ki gi kee|반 ban pan|왕 wang|금 keum geum
옥 ok ock|육 yook yuk|인 in|맹 maeng|제 je|모 mo|남궁 namgung namkoong namkung|황보 hwangbo|선우 sunwoo seonwoo
제갈 jegal|사공 sagong|서문 seomun|독고 dokgo dokko|리 ri lee li rhee|림 rim lim|량 ryang|려 ryo|라 ra na|로 ro roh
""".replace("\n", "|").split("|")
    if row
}
_COMPOUND_SURNAMES = frozenset(name for name in _SURNAMES if len(name) == 2)
SURNAMES = frozenset(_SURNAMES)

_LEARNT_MAX = 8
_INITIALS = [
    "g",
    "kk",
    "n",
    "d",
    "tt",
    "r",
    "m",
    "b",
    "pp",
    "s",
    "ss",
    "_",
    "j",
    "jj",
    "ch",
    "k",
    "t",
    "p",
    "h",
]
_VOWELS = [
    "a",
    "ae",
    "ya",
    "yae",
    "eo",
    "e",
    "yeo",
    "ye",
    "o",
    "wa",
    "wae",
    "oe",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "eu",
    "ui",
    "i",
]
_FINALS = [
    "_",
    "k",
    "k",
    "k",
    "n",
    "n",
    "n",
    "t",
    "l",
    "k",
    "m",
    "l",
    "l",
    "l",
    "p",
    "l",
    "m",
    "p",
    "p",
    "t",
    "t",
    "ng",
    "t",
    "t",
    "k",
    "t",
    "p",
    "t",
]
# What a final becomes when a vowel follows: it opens the next syllable.
_LIAISON = [
    "_",
    "g",
    "kk",
    "ks",
    "n",
    "nj",
    "n",
    "d",
    "r",
    "lg",
    "lm",
    "lb",
    "ls",
    "lt",
    "lp",
    "r",
    "m",
    "b",
    "ps",
    "s",
    "ss",
    "ng",
    "j",
    "ch",
    "k",
    "t",
    "p",
    "_",
]
_INITIAL_HABITS: dict[str, tuple[Choice, ...]] = {
    "g": (("g", 1.0), ("k", 0.8)), "d": (("d", 1.0), ("t", 0.3)), "b": (("b", 1.0), ("p", 0.35)),
    "j": (("j", 1.0), ("ch", 0.45)), "r": (("r", 1.0), ("l", 0.4)),
}  # fmt: skip
_VOWEL_HABITS: dict[str, tuple[Choice, ...]] = {
    "eo": (("eo", 1.0), ("u", 0.8), ("o", 0.4)), "yeo": (("yeo", 1.0), ("you", 0.4), ("yu", 0.6), ("yo", 0.4)),
    "u": (("u", 1.0), ("oo", 0.6)), "eu": (("eu", 1.0), ("u", 0.5)), "ui": (("ui", 0.8), ("ee", 1.0), ("eui", 0.3)),
    "ae": (("ae", 1.0), ("ai", 0.15)), "yu": (("yu", 1.0), ("yoo", 0.5)), "wo": (("wo", 1.0), ("weo", 0.1)),
    "oe": (("oe", 1.0), ("oi", 0.4)), "i": (("i", 1.0), ("ee", 0.1)),
}  # fmt: skip


def fold_hangul(word: str) -> str:
    """Return the word letter by letter (conjoining jamo), as the sound table knows it."""
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if "ᄀ" <= letter <= "ᇿ")


def _parts(syllable: str) -> tuple[int, int, int]:
    number = ord(syllable) - 0xAC00
    return number // 588, number % 588 // 28, number % 28


def _spell(word: str) -> list[tuple[Choice, ...]]:
    """Return the choices for each letter of a word, finals carried over before a vowel and softened before n and m."""
    places: list[tuple[Choice, ...]] = []
    syllables = [_parts(syllable) for syllable in word]
    carried = ""
    for place, (initial, vowel, final) in enumerate(syllables):
        opening = carried or _INITIALS[initial].strip("_")
        carried = ""
        following = syllables[place + 1][0] if place + 1 < len(syllables) else -1
        places.append(_opening(opening, first=place == 0, before_i=_VOWELS[vowel] == "i"))
        sound = _VOWELS[vowel]
        places.append(_VOWEL_HABITS.get(sound, ((sound, 1.0),)))
        closing = _FINALS[final].strip("_")
        if final and following == 11 and closing != "ng":
            carried = _LIAISON[final].strip("_")
            continue
        places.append(_closing(closing, following))
    return places


def _opening(sound: str, *, first: bool, before_i: bool) -> tuple[Choice, ...]:
    if sound == "s" and before_i:
        return (("s", 1.0), ("sh", 0.8))
    if first or sound == "r":
        return _INITIAL_HABITS.get(sound, ((sound, 1.0),))
    if sound == "g":
        return (("g", 1.0), ("k", 0.6))
    return _INITIAL_HABITS.get(sound, ((sound, 1.0),))


def _closing(sound: str, following: int) -> tuple[Choice, ...]:
    opens = _INITIALS[following] if following >= 0 else ""
    if sound == "k" and opens in {"n", "m"}:
        return (("k", 1.0), ("ng", 0.5), ("g", 0.2))
    if sound == "k":
        return (("k", 1.0), ("g", 0.25), ("ck", 0.1))
    if sound == "p" and opens in {"n", "m"}:
        return (("p", 1.0), ("m", 0.5))
    if sound == "p":
        return (("p", 1.0), ("b", 0.2))
    if sound == "n" and opens == "r":
        return (("n", 1.0), ("l", 0.5))
    return ((sound, 1.0),)


def ask_hangul(word: str) -> tuple[Ask, ...]:
    """Return what the readings of a word will ask of the learnt table."""
    return (("hangul", fold_hangul(unicodedata.normalize("NFC", word)), _LEARNT_MAX),)


def read_hangul(word: str) -> tuple[Reading, ...]:
    """Return the readings of a Hangul word: a family name as families spell it, others by rule and as learnt.

    >>> [reading.text for reading in read_hangul("박")][:3]
    ['park', 'pak', 'bak']
    """
    composed = unicodedata.normalize("NFC", word)
    syllables = "".join(letter for letter in composed if "가" <= letter <= "힣")
    usual = [
        Reading(text, 1.0 - 0.15 * place, "hangul-surname")
        for place, text in enumerate(_SURNAMES.get(syllables, ()))
    ]
    native = 1.0 if len(syllables) <= 2 else 0.6
    ruled = [
        Reading(
            text,
            weight * native * (0.8 if usual else 1.0),
            "hangul-revised" if place == 0 else "hangul-usual",
        )
        for place, (text, weight) in enumerate(best_paths(_spell(syllables), 8))
    ]
    learnt = read_learnt("hangul", fold_hangul(composed), _LEARNT_MAX)
    chinese = [
        Reading(text, weight * 0.5, "hangul-mandarin") for text, weight in mandarin_readings(syllables, 3)
    ]
    foreign = 0.7 if len(syllables) <= 2 else 1.0
    return ranked(
        [*usual, *ruled, *chinese, *(Reading(read.text, read.weight * foreign, read.rule) for read in learnt)]
    )
