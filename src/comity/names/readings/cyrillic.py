"""Cyrillic, read by the habits of each language that writes it.

The language is guessed from letters that only some alphabets have; a word that shows none is read in several, Russian
first. Sources of the systems: the Russian passport order of 2013 and ICAO Doc 9303 part 3; BGN/PCGN tables; the
Ukrainian resolution of 2010, the Bulgarian act of 2009; Serbian and Macedonian Latin without its marks; French and
German press habit.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from anyascii import anyascii

from comity.names.readings.learnt import Ask, read_learnt
from comity.names.readings.reading import Reading, ranked

_LEARNT_MAX = 6
_VOWELS = frozenset("аеёиоуыэюяіїєәөұүӣӯ")

_PLAIN = dict(
    zip(
        "абвгдезийклмнопрстуфыэ",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "y",
            "e",
        ],
        strict=True,
    )
) | {"ъ": "", "ь": "", "'": "", "’": "", "ʼ": ""}
# Letters of the smaller languages, for words that mix alphabets: the values are those of the languages themselves.
_BEYOND = {
    "ґ": "g", "є": "ye", "і": "i", "ї": "yi", "ў": "u", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz",
    "ѓ": "gj", "ќ": "kj", "ѕ": "dz", "ә": "a", "ғ": "gh", "қ": "q", "ң": "ng", "ө": "o", "ұ": "u", "ү": "u", "һ": "h",
    "ҳ": "h", "ҷ": "j", "ӣ": "i", "ӯ": "u", "җ": "j", "ҙ": "z", "ҫ": "s", "ҡ": "k", "ӕ": "ae", "ӏ": "", "ҥ": "n",
    "ѣ": "e", "ѳ": "f", "ѵ": "i", "ѫ": "a",
}  # fmt: skip
_HISSING = {
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ё": "yo",
    "ю": "yu",
    "я": "ya",
}


# Letters that some systems write otherwise where a syllable opens: at the start, after a vowel and after a sign. There
# they are given another number, so that each system writes a whole word by one table.
_OPENING = "еёєїйюя"
_OPENED = {letter: chr(0xFDD0 + place) for place, letter in enumerate(_OPENING)}
_OPENS = re.compile(f"(?:^|(?<=[{''.join(sorted(_VOWELS))}ьъ']))[{_OPENING}]")


class _Letters(dict[int, str]):
    """How a system writes each letter, by its number; one that it does not know by anyascii's table."""

    def __missing__(self, point: int) -> str:
        latin = anyascii(chr(point)).lower()
        self[point] = "".join(letter for letter in latin if "a" <= letter <= "z")
        return self[point]


@dataclass(frozen=True, slots=True)
class _System:
    """One way to write a language's letters; two letters that are written as one come before all others."""

    rule: str
    letters: _Letters
    pairs: tuple[tuple[str, str], ...]
    endings: tuple[tuple[str, str], ...]
    ending_letters: tuple[str, ...]


def _system(
    rule: str,
    changes: Mapping[str, str],
    opening: Mapping[str, str] | None = None,
    endings: tuple[tuple[str, str], ...] = (),
) -> _System:
    """Return a system; `opening` holds where a syllable opens."""
    known = {**_BEYOND, **_PLAIN, **_HISSING, **changes}
    opened = {_OPENED[letter]: known[letter] for letter in _OPENING}
    opened |= {_OPENED[letter]: latin for letter, latin in (opening or {}).items()}
    single = {ord(letter): latin for letter, latin in (known | opened).items() if len(letter) == 1}
    pairs = tuple((letters, latin) for letters, latin in known.items() if len(letters) == 2)
    return _System(rule, _Letters(single), pairs, endings, tuple(letters for letters, _ in endings))


