"""Ethiopic: each sign is a consonant with one of seven vowels, which its Unicode name spells out."""

import unicodedata

from comity.names.readings.reading import Choice, Reading, best_paths, choice_table, choices, ranked

_CONSONANTS = choice_table(
    "H h, L l, HH h, M m, SZ s, R r, S s, SH sh, Q k q:0.6, QH q, B b v:0.1, V v, T t, C ch, "
    "X h, N n, NY gn ny:0.8 n:0.3, K k, KX kh, W w, Z z, ZH zh j:0.3, Y y, D d, DD d, J j, "
    "G g, GG ng, TH t th:0.2, CH ch, PH p, TS ts s:0.3, TZ ts s:0.3, F f, P p, RY ry, MY my, "
    "FY fy"
)
_VOWELS = {
    "A": choices("e a:0.8"), "U": choices("u"), "I": choices("i"), "AA": choices("a"), "EE": choices("e ie:0.2"),
    "E": choices("i e:0.6 -:0.6"), "O": choices("o"), "WA": choices("wa ua:0.3"), "WAA": choices("wa ua:0.3"),
    "WE": choices("we"), "WI": choices("wi"), "WEE": choices("we"), "OA": choices("oa"),
}  # fmt: skip
_ALONE: dict[str, tuple[Choice, ...]] = {"A": choices("a e:0.5"), "E": choices("i e:0.9")}


def _places(letter: str, *, last: bool) -> list[tuple[Choice, ...]]:
    name = unicodedata.name(letter, "")
    sound = name.rpartition("SYLLABLE ")[2].replace("GLOTTAL ", "").replace("PHARYNGEAL ", "")
    stem = next(
        (stem for size in (2, 1) if (stem := sound[:size]) in _CONSONANTS and sound[size:] in _VOWELS), ""
    )
    vowel = sound[len(stem) :]
    if "GLOTTAL" in name or "PHARYNGEAL" in name:
        return [_ALONE.get(vowel, _VOWELS.get(vowel, ()))]
    if last and vowel == "E":
        return [_CONSONANTS[stem], choices("- e:0.2")]
    return [_CONSONANTS[stem], _VOWELS[vowel]] if stem else []


def read_ethiopic(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Ethiopic script (Amharic, Tigrinya).

    >>> read_ethiopic("አበበ")[0].text
    'abebe'
    """
    places = [
        choice
        for place, letter in enumerate(word)
        for choice in _places(letter, last=place == len(word) - 1)
        if choice
    ]
    return ranked(Reading(text, weight, "ethiopic") for text, weight in best_paths(places, 10))
