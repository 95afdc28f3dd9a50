"""Arabic, Persian and Hebrew names: their vowels are not written, so each starts from one Latin spelling of the name.

Sources: BGN/PCGN 1956 for Arabic, the habits of passports of the Maghreb, Egypt, the Gulf and Iran, Duden; the Academy
of the Hebrew language's rules of 2006 and the older spellings of passports.
"""

from conventions.writing import Language, as_it_stands, by_rules

_SUN = "(?=(t|th|d|dh|r|z|s|sh|l|n)[aeiou])"
_MUHAMMAD = r"\bm[uo]h?[ao]mm?[ae]d\b"
# Every spelling is first brought near to the standard's, as far as letters tell.
_STANDARD = (
    ("['’`]", ""),
    (r"\b(?:el|ul)[- ]", "al-"),
    (r"\bal (?=\w)", "al-"),
    (_MUHAMMAD, "muhammad"),
    ("ou|oo", "u"),
    ("ee", "i"),
    (r"\babd[ue]l[- ]?(?=\w)", "abd al-"),
    (r"\bab[uo]\b", "abu"),
    ("ck", "k"),
    ("tch", "ch"),
    (r"(?<=[^aeiou])eh\b", "a"),
    (r"\ba(?:h)?med\b", "ahmad"),
    ("e(?=[^aeiou ]*[aeiou ]|[^aeiou ]+$)", "a"),
)

ARABIC = Language(
    "Arabic",
    {
        "as listed": as_it_stands,
        "BGN/PCGN": by_rules(*_STANDARD),
        "article assimilated": by_rules(*_STANDARD, (rf"\bal-{_SUN}", r"a\1-")),
        "Maghreb, French": by_rules(
            *_STANDARD,
            ("muhammad", "mohamed"),
            ("ahmad", "ahmed"),
            ("abd al-", "abdel"),
            ("al-", "el "),
            ("kh", "KH"),
            ("sh", "ch"),
            ("j", "dj"),
            ("q", "k"),
            ("dh", "d"),
            ("th", "t"),
            ("uw", "ou"),
            ("w(?=[aei])", "ou"),
            ("u", "ou"),
            ("oou", "ou"),
            ("KH", "kh"),
            ("(?<=[aeiou])s(?=[aeiou])", "ss"),
            ("ay(?=[^aeiou]|$)", "ei"),
        ),
        "Egypt": by_rules(
            *_STANDARD,
            ("muhammad", "mohamed"),
            ("ahmad", "ahmed"),
            ("abd al-", "abdel "),
            ("al-", "el "),
            ("j", "g"),
            ("q", "k"),
            ("dh", "z"),
            ("th", "s"),
            ("ay(?=[^aeiou]|$)", "ei"),
            ("u", "o"),
        ),
        "Gulf, English ear": by_rules(
            *_STANDARD,
            ("muhammad", "mohammed"),
            ("ahmad", "ahmed"),
            ("abd al-", "abdul"),
            (r"\bal-", "al"),
            (r"i(?=[^aeiou ]\b)", "ee"),
            (r"u(?=[^aeiou ]\b)", "oo"),
            (r"a\b", "ah"),
            ("q", "q"),
            ("y(?=[^aeiou]|$)", "i"),
        ),
        "doubled letters single, no h": by_rules(
            *_STANDARD, (r"(\w)\1", r"\1"), (r"ah\b", "a"), ("kh", "h"), ("gh", "g"), ("q", "k")
        ),
        "German": by_rules(
            *_STANDARD,
            ("kh", "ch"),
            ("sh", "sch"),
            ("j", "dsch"),
            ("y", "j"),
            ("z", "s"),
            ("q", "k"),
            ("dh", "d"),
            ("th", "th"),
        ),
        "without the article": by_rules(*_STANDARD, (r"(?<!abd )\bal-", "")),
    },
)

# Names of the Maghreb are listed as French spells them; first they are brought near to the standard's.
_FROM_FRENCH = (
    ("dj", "j"),
    ("ch", "sh"),
    ("ou", "u"),
    (r"\bel[- ]", "al-"),
    (_MUHAMMAD, "muhammad"),
    (r"\bahmed\b", "ahmad"),
    ("(?<=[aeiou])ss(?=[aeiou])", "s"),
    (r"\babd[ae]l[- ]?(?=\w)", "abd al-"),
    (r"\bal-?(?=ab?[bm])", "al-"),
)
MAGHREB = Language(
    "Maghreb",
    {
        "as listed": as_it_stands,
        "BGN/PCGN": by_rules(*_FROM_FRENCH),
        "Gulf, English ear": by_rules(
            *_FROM_FRENCH,
            ("muhammad", "mohammed"),
            ("ahmad", "ahmed"),
            ("abd al-", "abdul "),
            (r"\bal-", "al "),
            (r"e(?=[^aeiou ]\b)", "a"),
            (r"i(?=[^aeiou ]\b)", "ee"),
            (r"u(?=[^aeiou ]\b)", "oo"),
            ("k", "q"),
        ),
        "Spanish": by_rules(
            ("dj", "y"),
            ("ou", "u"),
            ("ch", "x"),
            ("kh", "j"),
            ("h", "h"),
            ("mohamm?ed", "mohamed"),
            ("ss", "s"),
        ),
        "article joined": by_rules((r"\b([ae]l|ben|bou|ould)[- ](?=\w)", r"\1")),
        "article parted": by_rules(
            (r"\b(el|al)-?(?=[bcdfghjkmnqrstwyz][a-z]{3})", r"\1 "),
            (r"\b(ben|bou)(?=[bcdfghjklmnqrstwyz][a-z]{2})", r"\1 "),
        ),
    },
)