# Before soft vowels Belarusian has ts and dz for the t and d of Russian.
_SOFT_HISSED = {
    hard + soft: hissed + vowel
    for hard, hissed in (("т", "ts"), ("д", "dz"))
    for soft, vowel in (("е", "e"), ("ё", "io"), ("и", "i"), ("ю", "iu"), ("я", "ia"))
} | {"дм": "dzm"}
_SKI = (("ский", "sky"), ("цкий", "tsky"), ("ий", "y"), ("ый", "y"), ("ая", "aya"))
_RUSSIAN = (
    _system("russian-usual", {"ё": "e"}, endings=_SKI),
    _system("russian-bgn", {"ё": "yo"}, {"е": "ye"}),
    _system("icao-9303", {"ё": "e", "й": "i", "ъ": "ie", "ю": "iu", "я": "ia"}),
    _system("russian-french", {"ё": "e", "ж": "j", "у": "ou", "ч": "tch", "ш": "ch", "щ": "chtch", "ю": "iou",
            "я": "ia", "й": "i"}, endings=(("ин", "ine"), ("ий", "i"), ("ый", "y"))),
    _system("russian-german", {"в": "w", "ё": "jo", "ж": "sch", "з": "s", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch",
            "щ": "schtsch", "ю": "ju", "я": "ja", "й": "i"}, endings=(("ий", "i"), ("ый", "y"))),
    _system("russian-scholarly", {"ё": "e", "ж": "z", "х": "h", "ц": "c", "ч": "c", "ш": "s", "щ": "sc", "ю": "ju",
            "я": "ja", "й": "j"}),
    _system("russian-mixed", {"ё": "e", "й": "i", "кс": "x"}, endings=(("ий", "i"), ("ый", "y"), ("ья", "ia"),
            ("ия", "ia"))),
    # A citizen of Belarus is carried by his Belarusian name elsewhere: Егоров is Yahorau there, Титов is Tsitou.
    _system("belarusian-of-russian", {"о": "a", "г": "h", "ё": "io", "ю": "iu", "я": "ia", "й": "i"} | _SOFT_HISSED,
            {"е": "ya", "ю": "yu", "я": "ya"}, endings=(("ов", "au"), ("ев", "eu"), ("ёв", "iou"), ("ова", "ava"),
            ("ева", "eva"), ("ович", "avich"), ("евич", "evich"), ("ский", "ski"), ("ий", "i"), ("ый", "y"))),
)  # fmt: skip
_UKRAINIAN = (
    _system("ukrainian-national", {"г": "h", "и": "y", "є": "ie", "ї": "i", "й": "i", "ю": "iu", "я": "ia"},
            {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}),
    _system("ukrainian-usual", {"г": "h", "и": "y", "є": "ye", "ї": "yi"}, endings=(("ський", "sky"), ("цький", "tsky"),
            ("ий", "y"), ("ій", "iy"))),
    _system("ukrainian-russified", {"г": "g", "и": "i", "є": "e", "ї": "i"}, endings=(("ський", "skiy"), ("ий", "iy"))),
)  # fmt: skip
_BELARUSIAN = (
    _system("belarusian-national", {"г": "h", "е": "e", "ё": "io", "ў": "u", "ю": "iu", "я": "ia", "й": "i"},
            {"е": "ye", "ё": "yo", "ю": "yu", "я": "ya"}),
    _system("belarusian-bgn", {"г": "h", "е": "ye", "ё": "yo", "ў": "w"}),
    _system("belarusian-lacinka", {"г": "h", "е": "ie", "ё": "io", "ж": "z", "х": "ch", "ц": "c", "ч": "c", "ш": "s",
            "ў": "u", "ю": "iu", "я": "ia", "й": "j"}),
    _system("belarusian-russified", {"ё": "e", "ў": "v", "дз": "d", "це": "te", "ця": "tia", "ці": "ti", "цё": "te",
            "цю": "tiu", "ць": "t"}, endings=(("кі", "ky"), ("ы", "y"))),
)  # fmt: skip
_BULGARIAN = (
    _system("bulgarian-act", {"х": "h", "щ": "sht", "ъ": "a", "ь": "y"}, endings=(("ия", "ia"),)),
    _system("bulgarian-usual", {"х": "h", "щ": "sht", "ъ": "u", "ь": "i", "й": "i", "ю": "iu", "я": "ia", "ж": "j",
            "дж": "dj"}),
    _system("bulgarian-old", {"х": "h", "щ": "st", "ъ": "a", "ж": "z", "ц": "c", "ч": "c", "ш": "s", "ю": "ju",
            "я": "ja", "й": "j"}),
)  # fmt: skip
_SERBIAN = (
    _system("serbian-gaj", {"ж": "z", "х": "h", "ц": "c", "ч": "c", "ш": "s", "ћ": "c", "ђ": "dj", "џ": "dz"}),
    _system("serbian-usual", {"х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "ћ": "ch", "ђ": "dj", "џ": "dj", "ј": "y",
            "љ": "ly", "њ": "ny", "ж": "zh"}),
    _system("icao-9303", {"ж": "z", "х": "h", "ц": "c", "ч": "c", "ш": "s", "ћ": "c", "ђ": "d", "џ": "dz"}),
)  # fmt: skip
_MACEDONIAN = (
    _system("macedonian-usual", {"х": "h", "ц": "c", "ч": "ch", "ш": "sh", "ж": "zh", "џ": "dj"}),
    _system("icao-9303", {"х": "h", "ц": "c", "ч": "ch", "ш": "sh", "ж": "zh", "џ": "dj", "ѕ": "dz"}),
    _system("macedonian-latin", {"х": "h", "ц": "c", "ч": "c", "ш": "s", "ж": "z", "џ": "dz", "ѓ": "g", "ќ": "k"}),
)  # fmt: skip
_KAZAKH = (
    _system("kazakh-usual", {"ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ё": "e"}, endings=(("ий", "y"),)),
    _system("kazakh-latin", {"ә": "a", "ғ": "gh", "қ": "q", "ң": "ng", "ө": "o", "ж": "j", "у": "u", "й": "i"}),
    _system("kazakh-bgn", {"ә": "a", "ғ": "gh", "қ": "q", "ң": "ng", "ө": "o", "і": "i", "ы": "y", "е": "ye"}),
    _system("kazakh-dialect", {"ә": "ae", "ғ": "g", "қ": "k", "ң": "ng", "ө": "oe", "ү": "ue", "ұ": "u", "ж": "j",
            "ш": "s"}),
)  # fmt: skip
_KYRGYZ = (
    _system("kyrgyz-usual", {"ж": "j", "ң": "n", "ө": "o", "ү": "u"}),
    _system("kyrgyz-bgn", {"ң": "ng", "ө": "o", "ү": "u", "й": "y"}),
)
_TAJIK = (
    _system(
        "tajik-usual", {"ғ": "g", "қ": "k", "ҳ": "h", "ҷ": "j", "ӯ": "u", "ӣ": "i", "ъ": ""}, {"е": "ye"}
    ),
    _system(
        "tajik-bgn", {"ғ": "gh", "қ": "q", "ҳ": "h", "ҷ": "j", "ӯ": "o", "ж": "zh", "ъ": ""}, {"е": "ye"}
    ),
    _system("tajik-russified", {"ғ": "g", "қ": "k", "ҳ": "kh", "ҷ": "dzh", "ӯ": "u", "ъ": ""}),
)
_UZBEK = (
    _system("uzbek-latin", {"ў": "o", "қ": "q", "ғ": "g", "ҳ": "h", "х": "x", "ж": "j"}, {"е": "ye"}),
    _system("uzbek-usual", {"ў": "u", "қ": "k", "ғ": "g", "ҳ": "kh", "ж": "j"}, {"е": "ye"}),
    _system("uzbek-bgn", {"ў": "o", "қ": "q", "ғ": "gh", "ҳ": "h", "ж": "j"}, {"е": "ye"}),
)
_MONGOLIAN = (
    _system("mongolian-usual", {"ө": "u", "ү": "u", "ж": "j", "ё": "yo", "е": "ye", "й": "i"}),
    _system("mongolian-national", {"ө": "o", "ү": "u", "ж": "j", "х": "kh", "е": "ye", "й": "i", "ы": "y"}),
    _system("mongolian-plain", {"ө": "o", "ү": "u", "ж": "zh", "х": "h", "е": "e", "й": "i"}),
)
_RUSSIFIED = (_RUSSIAN[0], _RUSSIAN[1], _RUSSIAN[2])

