"""Greek, Armenian, Indian, German, Nordic, Turkish, Polish and Czech names, and names in machine-readable zones.

Sources: ELOT 743, ISO 9985 and BGN/PCGN 1981, the Hunterian system and IAST, ICAO Doc 9303 part 3 (letters and
truncation), signs that optical readers take for others.
"""

import re
import unicodedata

from conventions.writing import (
    Language,
    Write,
    as_it_stands,
    bare,
    by_letters,
    by_rules,
    capitals,
    table,
    then,
)

GREEK = Language(
    "Greek",
    {
        "ELOT 743": by_rules(),
        "classical": then(
            bare,
            by_rules(
                (r"\bv", "b"),
                ("v(?=[aeiou])", "b"),
                ("f", "ph"),
                (r"is\b", "es"),
                (r"i\b", "e"),
                ("ai", "ae"),
                ("ou", "u"),
                ("(?<!g)k", "c"),
            ),
        ),
        "by ear": then(
            bare,
            by_rules(
                (r"\bmp", "b"),
                ("mp", "mb"),
                (r"\bnt", "d"),
                ("nt", "nd"),
                (r"\bgk", "g"),
                ("gk|gg", "ng"),
                ("ch", "h"),
                ("y", "i"),
                ("ei|oi", "i"),
                ("x", "ks"),
                ("ai", "e"),
                ("ph", "f"),
                ("th", "th"),
            ),
        ),
        "by letter": then(bare, by_rules(("ch", "x"), ("v", "b"), (r"is\b", "hs"), ("y", "u"), ("ou", "oy"))),
        "ch as kh, dh": then(
            bare, by_rules(("ch", "kh"), ("d", "dh"), ("g(?=[ei])", "y"), ("y", "i"), ("ou", "oo"))
        ),
        "gh, double letters single": then(
            bare, by_rules((r"([lmnprst])\1", r"\1"), ("g(?=[aou])", "gh"), ("c(?=h)", "c"))
        ),
    },
)

_ARMENIAN = (
    "ա a բ b գ g դ d ե e զ z է e ը y թ t ժ zh ի i լ l խ kh ծ ts կ k հ h ձ dz ղ gh ճ ch մ m յ y ն n շ sh ո o չ ch պ p "
    "ջ j ռ r ս s վ v տ t ր r ց ts ւ v փ p ք k և ev օ o ֆ f "
)
_ARMENIAN_YE = ((r"\bե", "ye"), (r"\bո(?!ւ|վ)", "vo"), ("ու", "u"))
ARMENIAN = Language(
    "Armenian",
    {
        "BGN/PCGN": by_letters(table(_ARMENIAN), *_ARMENIAN_YE),
        "-ian": by_letters(
            table(_ARMENIAN), *_ARMENIAN_YE, after=(("yan\\b", "ian"), ("iian", "ian"), ("aian\\b", "ayan"))
        ),
        "ISO 9985 bare": by_letters(
            table(_ARMENIAN + "ը e ժ z խ x ծ c հ h ձ j ղ l ճ c յ y շ s չ c ջ j ց c ւ w"), ("ու", "ow")
        ),
        "by Russian": by_letters(table(_ARMENIAN + "հ - ղ g ջ dzh"), ("(?<=[աեիո])հ", "g"), *_ARMENIAN_YE),
        "French": by_letters(
            table(_ARMENIAN + "ժ j ճ dj շ ch չ tch ջ dj"),
            (r"\bե", "ye"),
            (r"\bո(?!ւ|վ)", "vo"),
            ("ու", "ou"),
            after=(("yan\\b", "ian"), ("iian", "ian")),
        ),
    },
)

ARMENIAN_LATIN = Language(
    "Armenian in Latin letters",
    {
        "as listed": as_it_stands,
        "-ian, h": by_rules(
            ("yan\\b", "ian"), ("iian", "ian"), ("aian\\b", "ayan"), ("kh", "kh"), ("dz", "ds")
        ),
        "by Russian": by_rules((r"\bh", ""), ("(?<=[aeio])h", "g"), ("j", "dzh"), ("ts", "c")),
        "French": by_rules(
            ("(?<!d)j", "dj"),
            ("zh", "j"),
            ("ch", "tch"),
            ("(?<!t)sh", "ch"),
            ("u", "ou"),
            ("oou", "ou"),
            ("yan\\b", "ian"),
            ("iian", "ian"),
        ),
        "x, gh as g": by_rules(("kh", "x"), ("gh", "g"), ("ye", "e"), ("dz", "z")),
        "German": by_rules(("j", "dsch"), ("ch", "tsch"), ("sh", "sch"), ("v", "w"), ("y", "j"), ("z", "s")),
    },
)