CENTRAL_ASIAN = Language(
    "Central Asia",
    {
        "as listed": as_it_stands,
        "by Russian": by_rules(
            ("dj|(?<![zd])j|j(?=a|o)", "dzh"),
            ("q", "k"),
            ("x", "kh"),
            ("w", "v"),
            ("(?<![szckg])h", "kh"),
            ("y\\b", "iy"),
        ),
        "Turkish letters": by_rules(
            ("dzh|zh|dj", "c"), ("sh", "ş"), ("kh", "h"), ("ch", "ç"), ("gh", "ğ"), ("w", "v"), ("q", "k")
        ),
        "j, kh, gh": by_rules(
            ("dzh|zh|dj", "j"),
            ("x", "kh"),
            ("(?<=[aou])g(?=[aou])", "gh"),
            ("w", "v"),
            ("ı", "y"),
            ("ə", "a"),
        ),
        "Uzbek and Turkmen letters": by_rules(
            ("kh", "x"), ("zh|dj|dzh", "j"), ("k(?=[aou])", "q"), ("gh", "g"), ("v", "w")
        ),
        "-ov, -ev dropped": by_rules((r"(?<=[a-z]{3})(ov|ev|ow|ew)(a?)\b", "")),
        "i, y, iy": by_rules((r"iy\b|ii\b", "y"), ("ya", "ia"), ("yu", "iu"), ("ye", "e")),
    },
)

PERSIAN = Language(
    "Persian",
    {
        "as listed": as_it_stands,
        "Iranian passport": by_rules(
            (r"\bm[uo]hammad\b", "mohammad"),
            ("q", "gh"),
            ("w", "v"),
            ("ou|oo", "u"),
            ("ee", "i"),
            (r"(?<=[^aeiou])a\b", "eh"),
        ),
        "English ear": by_rules(
            ("u", "oo"),
            ("ooo", "oo"),
            (r"i(?=[^aeiou ]\b)", "ee"),
            (r"i\b", "y"),
            (r"eh\b", "e"),
            ("iy", "y"),
        ),
        "Arabic's letters": by_rules(
            ("v", "w"), ("o", "u"), ("uu", "u"), (r"eh\b", "a"), ("gh", "q"), ("e", "i")
        ),
        "French": by_rules(
            ("sh", "ch"), ("u", "ou"), ("oou|ouou", "ou"), ("j", "dj"), ("oo", "ou"), ("ee", "i")
        ),
        "German": by_rules(("kh", "ch"), ("sh", "sch"), ("j", "dsch"), ("y(?=[aeiou])", "j"), ("z", "s")),
        "pour, zadeh parted": by_rules(
            ("(?<=[a-z]{3})(pour|pur|poor|zadeh|nejad|nezhad|nia|far)\\b", r" \1")
        ),
    },
)

HEBREW = Language(
    "Hebrew",
    {
        "as listed": as_it_stands,
        "kh": by_rules(("ch", "kh"), ("tz", "ts"), ("ph", "f"), ("w", "v"), (r"ah\b", "a"), ("th", "t")),
        "h, z": by_rules(
            ("[ck]h", "h"), ("t[sz]", "z"), ("w", "v"), ("ph", "f"), (r"ah\b", "a"), ("ei", "ey")
        ),
        "ch, tz, -ah": by_rules(
            ("kh", "ch"), ("t[sz]|z(?=vi)", "tz"), ("(?<=[^aeiou ])a\\b", "ah"), ("f", "ph"), ("iy", "i")
        ),
        "German": by_rules(
            ("kh", "ch"), ("sh", "sch"), ("t[sz]", "z"), ("w", "v"), ("v", "w"), ("y", "j"), (r"ah\b", "a")
        ),
        "q, w": by_rules(("ck", "k"), ("v", "w"), ("k(?!h)", "q"), ("[ck]h", "h"), ("th", "t")),
        "y as i, ee, oo": by_rules(
            ("y", "i"), ("ii", "i"), (r"i(?=[^aeiou ]\b)", "ee"), (r"u(?=[^aeiou ]\b)", "oo")
        ),
    },
)
