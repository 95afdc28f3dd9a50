"""Russian, Ukrainian, Bulgarian and Serbian names.

Sources: BGN/PCGN 1947 and 1965, ISO 9:1995, GOST R 52535.1 and ICAO Doc 9303 (Russian passports since 2013), order 310
of the Russian ministry of the interior of 1997, KMU 55 of 2010 and its forerunner of 2007, the Bulgarian law on
transliteration of 2009, Duden, the French, Polish and Czech press.
"""

from conventions.writing import Language, bare, by_letters, by_rules, table, then

_VOWELS = "аеёиоуыэюяєіїў"
_SAME = "а a б b в v г g д d з z и i к k л l м m н n о o п p р r с s т t у u ф f "
_YE = (rf"(?:\b|(?<=[{_VOWELS}ьъ'’]))е", "ye")
_JE = (rf"(?:\b|(?<=[{_VOWELS}ьъ'’]))е", "je")
_SIGNS = " ъ - ь - ' - ’ - ʼ - "

_RUSSIAN = _SAME + "ж zh х kh ц ts ч ch ш sh щ shch ы y э e ю yu я ya й y е e" + _SIGNS
_RUSSIAN_BGN = by_letters(table(_RUSSIAN + "ё yo"), _YE)
_RUSSIAN_1997 = by_letters(table(_RUSSIAN + "ё e"), ("ь(?=[её])", "y"))
_RUSSIAN_ICAO = by_letters(
    table(_SAME + "ж zh х kh ц ts ч ch ш sh щ shch ы y э e ю iu я ia й i е e ё e ъ ie ь - ' - ’ -")
)
_RUSSIAN_PRESS = by_letters(
    table(_RUSSIAN + "ё yo"), (r"[иы]й\b", "y"), ("кс", "x"), ("ья", "ia"), ("дж", "j"), (r"\bе", "ye")
)
_RUSSIAN_ISO = by_letters(
    table(_SAME + "ж ž х h ц c ч č ш š щ ŝ ы y э è ю û я â й j е e ё ë ъ ʺ ь ʹ ' - ’ -")
)
_GERMAN = "в w ж sch з s х ch ц z ч tsch ш sch щ schtsch ы y э e ю ju я ja е e й i"
_RUSSIAN_GERMAN = by_letters(
    table(_SAME + _GERMAN + " ё jo" + _SIGNS),
    (r"[иы]й\b", "i"),
    ("кс", "x"),
    (rf"(?<=[{_VOWELS}])с(?=[{_VOWELS}])", "ss"),
    _JE,
)
_FRENCH = "ж j у ou х kh ц ts ч tch ш ch щ chtch ы y э e е e й i я ia ю iou"
_RUSSIAN_FRENCH = by_letters(
    table(_SAME + _FRENCH + " ё io" + _SIGNS),
    (r"[иы]й\b", "i"),
    (r"ин\b", "ine"),
    ("г(?=[еиэы])", "gu"),
    (rf"(?<=[{_VOWELS}])с(?=[{_VOWELS}])", "ss"),
    (r"\bе", "ie"),
    (r"\bя", "ya"),
    (r"\bю", "you"),
)
_POLISH = "в w ж ż х ch ц c ч cz ш sz щ szcz ы y э e ю ju я ja е e й j"
_RUSSIAN_POLISH = by_letters(
    table(_SAME + _POLISH + " ё jo" + _SIGNS),
    (r"(?<=[сц]к)ий\b", "i"),
    (r"[иы]й\b", "ij"),
    ("л(?=[аоуы бвгдзкмнпрстцчшщж]|$)", "ł"),
    _JE,
)
_RUSSIAN_CZECH = by_letters(
    table(_SAME + "ж ž х ch ц c ч č ш š щ šč ы y э e ю ju я ja е e й j ё jo" + _SIGNS),
    (r"(?<=[сц]к)ий\b", "ý"),
    (r"ов[аa]\b", "ová"),
    (rf"(?:\b|(?<=[{_VOWELS}ьъ]))е", "je"),
)

