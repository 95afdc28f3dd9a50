"""How well do two names agree, and why? Words are paired one to one, each pair weighed by rule and rarity.

    query, names of the record -> cuts -> prices between words -> best pairing -> weights -> the best name

A weight is the logarithm of how much likelier the meeting is for the same person than for another one.
Absent is not contrary: a word that only one side has weighs little against, two words that stand against
each other weigh much.
"""

import math
from collections.abc import Sequence

from comity.matching.names.doubts import price_of_doubt, suffix_meant
from comity.matching.names.pack import PackedCut, Prices, pack_query, pack_record, prices_between
from comity.matching.names.values import NameComparison, Rarity, RecordName, Rule, WordAgreement
from comity.names.chance import weight_of_meeting
from comity.names.likeness import FAR
from comity.names.parts import Name, Word

# Against: a word of the query that the record lacks, one of the record's that the query lacks, two that differ.
MISSING = -1.2
EXTRA = -0.35
CONTRADICTS = -3.5
# The same, where custom lets the word come and go: patronymics, initials.
OPTIONAL_MISSING = -0.3
OPTIONAL_EXTRA = -0.1
INITIAL = 1.5
CUT_OFF_SHARE = 0.6
PARTICLE_MAX = 0.4
PARTICLE_MISSING = -0.05
SUFFIX_CONTRADICTS = -9.0
# What kind of name it met: a weak alias is shared by many.
TYPE_WEIGHTS = {"weak": -2.0, "alias": -0.2}
# Name-only score: at this weight it is as likely as not that the person is meant.
EVEN_WEIGHT = 9.0
SCORE_SLOPE = 0.8

_Pair = tuple[float, int, int, Rule, float]


def compare_names(query: Name, record_names: Sequence[RecordName], rarity: Rarity) -> NameComparison:
    """Return how the query meets the record's names: the best of them, with each word's part in it.

    `rarity` is asked for the words of both. Without a readable name in the record nothing agrees.
    """
    best: NameComparison | None = None
    for held in record_names:
        for record in pack_record(held.text):
            for asked in pack_query(query):
                met = _compare_cuts(asked, record, held, rarity)
                if best is None or met.weight > best.weight:
                    best = met
    if best is None:
        words = tuple(WordAgreement(word.text, None, "missing", 0.0, MISSING) for word in query.words)
        weight = sum(word.weight for word in words)
        return NameComparison(weight, _score(weight), record_names[0].text if record_names else "", words)
    return best


def _score(weight: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, SCORE_SLOPE * (weight - EVEN_WEIGHT)))))


def _compare_cuts(query: PackedCut, record: PackedCut, held: RecordName, rarity: Rarity) -> NameComparison:
    prices = prices_between(query, record)
    pairs = sorted(_pairs(query, record, prices, rarity), key=lambda pair: (-pair[0], pair[1], pair[2]))
    query_used: set[int] = set()
    record_used: set[int] = set()
    words: list[tuple[int, WordAgreement]] = []
    for weight, part, other, rule, rare in pairs:
        asked = set(range(query.first[part], query.last[part] + 1))
        met = set(range(record.first[other], record.last[other] + 1))
        if asked & query_used or met & record_used:
            continue
        query_used |= asked
        record_used |= met
        agreement = WordAgreement(_text(query, part), _text(record, other), rule, rare, weight)
        words.append((query.first[part], agreement))
    words.extend(_leftovers(query, record, query_used, record_used, rarity))
    words.sort(key=lambda found: found[0])
    agreements = tuple(agreement for _, agreement in words)
    weight = sum(agreement.weight for agreement in agreements) + TYPE_WEIGHTS.get(held.type, 0.0)
    return NameComparison(weight, _score(weight), held.text, agreements)


def _text(cut: PackedCut, part: int) -> str:
    return " ".join(word.text for word in cut.words[cut.first[part] : cut.last[part] + 1])


def _pairs(query: PackedCut, record: PackedCut, prices: Prices, rarity: Rarity) -> list[_Pair]:
    found: list[_Pair] = []
    for part in range(len(query.first)):
        for other in range(len(record.first)):
            price = float(prices.price[part, other])
            if price < FAR:
                pair = _pair(query, record, part, other, prices, rarity)
                if pair[0] > 0:
                    found.append(pair)
    return found