_TELLING: tuple[tuple[frozenset[str], tuple[tuple[_System, ...], ...]], ...] = (
    (frozenset("ўі"), (_BELARUSIAN,)),
    (frozenset("їєґ"), (_UKRAINIAN,)),
    (frozenset("ѓќѕ"), (_MACEDONIAN,)),
    (frozenset("ђћ"), (_SERBIAN,)),
    (frozenset("љњџј"), (_SERBIAN, _MACEDONIAN)),
    (frozenset("ұһ"), (_KAZAKH,)),
    (frozenset("ҷӣӯ"), (_TAJIK,)),
    (frozenset("ә"), (_KAZAKH,)),
    (frozenset("ўҳ"), (_UZBEK, _TAJIK)),
    (frozenset("ң"), (_KYRGYZ, _KAZAKH)),
    (frozenset("ққғ"), (_KAZAKH, _UZBEK, _TAJIK)),
    (frozenset("өү"), (_MONGOLIAN, _KYRGYZ, _KAZAKH)),
)
_BELARUSIAN_TYPE = frozenset("ўыэё")
_KAZAKH_TYPE = frozenset("әғқңөұүһ")
_UZBEK_TYPE = frozenset("қғҳ")
_NOT_UZBEK = frozenset("ыэцщ")
_ONLY_RUSSIAN_TYPE = frozenset("ыэё")
_NOT_SERBIAN = frozenset("йъьюящыэёі")