_NAGARI_CONSONANTS = table(
    "क k ख kh ग g घ gh ङ n च ch छ chh ज j झ jh ञ n ट t ठ th ड d ढ dh ण n त t थ th द d ध dh न n प p फ ph ब b भ bh म m "
    "य y र r ल l व v श sh ष sh स s ह h ळ l"
)
_NAGARI_VOWELS = table(
    "अ a आ ā इ i ई ī उ u ऊ ū ऋ ri ए e ऐ ai ओ o औ au ा ā ि i ी ī ु u ू ū ृ ri े e ै ai ो o ौ au ॉ o ॅ e"
)
_SIGNS = table("ं n ँ n ः h ़ - ऽ -")


def _nagari(word: str, *, keep_a: bool = False) -> str:
    """Write a word in Devanagari: the silent a is left out at the end and between vowels, as Hindi does."""
    units: list[str] = []
    for sign in word:
        if sign in _NAGARI_CONSONANTS:
            units += [_NAGARI_CONSONANTS[sign], "ə"]
        elif sign == "्" and units and units[-1] == "ə":
            units.pop()
        elif sign in _NAGARI_VOWELS:
            if units and units[-1] == "ə":
                units.pop()
            units.append(_NAGARI_VOWELS[sign])
        elif sign in _SIGNS:
            units.append(_SIGNS[sign])
    text = "".join(units)
    if not keep_a:
        text = re.sub(r"(?<=[^aeiouāīūə])ə$", "", text)
        text = re.sub(
            r"(?<=[aeiouāīūə])([bcdfgjklmnpqrstvyzh]h?)ə([bcdfgjklmnprstvyzh]h?)(?=[aeiouāīū])", r"\1\2", text
        )
    return text.replace("ə", "a")


def _indian(*rules: tuple[str, str], keep_a: bool = False) -> Write:
    def write(name: str) -> str:
        text = " ".join(_nagari(word, keep_a=keep_a) for word in name.split())
        for pattern, instead in rules:
            text = re.sub(pattern, instead, text)
        return capitals(bare(text))

    return write


HINDI = Language(
    "Hindi and Nepali",
    {
        "Hunterian, bare": _indian(),
        "doubled vowels": _indian(("ā(?=[^aeiouāīū ]*[aeiouāīū ])", "aa"), ("ī", "ee"), ("ū", "oo")),
        "a kept": _indian(("chh", "ch"), keep_a=True),
        "w, s": _indian(("v", "w"), ("sh", "s"), ("chh", "ch")),
        "Bengal, Nepal": _indian(("v", "b"), ("y(?=[aeiouāīū])", "j"), ("ph", "f")),
        "single h dropped": _indian(("([kgjtdpb])h", r"\1"), ("ī\\b", "y"), ("ksh", "x")),
    },
)
INDIAN = Language(
    "India and Sri Lanka",
    {
        "as listed": as_it_stands,
        "long vowels doubled": by_rules(
            (r"i(?=[^aeiou ]\b)", "ee"),
            (r"u(?=[^aeiou ]\b)", "oo"),
            (r"(?<=[^aeiou ])a(?=[^aeiou ]\b)", "aa"),
        ),
        "long vowels single": by_rules(("aa", "a"), ("ee", "i"), ("oo", "u")),
        "th as t, dh as d": by_rules(("([tdbgkp])h", r"\1"), ("sh", "s")),
        "t as th, d as dh": by_rules(("t(?=[aeiou])", "th"), ("d(?=[aeiou])", "dh")),
        "w": by_rules(("v", "w"), ("ks", "x"), ("zh", "l")),
        "a dropped": by_rules((r"(?<=[^aeiou ][^aeiou ])a\b|(?<=[aeiou][^aeiou ])a\b", "")),
        "y, ie, double letters single": by_rules((r"i\b", "y"), (r"([lmnprstk])\1", r"\1")),
    },
)

_ICAO = {
    "ä": "ae",
    "å": "aa",
    "æ": "ae",
    "ö": "oe",
    "ø": "oe",
    "ü": "ue",
    "ß": "ss",
    "þ": "th",
    "ð": "d",
    "ñ": "n",
    "đ": "d",
    "ł": "l",
    "œ": "oe",
    "ı": "i",
}