def _pair(
    query: PackedCut, record: PackedCut, part: int, other: int, prices: Prices, rarity: Rarity
) -> _Pair:
    price = float(prices.price[part, other])
    asked, met = _text(query, part), _text(record, other)
    one, two = query.words[query.first[part]], record.words[record.first[other]]
    rule = _rule(query, record, part, other, prices)
    if rule != "nickname" and _is_word(query, part) and _is_word(record, other):
        price += price_of_doubt(one, two, price)
        if price >= FAR:
            return (0.0, part, other, rule, 0.0)
    rare = min(rarity.idf(asked.replace(" ", "")), rarity.idf(met.replace(" ", "")))
    spelling = query.forms[part][0].text if query.forms[part] else asked
    if len(spelling) == 1:
        return (INITIAL, part, other, "initial", rare)
    weight = weight_of_meeting(spelling, rare, price)
    if _is_light(query, part) or _is_light(record, other):
        return (min(weight, PARTICLE_MAX), part, other, "particle", rare)
    return (weight, part, other, rule, rare)


def _is_word(cut: PackedCut, part: int) -> bool:
    return cut.first[part] == cut.last[part]


def _is_light(cut: PackedCut, part: int) -> bool:
    return _is_word(cut, part) and not cut.words[cut.first[part]].bears_identity


def _rule(query: PackedCut, record: PackedCut, part: int, other: int, prices: Prices) -> Rule:
    one, two = query.words[query.first[part]], record.words[record.first[other]]
    if query.first[part] != query.last[part] or record.first[other] != record.last[other]:
        return "joined"
    if one.text == two.text:
        return "same"
    meant = query.forms[part][int(prices.form[part, other])]
    if meant.rule == "nickname":
        return "nickname"
    if one.script != two.script:
        return "transliteration"
    if prices.by_letters[part, other] and float(prices.price[part, other]) >= 1.0:
        return "typing-error"
    return "spelling"


def _leftovers(
    query: PackedCut, record: PackedCut, query_used: set[int], record_used: set[int], rarity: Rarity
) -> list[tuple[int, WordAgreement]]:
    """Return what words without a counterpart weigh: initials and cut words for, all others against."""
    words: list[tuple[int, WordAgreement]] = []
    asked = [place for place in range(len(query.words)) if place not in query_used]
    held = [place for place in range(len(record.words)) if place not in record_used]
    for place in list(asked):
        for other in held:
            met = _short_meeting(query, place, record, other, rarity)
            if met:
                words.append((place, met))
                asked.remove(place)
                held.remove(other)
                break
    for place in list(asked):
        rival = next((other for other in held if _contrary(query.words[place], record.words[other])), None)
        if rival is not None:
            words.append((place, _against(query.words[place], record.words[rival], rarity)))
            asked.remove(place)
            held.remove(rival)
    words.extend((place, _alone(query.words[place], "missing", rarity)) for place in asked)
    words.extend((len(query.words) + place, _alone(record.words[place], "extra", rarity)) for place in held)
    return words


def _contrary(one: Word, other: Word) -> bool:
    """Whether two words stand in each other's place: both core, and of no roles that differ."""
    if one.role == "suffix" or other.role == "suffix":
        return one.role == other.role and suffix_meant(one.text) != suffix_meant(other.text)
    if not (one.bears_identity and other.bears_identity):
        return False
    return "patronymic" not in {one.role, other.role} or one.role == other.role


def _against(one: Word, other: Word, rarity: Rarity) -> WordAgreement:
    weight = SUFFIX_CONTRADICTS if one.role == "suffix" else CONTRADICTS
    return WordAgreement(one.text, other.text, "contradicts", rarity.idf(one.text), weight)


def _alone(word: Word, rule: Rule, rarity: Rarity) -> WordAgreement:
    optional = word.role in {"patronymic", "initial"} or len(word.text) == 1
    if not word.bears_identity:
        weight = PARTICLE_MISSING
    elif rule == "missing":
        weight = OPTIONAL_MISSING if optional else MISSING
    else:
        weight = OPTIONAL_EXTRA if optional else EXTRA
    if rule == "missing":
        return WordAgreement(word.text, None, rule, rarity.idf(word.text), weight)
    return WordAgreement("", word.text, rule, rarity.idf(word.text), weight)


def _short_meeting(
    query: PackedCut, place: int, record: PackedCut, other: int, rarity: Rarity
) -> WordAgreement | None:
    """Return the agreement of an initial with a word, or of a word cut off with the whole one, if they fit."""
    one, two = query.words[place], record.words[other]
    if not (one.bears_identity and two.bears_identity and query.forms[place] and record.forms[other]):
        return None
    asked, held = query.forms[place][0].text, record.forms[other][0].text
    short, full = sorted((asked, held), key=len)
    if not full.startswith(short):
        return None
    if len(short) == 1:
        return WordAgreement(one.text, two.text, "initial", INITIAL, INITIAL)
    if len(short) < 3:
        return None
    rare = rarity.idf(one.text)
    weight = CUT_OFF_SHARE * weight_of_meeting(short, min(rare, rarity.idf(two.text)), 0.0)
    return WordAgreement(one.text, two.text, "cut-off", rare, weight)
