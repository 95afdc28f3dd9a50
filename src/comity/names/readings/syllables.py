"""Chinese and Korean names in Latin letters: which syllables are they, whatever system or family spells them?

    hsuehyen -> hsueh yen -> xueyan        hur jungnam -> heo jeongnam        i -> lee        tsħanyang -> canyang

Romanisations of one syllable share no consonant at times (xu is hsu and syu), and a Korean syllable is spelt in as many
ways as families please. So a name whose words are such syllables, a family's at its beginning or its end, is also cut
as one of that language: its family, its given name, each read into pinyin or the Revised Romanisation.
Sources: Hanyu pinyin (ISO 7098), Wade-Giles, Tongyong pinyin of 2002; the Revised Romanisation of Korean of 2000,
McCune-Reischauer without its marks, and what South Korean passports carry beside both (our own list). Wade-Giles sets an
apostrophe behind what is aspirated (Ts'an is can, Tsan is zan); whoever calls writes ħ for it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Final

from comity.names.readings.hangul_mandarin import FAMILIES as _USUAL_FAMILIES
from comity.names.readings.reading import Choice, Reading, best_paths, choices, ranked
from comity.names.scripts import LATIN_CHINESE as CHINESE
from comity.names.scripts import LATIN_KOREAN as KOREAN

LANGUAGES: Final = (CHINESE, KOREAN)
_SYLLABLES_MAX: Final = 2
_CHOICES_MAX: Final = 4
# Korean families that nobody writes by the rule: a letter alone is no name to an index.
_USUAL: Final = {"gim": "kim", "i": "lee", "bak": "park", "u": "woo", "o": "oh", "im": "lim", "choe": "choi"}
_LETTERS_MAX: Final = 18

# Finals by the initials they follow, in pinyin.
_PINYIN: Final = (
    ("b p m f", "a o ai ei ao an en ang eng ou u i ie iao iu ian in ing"),
    ("d t n l", "a e ai ei ao ou an en ang eng ong i ia ie iao iu ian in iang ing u uo ui uan un ue"),
    ("g k h", "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang"),
    ("j q x", "i ia ie iao iu ian in iang ing iong u ue uan un"),
    ("zh ch sh r z c s", "i a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang"),
    ("", "a o e ai ei ao ou an en ang er wu wa wo wai wei wan wen wang weng yi ya ye yao you yan yin yang ying yong yu yue yuan yun"),
)  # fmt: skip
_WADE_GILES_INITIALS: Final = {
    "b": "p", "d": "t", "g": "k", "j": "ch", "q": "ch", "x": "hs", "zh": "ch", "r": "j", "z": "ts", "c": "ts",
}  # fmt: skip
_WADE_GILES_FINALS: Final = {
    "ian": "ien", "ie": "ieh", "ue": "ueh", "ong": "ung", "iong": "iung", "uo": "o",
}  # fmt: skip
# What is aspirated, and how an apostrophe of Wade-Giles is passed on here: by a letter that no other system writes.
_ASPIRATES: Final = (("p", "pħ"), ("t", "tħ"), ("k", "kħ"), ("q", "chħ"), ("ch", "chħ"), ("c", "tsħ"))
_ASPIRATED: Final = re.compile("^(?:ch|t[sz]|[ptk])")
# Families of the Hundred Family Surnames (Baijiaxing) that fewer bear than nineteen in twenty Chinese.
_CHINESE_FAMILIES: Final = _USUAL_FAMILIES.union(
    """
    gan cong jiao guan geng bu mou miao fei weng bo gui hua che ran diao mi teng gou jian dang lang di luan dou xuan hang
    xun ban suo cang lao nong ru huan heng man kou que kan na chao ming pi bei xin
    """.split()
)
# Syllables that Wade-Giles writes by no rule of initial and final.
_WADE_GILES_WHOLE: Final = dict(
    entry.split(":")
    for entry in """
    zhi:chih chi:chih shi:shih ri:jih zi:tzu ci:tzu si:szu ge:ko ke:ko he:ho e:o er:erh guo:kuo kuo:kuo huo:huo shuo:shuo
    gui:kuei kui:kuei you:yu yan:yen ye:yeh yue:yueh yi:i yong:yung
    """.split()
)
_TONGYONG_WHOLE: Final = dict(
    entry.split(":")
    for entry in """
    zhi:jhih chi:chih shi:shih ri:rih zi:zih ci:cih si:sih wen:wun weng:wong feng:fong ju:jyu qu:cyu xu:syu jue:jyue
    que:cyue xue:syue juan:jyuan quan:cyuan xuan:syuan jun:jyun qun:cyun xun:syun xiong:syong qiong:cyong jiong:jyong
    """.split()
)
_WADE_GILES_WEIGHT, _TONGYONG_WEIGHT = 0.9, 0.8

# Korean syllables that given and family names are made of, in the Revised Romanisation.
_KOREAN_NAMES: Final = """
a ae an bae baek bak ban bang beom bi bin bit bo bok bom bong bu bun byeol byeong byeon cha chae chan chang cheol cheon
cheong cho choe chu chun chung dae dal dam dan deok deuk do don dong du eo eok eol eom eon eul eun eung ga gae gak gam gan
gang gap geol geon geum geun gi gil gim gong go gon gu guk gun gwak gwan gwang gwi gwon gye gyeol gyeom gyeon gyeong gyo
gyu gyun ha hae haeng ham han hang heo heon heuk heung hong ho hu hui hun hwa hwal hwan hwang hwi hye hyeok hyeon hyeong
hyo hyu i il im in jae jang je jeok jeom jeon jeong jeung ji jik jin jip jo jong ju jun jung ma maeng man me mi min mo mok
mong mu mun myeon myeong na nae nak nam neung no nu o ok on ong pil pyeong pyo ra rae ran re ri rim rin ro ru ryang ryeo
ryeon ryeong ryu sa saem sae san sang se seo seok seol seom seon seong seung si sik sil sim sin so sol song su suk sun
sung tae tak teuk u ui uk un ung wan wang we wi won ya yang ye yeo yeok yeol yeom yeon yeong yo yong yu yuk yul yun yung
""".split()  # fmt: skip
_ONSETS: Final = {
    "g": "g k:0.9", "d": "d t:0.6", "b": "b p:0.7", "j": "j ch:0.8", "r": "r l:0.7 n:0.3 -:0.2 rh:0.2", "s": "s sh:0.4",
    "p": "p ph:0.3", "t": "t th:0.2",
}  # fmt: skip
_VOWELS: Final = {
    "eo": "eo u:0.9 o:0.5 uh:0.3 ou:0.2 eu:0.2", "yeo": "yeo yu:0.8 yo:0.5 you:0.7 yeu:0.3 ye:0.1 yuh:0.2", "eu": "eu u:0.7 oo:0.1 e:0.2",
    "u": "u oo:0.9 ou:0.3", "yu": "yu yoo:0.8 you:0.4", "i": "i ee:0.6 ie:0.1 y:0.1 yi:0.3", "ae": "ae ai:0.4 e:0.4 ay:0.2",
    "ui": "ui ee:0.7 eui:0.6 i:0.4", "oe": "oe oi:0.9 we:0.2 oy:0.1", "wo": "wo weo:0.4 wu:0.2 o:0.1", "o": "o oh:0.3",
    "a": "a ah:0.3", "wa": "wa hwa:0.1", "e": "e ei:0.2 ay:0.1", "ye": "ye yae:0.2 e:0.2",
}  # fmt: skip
_CODAS: Final = {
    "k": "k g:0.4 c:0.1 ck:0.1",
    "p": "p b:0.4",
    "l": "l r:0.1 ll:0.1",
    "m": "m",
    "n": "n",
    "ng": "ng",
}
_KOREAN_SYLLABLE: Final = re.compile(
    r"(ch|[bcdghjkmnprst]?)(w?|y?)(?:(ae|eo|eu|oe|ui|[aeiou]))(ng|[klmnpt])?$"
)
# What families write that no rule gives, beside how they are read.
_KOREAN_FAMILIES: Final = """
gim:kim,ghim,gym i:lee,yi,rhee,ri,rhie,reh,leigh bak:park,pak,bark choe:choi,choy,chey jeong:jung,chung,jeung,joung,cheong gang:kang,kahng
jo:cho,joe yun:yoon,youn jang:chang im:lim,rim,leem,rhim o:oh han:hahn sin:shin,shinn seo:suh,so,sur gwon:kwon,kweon,gwun hwang:whang an:ahn
song:sung ryu:yu,yoo,ryoo,lyu,rhyu yu:yoo,you,ryu hong: jeon:chun,jun,chon,jeun,jhun go:ko,koh,goh mun:moon yang:ryang,lyang son:sohn bae:bai,pae
baek:paik,back,beck,paek heo:hur,huh,ho,her nam:nahm sim:shim no:roh,noh,ro,rho ha:hah gwak:kwak,kwag seong:sung,song cha:chah ju:joo,chu,choo
u:woo,wu gu:koo,ku,goo min: jin:chin ji:jee,chi,chee eom:um,eum,uhm chae:chai won: cheon:chun,chon bang:pang,bhang gong:kong hyeon:hyun,hyon ham:hahm
byeon:byun,byon,pyun yeom:yum,yom,youm yeo:yuh,yo chu:choo do:doh,to so:soh seok:suk,sok seon:sun,sunn seol:sul ma:mah gil:kil wi:wie pyo: myeong:myung,myong
gi:ki,kee ban:pan wang: geum:keum,kum ok:ock yuk:yook in: maeng: je: mo: tak: guk:kook,kuk tae: eun: pyeon:pyun yong: ye: gyeong:kyung hwa:
"""  # fmt: skip


def _pinyin_syllables() -> Iterator[tuple[str, str]]:
    for initials, finals in _PINYIN:
        yield from product(initials.split() or [""], finals.split())


def _put(table: dict[str, dict[str, float]], spelling: str, syllable: str, weight: float) -> None:
    known = table.setdefault(spelling, {})
    known[syllable] = max(weight, known.get(syllable, 0.0))


def _likeliest(table: Mapping[str, Mapping[str, float]]) -> dict[str, tuple[Choice, ...]]:
    return {
        spelling: tuple(sorted(found.items(), key=lambda one: (-one[1], one[0]))[:_CHOICES_MAX])
        for spelling, found in table.items()
    }


@lru_cache(maxsize=1)
def _chinese() -> dict[str, tuple[Choice, ...]]:
    """Return by spelling the syllables it may stand for, in pinyin."""
    table: dict[str, dict[str, float]] = {}
    aspirates = dict(_ASPIRATES)
    for initial, final in _pinyin_syllables():
        syllable = initial + final
        _put(table, syllable, syllable, 1.0)
        wade_giles = _WADE_GILES_WHOLE.get(syllable)
        if wade_giles is None:
            wade_giles = _WADE_GILES_INITIALS.get(initial, initial) + _WADE_GILES_FINALS.get(final, final)
        _put(table, wade_giles, syllable, _WADE_GILES_WEIGHT)
        if initial in aspirates:
            _put(table, _ASPIRATED.sub(aspirates[initial], wade_giles), syllable, _WADE_GILES_WEIGHT)
        tongyong = _TONGYONG_WHOLE.get(syllable)
        if tongyong is None:
            tongyong = {"zh": "jh", "q": "c", "x": "s"}.get(initial, initial) + {
                "iu": "iou",
                "ui": "uei",
            }.get(final, final)
        _put(table, tongyong, syllable, _TONGYONG_WEIGHT)
    return _likeliest(table)


@lru_cache(maxsize=1)
def _korean() -> dict[str, tuple[Choice, ...]]:
    """Return by spelling the syllables it may stand for, in the Revised Romanisation."""
    table: dict[str, dict[str, float]] = {}
    for syllable in _KOREAN_NAMES:
        found = _KOREAN_SYLLABLE.match(syllable)
        assert found, syllable
        onset, glide, vowel, coda = (part or "" for part in found.groups())
        middle = glide + vowel
        places = [
            choices(_ONSETS.get(onset, onset or "-")),
            choices(_VOWELS[middle]) if middle in _VOWELS else ((middle, 1.0),),
            choices(_CODAS.get(coda, coda or "-")),
        ]
        if not onset and middle == "u":
            places[0] = (("", 1.0), ("w", 0.9))
        if middle == "ui" and onset == "h":
            places[1] = choices("ui ee:0.9 eui:0.6 i:0.3 y:0.1")
        for spelling, weight in best_paths(places, 64):
            _put(table, spelling, syllable, weight)
    return _likeliest(table)


@lru_cache(maxsize=1)
def _families() -> dict[str, dict[str, tuple[Choice, ...]]]:
    """Return, for each language, by spelling the families it may stand for."""
    korean: dict[str, dict[str, float]] = {}
    for entry in _KOREAN_FAMILIES.split():
        family, _, spellings = entry.partition(":")
        _put(korean, family, family, 1.0)
        for place, spelling in enumerate(filter(None, spellings.split(","))):
            _put(korean, spelling, family, 0.95 - 0.05 * place)
    known = _korean()
    for spelling, found in known.items():
        for syllable, weight in found:
            if syllable in korean and weight >= 0.5:
                _put(korean, spelling, syllable, weight * 0.9)
    chinese = {
        spelling: tuple(one for one in found if one[0] in _CHINESE_FAMILIES)
        for spelling, found in _chinese().items()
    }
    usual = {
        spelling: tuple((_USUAL.get(family, family), weight) for family, weight in found)
        for spelling, found in _likeliest(korean).items()
    }
    return {CHINESE: {spelling: found for spelling, found in chinese.items() if found}, KOREAN: usual}


def may_be_family(word: str) -> bool:
    """Whether a word in Latin letters may be a Chinese or Korean family."""
    families = _families()
    return word in families[KOREAN] or word in families[CHINESE]


@lru_cache(maxsize=1 << 13)
def _syllables(word: str, language: str) -> tuple[tuple[str, ...], ...]:
    """Return the ways to part a word into the fewest syllables of the language; none where there is no way."""
    known = _korean() if language == KOREAN else _chinese()
    if len(word) > _LETTERS_MAX:
        return ()
    found: list[tuple[str, ...]] = []
    open_: list[tuple[str, ...]] = [()]
    for _ in range(_SYLLABLES_MAX):
        longer: list[tuple[str, ...]] = []
        for parts in open_:
            begun = sum(map(len, parts))
            for end in range(begun + 1, min(len(word), begun + 6) + 1):
                if word[begun:end] in known:
                    (found if end == len(word) else longer).append((*parts, word[begun:end]))
        open_ = [] if found else longer
    return tuple(found[:_CHOICES_MAX])


def language_cuts(words: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the languages of which words in Latin letters may be a name, with its family and its given name, joined.

    A family of one letter is spelt as most of its bearers do: a letter alone is taken for an initial.

    >>> list(language_cuts(["jung", "nam", "hur"]))[-1]
    ('latin-korean', 'hur', 'jungnam')
    >>> list(language_cuts(["i", "eunyeong"]))
    [('latin-korean', 'lee', 'eunyeong')]
    """
    if not 2 <= len(words) <= 3:
        return
    families = _families()
    for language in LANGUAGES:
        for family, given in ((words[0], words[1:]), (words[-1], words[:-1])):
            if family not in families[language]:
                continue
            parted = [_syllables(word, language) for word in given]
            if all(parted) and sum(len(one[0]) for one in parted) <= _SYLLABLES_MAX:
                spelt = family if len(family) > 1 else families[language][family][0][0]
                yield language, spelt, "".join(given)


def says_more(family: str, given: str, language: str) -> bool:
    """Whether reading a family and a given name so says anything that their letters do not."""
    return any(reading.text != word for word in (family, given) for reading in read_syllables(word, language))


@lru_cache(maxsize=1 << 13)
def read_syllables(word: str, language: str) -> tuple[Reading, ...]:
    """Return a word of a Chinese or Korean name in Latin letters as pinyin or the Revised Romanisation writes it.

    >>> read_syllables("hsuehyen", CHINESE)[0].text
    'xueyan'
    """
    known = _korean() if language == KOREAN else _chinese()
    readings = [
        Reading(text, weight, language)
        for parts in _syllables(word, language)
        for text, weight in best_paths([known[part] for part in parts])
    ]
    readings += [Reading(text, weight, language) for text, weight in _families()[language].get(word, ())]
    return ranked(readings)
