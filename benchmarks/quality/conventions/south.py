"""Malay and Indonesian, Bengali, Portuguese, Spanish, Georgian, Icelandic, Somali, Lao and Khmer names in Latin.

Sources: the Van Ophuijsen and Soewandi spellings of Indonesian and the spelling reform of 1972; the Acordo Ortográfico
of 1943 and what registries wrote before; the Georgian national system of 2002 and BGN/PCGN 1981; the Somali alphabet
of 1972; what passports of Bangladesh, Laos and Cambodia write.
"""

from conventions.writing import Language, as_it_stands, bare, by_rules, then

_OLD_INDONESIAN = (
    ("j", "dj"),
    ("y", "j"),
    ("sj", "sj"),
    ("kh", "ch"),
    ("c(?!h)", "tj"),
    ("u", "oe"),
)
MALAY = Language(
    "Malay and Indonesian",
    {
        "as listed": as_it_stands,
        "old spelling": by_rules(*_OLD_INDONESIAN),
        "of 1947": by_rules(*_OLD_INDONESIAN[:-1]),
        "bin and binti left out": by_rules((r"\b(?:bin|binti|bte|bt|ibni|anak)\b\.?", "")),
        "Mohd, Abd": by_rules(
            (r"\bm[uo]h?amm?[ae]d\b", "mohd"), (r"\babdul\b", "abd"), (r"\bah?mad\b", "ahmed"), ("sh", "sy")
        ),
        "Abdul written on": by_rules((r"\b(abdul|nur|nor|siti|wan)\s+", r"\1")),
    },
)
BENGALI = Language(
    "Bengali",
    {
        "as listed": as_it_stands,
        "Md": by_rules((r"\bm[uo]h?amm?[ae]d\b", "md"), (r"\bmd\b\.?\s*", "md "), (r"\bmosammat\b", "mst")),
        "Md as Mohammad": by_rules((r"\bmd\b\.?\s*", "mohammad "), (r"\bmst\b\.?\s*", "mosammat ")),
        "by Bengali ear": by_rules(
            ("z", "j"), ("v", "bh"), ("(?<=[^aeiou ])a(?=[^aeiou ][^aeiou ])", "o"), ("w", "u"), ("q", "k")
        ),
        "Arabic": by_rules(("ul\\b", "al"), ("j(?=[aei])", "z"), ("ur\\b", "ar"), ("oo", "u"), ("ee", "i")),
        "-ul and -ur apart": by_rules((r"(?<=[a-z]{4})([bdklmnrstz])(ul|ur)\b", r"\1 \2")),
        "Begum, Khatun, Chowdhury left out": by_rules(
            (r"\b(?:begum|khatun|alhaj|al-haj|haji|dr|advocate|adv|prof|maulana)\b\.?", "")
        ),
    },
)
PORTUGUESE = Language(
    "Portuguese",
    {
        "as listed": as_it_stands,
        "marks dropped": bare,
        "de, da, dos left out": then(bare, by_rules((r"\b(?:de|da|do|das|dos|e)\b", ""))),
        "before 1943": then(
            bare,
            by_rules(
                (r"\bluis\b", "luiz"),
                (r"\bsousa\b", "souza"),
                ("eres", "herez"),
                ("ateus", "atheus"),
                ("itor", "ictor"),
                (r"\bf(?=el|il)", "ph"),
                (r"\bi(?=s)", "y"),
                ("ris(?=t)", "hris"),
                ("el[oa]\\b", "ello"),
                ("es\\b", "ez"),
                ("(?<=[aeou])i(?=[aeo])", "y"),
            ),
        ),
        "a family's name left out": lambda name: (
            " ".join([*bare(name).split()[:-2], bare(name).split()[-1]])
            if len(name.split()) > 3  # first, two of families and one more
            else bare(name)
        ),
        "Spanish": then(
            bare,
            by_rules(
                ("nh", "n"), ("lh", "ll"), ("ss", "s"), ("c(?=[ei])", "z"), ("es\\b", "ez"), ("oao", "uan")
            ),
        ),
    },
)
SPANISH = Language(
    "Spanish",
    {
        "as listed": as_it_stands,
        "marks dropped": bare,
        "ny": by_rules(("ñ", "ny")),
        "mother's name left out": lambda name: (
            " ".join(bare(name).split()[:-1])
            if len(name.split()) > 2  # one's own, the father's and the mother's
            else bare(name)
        ),
        "de, del, la, y left out": then(bare, by_rules((r"\b(?:de|del|la|las|los|y)\b", ""))),
        "s, b, y for z, v, ll": then(
            bare,
            by_rules(("z", "s"), ("v", "b"), ("ll", "y"), ("c(?=[ei])", "s"), ("(?<![cg])h", ""), ("x", "j")),
        ),
        "hyphen": lambda name: "-".join(bare(name).rsplit(maxsplit=1)),
    },
)
GEORGIAN = Language(
    "Georgian",
    {
        "as listed": as_it_stands,
        "q as k": by_rules(("q", "k"), ("w", "ts")),
        "k as q": by_rules(("k(?!h)", "q")),
        "by Russian": by_rules(
            ("gh", "g"),
            ("j", "dzh"),
            ("q", "k"),
            ("h", "g"),
            ("kg", "kh"),
            ("sg", "sh"),
            ("zg", "zh"),
            ("cg", "ch"),
        ),
        "German": by_rules(
            ("z", "s"), ("ds", "ds"), ("v", "w"), ("sh", "sch"), ("ch", "tsch"), ("j", "dsch"), ("kh", "ch")
        ),
        "French": by_rules(("u", "ou"), ("sh", "ch"), ("j", "dj"), ("e\\b", "e"), ("gu", "gou"), ("q", "k")),
        "-i of the nominative": by_rules((r"(?<=ov|ev|in)\b", "i"), (r"(?<=[oe]v)i\b|(?<=ian)i\b", "")),
    },
)
ICELANDIC = Language(
    "Icelandic",
    {
        "as listed": as_it_stands,
        "th, d, ae, oe": by_rules(
            ("þ", "th"), ("ð", "d"), ("æ", "ae"), ("ö", "oe"), ("á", "a"), ("é", "e"), ("í", "i"), ("ó", "o"),
            ("ú", "u"), ("ý", "y"),
        ),
        "p for þ, o for ö": by_rules(
            ("þ", "p"), ("ð", "o"), ("æ", "ae"), ("ö", "o"), ("á", "a"), ("é", "e"), ("í", "i"), ("ó", "o"),
            ("ú", "u"), ("ý", "y"),
        ),
        "t, dh, e": by_rules(
            ("þ", "t"), ("ð", "dh"), ("æ", "e"), ("ö", "o"), ("á", "a"), ("é", "je"), ("í", "i"), ("ó", "o"),
            ("ú", "u"), ("ý", "y"),
        ),
        "-dotter, -sen": then(bare, by_rules(("þ", "th"), ("ð", "d"), (r"dottir\b", "dotter"), (r"sson\b", "sen"))),
    },
)  # fmt: skip
SOMALI = Language(
    "Somali",
    {
        "as listed": as_it_stands,
        "Somali": by_rules(
            ("kh", "KH"), ("sh", "SH"), ("dh", "DH"), ("(?<!ibra)h(?=[aeiou])", "x"), ("ee", "ey"), ("KH", "kh"),
            ("SH", "sh"), ("DH", "dh"), (r"\ba(?=bd|li\b|del)", "ca"), (r"\b[ou](?=mar\b)", "cu"),
            (r"\b(?:osm|othm|usm)a+n\b", "cismaan"), (r"\bi(?:sa|sse|ise)\b", "ciise"), (r"\bjama\b", "jaamac"),
            (r"\bsa[ei]*d\b", "saciid"), (r"\belmi\b", "cilmi"), (r"(?<=[aeou])h\b", "x"),
        ),
        "English": by_rules(("x", "h"), (r"\bc", ""), ("c", "'"), ("aa", "a"), ("oo", "o"), ("ii", "i"), ("dh", "d")),
        "Italian": by_rules(("sh", "sc"), ("x", "h"), ("c(?=[aou])", ""), ("w", "u"), ("j", "gi"), ("q", "k")),
        "Arabic": by_rules(
            ("x", "h"), ("c(?=[aeiou])", ""), ("aa", "a"), (r"\bmaham", "muham"), ("ey", "ay"), ("ow", "u"),
            ("oo", "u"), ("ee", "i"),
        ),
    },
)  # fmt: skip
MEKONG = Language(
    "Lao and Khmer",
    {
        "as listed": as_it_stands,
        "English": by_rules(
            ("oua", "ua"),
            ("ou", "u"),
            ("x", "s"),
            ("nh\\b", "n"),
            ("(?<=[aeiou])ne\\b", "n"),
            ("ay\\b", "ai"),
        ),
        "h left out": by_rules(("([ptk])h", r"\1"), ("ch", "c")),
        "ou for u": by_rules(("(?<![oae])u(?![aeiou])", "ou"), ("s(?=[aeiou])", "s")),
        "v for w, y for i": by_rules(("v", "w"), ("i\\b", "y"), ("eo", "ew")),
        "joined": lambda name: "".join(name.split()[:-1]) + " " + name.split()[-1],
    },
)