RUSSIAN = Language(
    "Russian",
    {
        "BGN/PCGN": _RUSSIAN_BGN,
        "ISO 9": _RUSSIAN_ISO,
        "passport 1997": _RUSSIAN_1997,
        "passport ICAO": _RUSSIAN_ICAO,
        "English press": _RUSSIAN_PRESS,
        "German": _RUSSIAN_GERMAN,
        "French": _RUSSIAN_FRENCH,
        "Polish": _RUSSIAN_POLISH,
        "Czech": _RUSSIAN_CZECH,
    },
)

_UKRAINIAN = _SAME + "г h ґ g и y і i ж zh х kh ц ts ч ch ш sh щ shch е e ё yo ы y э e" + _SIGNS
_BEGIN = r"(?:\b|(?<=['’ʼ]))"
UKRAINIAN = Language(
    "Ukrainian",
    {
        "KMU 2010": by_letters(
            table(_UKRAINIAN + "є ie ї i й i ю iu я ia"),
            ("зг", "zgh"),
            (rf"{_BEGIN}є", "ye"),
            (rf"{_BEGIN}ї", "yi"),
            (rf"{_BEGIN}й", "y"),
            (rf"{_BEGIN}ю", "yu"),
            (rf"{_BEGIN}я", "ya"),
        ),
        "passport 2007": by_letters(table(_UKRAINIAN + "г g є ie ї i й i ю iu я ia")),
        "by Russian": by_letters(table(_UKRAINIAN + "г g и i є e ї i й y ю yu я ya")),
        "BGN/PCGN": by_letters(table(_UKRAINIAN + "є ye ї yi й y ю yu я ya")),
        "German": by_letters(
            table(_SAME + _GERMAN + " г h ґ g и y і i є je ї ji й j" + _SIGNS), (r"ий\b", "yj"), ("кс", "x")
        ),
        "French": by_letters(
            table(_SAME + _FRENCH + " г h ґ g и y і i є ie ї i й y" + _SIGNS),
            (r"ин\b", "yne"),
            (r"\bя", "ya"),
        ),
        "Polish": by_letters(
            table(_SAME + _POLISH + " г h ґ g и y і i є je ї ji" + _SIGNS),
            (r"(?<=[сц]ьк)ий\b", "yj"),
            ("л(?=[аоуиы бвгдзкмнпрстцчшщж]|$)", "ł"),
        ),
        "scholarly": by_letters(
            table(_SAME + "г h ґ g и y і i ж ž х x ц c ч č ш š щ šč е e є je ї ji й j ю ju я ja" + _SIGNS)
        ),
    },
)

_BULGARIAN = _SAME + "е e э e ы y ж zh ц ts ч ch ш sh щ sht й y ь y ю yu я ya "
BULGARIAN = Language(
    "Bulgarian",
    {
        "law of 2009": by_letters(table(_BULGARIAN + "х h ъ a"), (r"ия\b", "ia")),
        "BGN/PCGN 1952": by_letters(table(_BULGARIAN + "х kh ъ ŭ")),
        "French, old passports": by_letters(
            table(_SAME + "е e ж j у ou х h ц tz ч tch ш ch щ cht й i ь i ю iou я ia ъ a"),
            (r"(?<=[ео])в\b", "ff"),
        ),
        "scholarly": by_letters(table(_SAME + "е e ж ž х h ц c ч č ш š щ št й j ь j ю ju я ja ъ ă")),
        "German": by_letters(
            table(_SAME + "в w е e ж sch з s х ch ц z ч tsch ш sch щ scht й j ь j ю ju я ja ъ a")
        ),
        "ъ as u": by_letters(table(_BULGARIAN + "х h ъ u"), (r"ия\b", "ia")),
    },
)

SERBIAN = Language(
    "Serbian and its neighbours",
    {
        "Gaj's letters": by_rules(),
        "marks dropped": bare,
        "dj, marks dropped": then(by_rules(("đ", "dj")), bare),
        "English": by_rules(
            ("c", "ts"), ("đ", "dj"), ("[čć]", "ch"), ("š", "sh"), ("ž", "zh"), ("(?<!d)j", "y")
        ),
        "German": by_rules(
            ("s", "ss"),
            ("z", "s"),
            ("c", "z"),
            ("đ", "dj"),
            ("[čć]", "tsch"),
            ("š", "sch"),
            ("ž", "sch"),
            ("v", "w"),
            (r"\bss|ss(?=[^aeiou])", "s"),
        ),
    },
)
