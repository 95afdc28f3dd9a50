"""Firearms: serial numbers and calibres.

A calibre is written in many ways: 9mm, 9x19, 9 MM LUGER, 9mm Parabellum are one. The table is Comity's
own, of the calibres that police meet most; what it does not know is kept in usual abbreviations. Source of
the facts: the designations of C.I.P. (commission for the proof of small arms) and SAAMI.
"""

import re
from functools import cache

from comity.records.fieldtype import Comparison, FieldType, Json
from comity.records.types.identifier import compact, identifier, parse_identifier

FIREARM_SERIAL = identifier("firearm_serial")
CALIBRE_MAX = 60
METRIC = re.compile(r"(\d{1,2}(?:[.,]\d{1,2})?) ?(?:MM)? ?[X×*] ?(\d{2}) ?(?:MM)?")

CALIBRES: dict[str, str] = {
    "9X19": "9;9MM;9 LUGER;9 MM;9 PARABELLUM;9 PARA;9 NATO;9 LUGER +P;9 X 19 LUGER;9 X 19 PARA",
    "9X18": "9 MAKAROV;9 MAK;9 PM;9 X 18 MAKAROV",
    "9X17": "9 KURZ;9 SHORT;9 CORTO;9 COURT;380 ACP;380 AUTO;380;380 ACP AUTO;9 X 17 KURZ;9 BROWNING SHORT",
    "9X21": "9 X 21 IMI",
    "7.65X17": "7.65 BROWNING;32 ACP;32 AUTO;7.65 X 17 SR;7.65",
    "7.65X21": "7.65 PARABELLUM;7.65 LUGER;30 LUGER",
    "6.35X16": "6.35 BROWNING;25 ACP;25 AUTO;6.35 X 15;6.35;6.35 X 16 SR",
    "7.62X25": "7.62 TOKAREV;30 MAUSER;7.63 X 25 MAUSER;7.62 TT",
    "7.62X38": "7.62 NAGANT;7.62 X 38 R",
    "5.45X18": "5.45 PSM",
    "5.7X28": "5.7 FN",
    "4.6X30": "4.6 HK",
    ".45ACP": "45;45 AUTO;45 ACP;11.43X23;45 COLT AUTO",
    ".45COLT": "45 COLT;45 LONG COLT;45 LC;45 COLT 45 LONG COLT",
    ".40SW": "40;40 S&W;40 SW;40 SMITH & WESSON;10 SHORT",
    ".357MAG": "357;357 MAGNUM;357 MAG;357 S&W MAGNUM",
    ".357SIG": "357 SIG",
    ".38SPECIAL": "38;38 SPECIAL;38 SPL;38 SPEC;38 S&W SPECIAL;9X29",
    ".38SUPER": "38 SUPER;38 SUPER AUTO",
    ".38SW": "38 S&W;38 SW",
    ".44MAG": "44 MAGNUM;44 MAG;44 REMINGTON MAGNUM;44 REM MAG;44 REMINGTON MAG",
    ".44SPECIAL": "44 SPECIAL;44 SPL;44 SPC;44 S&W SPECIAL",
    ".50AE": "50 AE;50 ACTION EXPRESS",
    ".50BMG": "50 BMG;12.7X99;50 BROWNING;12.7 X 99 NATO",
    "12.7X108": "12.7 X 108",
    "10MM": "10 AUTO;10 MM;10X25;10MM AUTO;10 ACP",
    ".22LR": "22;22 LR;22 LONG RIFLE;5.6 X 15 R;22 L R;22 LONG",
    ".22SHORT": "22 SHORT",
    ".22WMR": "22 WMR;22 MAGNUM;22 MAG;22 WIN MAG",
    ".17HMR": "17 HMR",
    "5.56X45": "5.56;5.56 NATO;223;223 REM;223 REMINGTON;5.56 X 45 NATO;223 5.56",
    "5.45X39": "5.45",
    "7.62X39": "7.62 SOVIET;7.62 KALASHNIKOV;7.62 X 39 SOVIET;7.62 RUSSIAN",
    "7.62X51": "7.62 NATO;308;308 WIN;308 WINCHESTER;7.62 X 51 NATO",
    "7.62X54": "7.62 X 54 R;7.62 MOSIN;7.62 RUSSIAN RIMMED",
    "7.62X63": "30-06;30-06 SPRINGFIELD;30 06 SPRG",
    "7.62X33": "30 CARBINE;30 M1 CARBINE",
    "7.62X35": "300 BLACKOUT;300 BLK;300 AAC BLACKOUT",
    "7.92X57": "8X57;8 MAUSER;8 X 57 IS;8 X 57 JS;7.92 MAUSER",
    "6.5X55": "6.5 X 55 SWEDISH;6.5 SWEDISH MAUSER",
    "6.5CREEDMOOR": "6.5 CREEDMOOR;6.5 CM",
    "7X64": "7 X 64 BRENNEKE",
    ".243WIN": "243;243 WIN;243 WINCHESTER",
    ".270WIN": "270;270 WIN;270 WINCHESTER",
    ".300WM": "300 WIN MAG;300 WIN;300 WINCHESTER MAGNUM;300 WM",
    ".303BRITISH": "303;303 BRITISH;7.7X56 R;303 BRIT",
    ".30-30WIN": "30-30;30-30 WIN;30-30 WINCHESTER",
    ".338LM": "338 LAPUA;338 LAPUA MAGNUM;338 LAPUA MAG;8.6X70",
    "12GA": "12 GAUGE;12 GA;12 BORE;12;CALIBRE 12;12X70;12X76;12 CAL",
    "16GA": "16 GAUGE;16 GA;16 BORE;16",
    "20GA": "20 GAUGE;20 GA;20 BORE;20;20X76",
    "28GA": "28 GAUGE;28 GA;28 BORE",
    ".410": "410 BORE;410 GAUGE;410 GA",
    "8MMKNALL": "8 KNALL;8 BLANK;8 P A;8 PAK",
    "9MMPAK": "9 PAK;9 P A;9 P A K;9 P A BLANK;9 BLANK;9 R KNALL",
    "4.5MM": "4.5 AIR;177;177 AIR;4.5 BB",
}
"""The canonical code of each calibre, and other spellings (without dots before, inches and mm marks)."""

