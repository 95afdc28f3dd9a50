"""Burmese: a syllable's vowel and closing consonant are one rhyme, spelt as people of Myanmar spell it.

letters -> syllables (onset, rhyme, creaky tone) -> spellings of each -> the likeliest words

Spellings follow what passports carry (Maung, Kyaw, Htun, Myint), not a scholarly system. Stacked letters of Pali
origin close the syllable before and open the next.
"""

import re
import unicodedata

from comity.names.readings.reading import Choice, Reading, best_paths, choice_table, ranked

Choices = tuple[Choice, ...]

_ONSETS = choice_table(
    "က k, ခ kh k:0.8, ဂ g, ဃ g gh:0.3, င ng, စ s, ဆ s hs:0.5, ဇ z, ဈ z, ည ny, ဉ ny, ဋ t, ဌ ht t:0.6, "
    "ဍ d, ဎ d, "
    "ဏ n, တ t, ထ ht t:0.8, ဒ d, ဓ d dh:0.2, န n, ပ p, ဖ ph p:0.9 hp:0.2, ဗ b, ဘ b ph:0.4 bh:0.2, မ m, "
    "ယ y, ရ y r:0.9, "
    "လ l, ဝ w, သ th t:0.1, ဟ h, ဠ l, အ -, ဿ th, "
    "ကျ ky gy:0.2 ch:0.1, ကြ ky gy:0.2, ချ ch khy:0.2, ခြ ch khy:0.2, ဂျ gy j:0.9, ဂြ gy, ငြ ng ny:0.4, "
    "ပျ py, ပြ py, "
    "ဖျ phy py:0.5, ဖြ phy py:0.4, ဗျ by, ဗြ by, ဘျ by, မျ my, မြ my, လျ ly y:0.5, တြ tr t:0.3, "
    "ဒြ dr d:0.3, "
    "ရှ sh, သျှ sh, လျှ sh, ယှ sh, မှ hm m:0.4, မျှ hmy my:0.5, မြှ hmy my:0.5, နှ hn n:0.5, "
    "လှ hl l:0.2, ဝှ wh w:0.5, "
    "ညှ hny ny:0.6, ငှ hng"
)
_RHYMES = choice_table(
    ": a ah:0.1, ာ a ar:0.6 ah:0.2, ိ i, ီ i ee:0.5 y:0.2, ု u, ူ u oo:0.2 uu:0.1, "
    "ေ ay e:0.7 ei:0.3 ai:0.2, "
    "ဲ e ae:0.4 ai:0.3 eh:0.2, ော aw o:0.4, ော် aw o:0.4, ို o oe:0.8, ံ an am:0.2, ိံ ein, "
    "ုံ on one:0.3 oan:0.3 um:0.3, "
    "က် et ek:0.3 at:0.2, ောက် auk aung:0.1, ိုက် aik ike:0.4 ite:0.4, င် in, ောင် aung ong:0.1, "
    "ိုင် aing ine:0.5, ိင် ein in:0.6, စ် it, ဉ် in, ည် i e:0.4 ee:0.4 ay:0.3 in:0.2, တ် at, "
    "ိတ် eik ate:0.4 eit:0.4 it:0.3, "
    "ုတ် ok oke:0.5 ote:0.3 ut:0.3, ဋ် at, ဒ် at ad:0.4, ိဒ် eik, ုဒ် ok, ဓ် at, ပ် at ap:0.4, "
    "ိပ် eik ate:0.4 ip:0.3, "
    "ုပ် ok oke:0.4 up:0.3, ဗ် at, န် an, ိန် ein in:0.3, ုန် on oun:0.5 one:0.5 un:0.3 ohn:0.2, ဏ် an, "
    "ုဏ် on, "
    "မ် an am:0.7, ိမ် ein im:0.4 eim:0.2, ုမ် on um:0.5 oum:0.2, ယ် e ai:0.5 ay:0.4 ei:0.3 eh:0.2, "
    "ိယ် i e:0.3, ဿ် at, လ် al an:0.3 -:0.1, ိလ် ein il:0.5, ိုလ် o ol:0.2, ဟ် a ah:0.3, သ် at ath:0.3, "
    "ရ် a ar:0.6, ဝ် aw, ခ် et"
)
# After the glide w the vowel darkens: Tun, Lut, Htwe.
_AFTER_W = choice_table(
    ": wa, ာ wa war:0.4, န် un wun:0.3 on:0.3 wan:0.2, မ် un um:0.4, တ် ut wut:0.4, ပ် ut wut:0.3, င် win, "
    "က် wet, ယ် we wai:0.5 way:0.4 wel:0.2, ေ way we:0.9, ဲ we wae:0.5, ီ wi, ံ un, ့ wa"
)
_ALONE = choice_table(
    "ဣ i e:0.4, ဤ i ee:0.3, ဥ u oo:0.2, ဦ u oo:0.2, ဧ e ay:0.8 a:0.2, ဩ aw o:0.4, ဪ aw, ၏ i, ၎ la"
)
_AYE: Choices = (("aye", 1.0), ("ay", 0.8), ("e", 0.5), ("a", 0.2))
_VOICED = {"t": (("d", 0.4),), "p": (("b", 0.3),), "s": (("z", 0.2),), "k": (("g", 0.2),)}
# A creaky nasal is often spelt with a t: Myint, Nyunt, Khant.
_CREAKY_END: Choices = (("t", 1.0), ("", 0.8))
_NASAL_ENDS = frozenset("nm")
_SYLLABLE = re.compile(
    "(?P<alone>[ဣဤဥဦဧဩဪ၏၎])(?P<closed_alone>[က-ဿ]္|[က-အ]့?်)?"
    "|(?P<onset>[က-အဿ])(?P<medials>[ျြွှ]*)(?P<vowel>[ါာိီုူေဲ်]*)"
    "(?P<anusvara>ံ?)(?P<creaky>့?)(?:(?P<final>[က-အဿ])(?P<creaky_end>့?)(?:့်?္?|္))?[းံ့]*"
)