def zone_letters(name: str) -> str:
    """Return a name as a machine-readable zone writes its letters."""
    text = unicodedata.normalize("NFC", name.lower()).translate(str.maketrans(_ICAO))
    return re.sub(r"[^a-z ]", "", bare(text).replace("-", " "))


def zone(places: int) -> Write:
    """Return the zone of so many places for the name: the last word is the family's, what is too long is cut off.

    Source: ICAO Doc 9303 part 3, 4.6, truncation of names from the right.
    """

    def write(name: str) -> str:
        *given, family = zone_letters(name).upper().split()
        return f"{family}<<{'<'.join(given)}"[:places]

    return write


GERMANIC = Language(
    "German and Nordic",
    {
        "with marks": as_it_stands,
        "marks dropped": bare,
        "ae, oe, aa": lambda name: capitals(zone_letters(name)),
        "ø and ö by turns, å as o": by_rules(("ø", "ö"), ("æ", "ä"), ("å", "o"), ("ß", "s")),
        "family first": lambda name: " ".join([bare(name).split()[-1] + ",", *bare(name).split()[:-1]]),
    },
)
TURKISH = Language(
    "Turkish",
    {
        "with marks": as_it_stands,
        "marks dropped": bare,
        "English": by_rules(
            ("c", "j"),
            ("ş", "sh"),
            ("ç", "ch"),
            ("ı", "i"),
            ("ğ", "gh"),
            ("ö", "o"),
            ("ü", "u"),
            ("i̇", "i"),
            ("[âîû]", "a"),
        ),
        "German": by_rules(
            ("i̇", "i"),
            ("z", "s"),
            ("c", "dsch"),
            ("ş", "sch"),
            ("ç", "tsch"),
            ("ı", "i"),
            ("ğ", ""),
            ("v", "w"),
            ("y", "j"),
        ),
        "ğ dropped, ı as y": by_rules(
            ("i̇", "i"), ("ğ", ""), ("ı", "y"), ("ş", "s"), ("ç", "c"), ("ö", "oe"), ("ü", "ue")
        ),
    },
)
POLISH_CZECH = Language(
    "Polish and Czech",
    {
        "with marks": as_it_stands,
        "marks dropped": bare,
        "English": by_rules(
            ("cz|č|ć", "ch"),
            ("sz|š|ś", "sh"),
            ("ž|ż|rz|ź", "zh"),
            ("ř", "rzh"),
            ("ł", "l"),
            ("w", "v"),
            ("j", "y"),
            ("ch(?=[aou])", "ch"),
            ("c(?!h)", "ts"),
            ("ą", "on"),
            ("ę", "en"),
            ("ě", "ye"),
            ("ó", "u"),
        ),
        "German": by_rules(
            ("cz|č|ć", "tsch"),
            ("sz|š|ś", "sch"),
            ("ž|ż|ź", "sch"),
            ("ł", "l"),
            ("v", "w"),
            ("c(?!h)", "z"),
            ("ř", "rsch"),
            ("ý\\b", "y"),
        ),
        "-ova dropped": then(
            bare,
            by_rules((r"ova\b", "")),
        ),
    },
)


def _scanned(*rules: tuple[str, str]) -> Write:
    """Return a way to misread one sign: the first that a rule finds."""

    def write(name: str) -> str:
        text = zone_letters(name).upper()
        for pattern, instead in rules:
            found, times = re.subn(pattern, instead, text, count=1)
            if times:
                return found
        return text

    return write


ZONES = Language(
    "Machine-readable zones",
    {
        "as listed": as_it_stands,
        "zone, 39 places": zone(39),
        "zone, 31 places": zone(31),
        "zone, 30 places": zone(30),
        "0 for O, 1 for I": _scanned(("(?<=[A-Z])O", "0"), ("(?<=[A-Z])I", "1")),
        "1 for L, m for rn": _scanned(("RN", "M"), ("(?<=[A-Z])L", "1"), ("M", "RN")),
        "5 for S, 8 for B, 2 for Z": _scanned(("(?<=[A-Z])S", "5"), ("B", "8"), ("Z", "2")),
    },
)
LONG_ZONES = Language(
    "Long names in zones",
    {
        "as listed": as_it_stands,
        "zone, 39 places": zone(39),
        "zone, 31 places": zone(31),
        "zone, 30 places": zone(30),
    },
)