ABBREVIATIONS = {"WEATHERBY": "WBY", "REMINGTON": "REM", "WINCHESTER": "WIN", "MAGNUM": "MAG"} | {
    "GOVERNMENT": "GOVT",
    "GOV": "GOVT",
    "GAUGE": "GA",
    "CALIBER": "CAL",
    "EXPRESS": "EXP",
    "LUGAR": "LUGER",
    "AUTOMATIC": "AUTO",
}
IN_BRACKETS = re.compile(r"\([^()]*\)")
UNSAID = re.compile(r"\b(?:MM|CAL|CALIBRE|CALIBER|KALIBER|MAG)\b")
NOISE = re.compile(r"\b(?:MM|CAL|CALIBRE|CALIBER|KALIBER|CARTRIDGE)\b")


def parse_calibre(value: Json, field: str) -> Json:
    """Return the canonical code of a calibre: `9X19`, `.45ACP`, `12GA`.

    One that the table does not know comes back in usual abbreviations, so that its spellings still meet.
    """
    text = parse_identifier(value, field, CALIBRE_MAX).replace("×", "X")
    return _calibre(text) or _abbreviated(text)


def _abbreviated(text: str) -> str:
    words = (ABBREVIATIONS.get(word, word) for word in IN_BRACKETS.sub(" ", text).replace(".", " ").split())
    short = " ".join(words)
    return _calibre(short) or (short if compact(short) else text)


def _calibre(text: str) -> str | None:
    return next((code for form in _forms(text) if (code := _known().get(compact(form)))), None)


def _forms(text: str) -> list[str]:
    """Return ways to look a calibre up: as written, without unit words, the metric size alone."""
    text = text.replace("×", "X").replace(",", ".").replace("MM", " MM ")
    bare = NOISE.sub(" ", text)
    metric = METRIC.search(text.replace("  ", " "))
    return [text, bare] + ([f"{metric[1]}X{metric[2]}"] if metric else [])


@cache
def _known() -> dict[str, str]:
    known = {compact(code): code for code in CALIBRES}
    for code, spellings in CALIBRES.items():
        for spelling in spellings.split(";"):
            known.setdefault(compact(spelling), code)
    return known


def calibre_key(value: Json) -> str:
    """Return the form in which two calibres are compared: without dots, spaces, unit words and "magnum".

    Sellers leave "magnum" out where the name says enough: .300 Weatherby, .416 Remington.
    """
    return compact(UNSAID.sub(" ", str(value).replace("MM", " MM ")))


CALIBRE = FieldType("calibre", Comparison.CODE, parse_calibre, calibre_key)