def _onset(match: re.Match[str]) -> tuple[Choices, bool]:
    """Return what the onset writes and whether the glide w follows it."""
    medials = match["medials"]
    plain = medials.replace("ွ", "")
    known = _ONSETS.get(match["onset"] + plain)
    if known is None:
        glide = "y" if "ျ" in plain or "ြ" in plain else ""
        breath = "h" if "ှ" in plain else ""
        known = tuple((breath + text + glide, weight) for text, weight in _ONSETS[match["onset"]])
    return known, "ွ" in medials


def _rhyme(match: re.Match[str], *, after_w: bool) -> Choices:
    vowel = match["vowel"].replace("ါ", "ာ") + match["anusvara"]
    final = match["final"] or ""
    key = vowel + final + "်" if final else vowel
    if after_w and key in _AFTER_W:
        return _AFTER_W[key]
    if after_w and not key:
        return _AFTER_W[":"]
    if key == "ေ" and match["onset"] == "အ":
        return _AYE
    rhyme = _RHYMES.get(key or ":")
    if rhyme is None:
        # A rhyme that native words do not have: a foreigner's, spelt letter by letter.
        closing = _ONSETS.get(final, (("", 1.0),))
        opening = _RHYMES.get(vowel or ":", (("a", 1.0),))
        rhyme = tuple((first + last, one * other) for first, one in opening for last, other in closing)
    return tuple(("w" + text, weight) for text, weight in rhyme) if after_w else rhyme


def _creaky(match: re.Match[str], rhyme: Choices) -> bool:
    marked = "့" in match.group()
    return marked and bool(match["final"] or match["anusvara"]) and rhyme[0][0][-1:] in _NASAL_ENDS


def syllables(word: str) -> list[list[Choices]]:
    """Return for each syllable of a Burmese word the choices of its parts, onset first."""
    found: list[list[Choices]] = []
    closed = False
    for match in _SYLLABLE.finditer(unicodedata.normalize("NFC", word)):
        if match["alone"]:
            closing = (match["closed_alone"] or "")[:1]
            parts = [_ALONE[match["alone"]]]
            if closing:
                parts.append(_ONSETS[closing])
            closed = bool(closing)
            found.append(parts)
            continue
        onset, after_w = _onset(match)
        if found and not closed:
            # Between vowels a voiceless letter is spoken, and at times spelt, voiced: Thida.
            onset = (*onset, *_VOICED.get(onset[0][0], ()))
        rhyme = _rhyme(match, after_w=after_w)
        parts = [onset, rhyme]
        if _creaky(match, rhyme):
            parts.append(_CREAKY_END)
        closed = bool(match["final"])
        found.append(parts)
    return found


def read_burmese(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Burmese.

    >>> read_burmese("အောင်")[0].text
    'aung'
    """
    places = [part for parts in syllables(word) for part in parts]
    return ranked(Reading(text, weight, "burmese") for text, weight in best_paths(places, 12))