def fold_cyrillic(word: str) -> str:
    """Return the word with its apostrophes one and its marks composed, as the tables know it.

    >>> fold_cyrillic("Мар’яна")
    "мар'яна"
    """
    composed = unicodedata.normalize("NFC", word.lower())
    bare = composed.replace("́", "").replace("̀", "")
    for apostrophe in "’ʼ`´":
        bare = bare.replace(apostrophe, "'")
    return bare.replace("i", "і")


def _languages(word: str) -> tuple[tuple[_System, ...], ...]:
    """Return the languages the word may be in, likeliest first."""
    letters = set(word)
    if "і" in letters:
        if not _BELARUSIAN_TYPE.isdisjoint(letters):
            return (_BELARUSIAN, _KAZAKH)
        return (_UKRAINIAN, _BELARUSIAN if _KAZAKH_TYPE.isdisjoint(letters) else _KAZAKH)
    if "ў" in letters and _UZBEK_TYPE.isdisjoint(letters):
        return (_UZBEK, _BELARUSIAN) if _NOT_UZBEK.isdisjoint(letters) else (_BELARUSIAN, _UZBEK)
    for telling, languages in _TELLING:
        if not telling.isdisjoint(letters):
            return (*languages, _RUSSIFIED)
    found: list[tuple[_System, ...]] = [_RUSSIAN]
    if _ONLY_RUSSIAN_TYPE.isdisjoint(letters):
        found.append(_BULGARIAN)
        if "ъ" not in letters:
            found.append(_UKRAINIAN)
    if _NOT_SERBIAN.isdisjoint(letters):
        found.append(_SERBIAN)
    return tuple(found)


def _write(word: str, opened: str, system: _System) -> str:
    """Return a word as a system writes it; `opened` is the word with its opening letters marked."""
    if word.endswith(system.ending_letters):
        for ending, latin in system.endings:
            if word.endswith(ending) and len(word) > len(ending):
                return _write_letters(opened[: -len(ending)], system) + latin
    return _write_letters(opened, system)


def _write_letters(opened: str, system: _System) -> str:
    for letters, latin in system.pairs:
        opened = opened.replace(letters, latin)
    return opened.translate(system.letters)


def ask_cyrillic(word: str) -> tuple[Ask, ...]:
    """Return what the readings of a word will ask of the learnt table."""
    return (("cyrillic", fold_cyrillic(word), _LEARNT_MAX),)


def read_cyrillic(word: str) -> tuple[Reading, ...]:
    """Return the readings of a Cyrillic word: by rule in its likely languages, and as foreign names are read.

    >>> read_cyrillic("чайковский")[0].text
    'chaykovsky'
    """
    folded = fold_cyrillic(word)
    opened = _OPENS.sub(lambda found: _OPENED[found.group()], folded)
    ruled: dict[str, Reading] = {}
    for rank, systems in enumerate(_languages(folded)):
        for place, system in enumerate(systems):
            text, weight = _write(folded, opened, system), (1.0 - 0.08 * place) * 0.75**rank
            # The systems of a language agree on most words.
            if text not in ruled or weight > ruled[text].weight:
                ruled[text] = Reading(text, weight, system.rule)
    learnt = [
        Reading(reading.text, reading.weight * 0.9, reading.rule)
        for reading in read_learnt("cyrillic", folded, _LEARNT_MAX)
    ]
    return ranked([*ruled.values(), *learnt])
