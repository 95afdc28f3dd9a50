"""Conditions that several colours share, and the small checks that conditions are made of."""

import unicodedata
from collections.abc import Callable

from comity.records.kind import Field
from comity.records.notices.colour import Condition, Stated, Verdict
from comity.records.types.choice import choice
from comity.records.types.country import COUNTRY
from comity.records.types.dates import PARTIAL_DATE
from comity.records.types.text import LABEL, LONG_TEXT

YES_NO = choice(
    "yes_no",
    ("yes", "no"),
    {"y": "yes", "n": "no", "true": "yes", "false": "no", "oui": "yes", "non": "no"}
    | {"sí": "yes", "si": "yes", "نعم": "yes", "لا": "no"},
)

FACTS = (
    Field("facts", LONG_TEXT),
    Field("facts_translation", LONG_TEXT),
    Field("facts_date", PARTIAL_DATE),
    Field("facts_place", LABEL),
    Field("facts_country", COUNTRY),
)
"""What happened, when and where: every colour needs it, told in the request's own language."""

FILES = (Field("photo", LABEL), Field("fingerprints", LABEL), Field("dna", LABEL))
"""Where the photograph, the prints and the profile are kept: the bureau's own references."""


def met_if(is_met: Callable[[Stated], bool]) -> Callable[[Stated], Verdict]:
    """Return the check that is met or missing."""
    return lambda stated: Verdict.MET if is_met(stated) else Verdict.MISSING


def judged_if(is_stated: Callable[[Stated], bool]) -> Callable[[Stated], Verdict]:
    """Return the check that leaves what is stated to the reviewer."""
    return lambda stated: Verdict.TO_JUDGE if is_stated(stated) else Verdict.MISSING


def states(*names: str) -> Callable[[Stated], Verdict]:
    """Return the check that all these particulars are stated."""
    return met_if(lambda stated: all(stated.of_request(name) for name in names))


def weighs(*names: str) -> Callable[[Stated], Verdict]:
    """Return the check that all these particulars are stated, for the reviewer to weigh."""
    return judged_if(lambda stated: all(stated.of_request(name) for name in names))


def affirms(name: str) -> Callable[[Stated], Verdict]:
    """Return the check that the request answers yes."""
    return met_if(lambda stated: stated.word(name) == "yes")


def has_name(stated: Stated) -> bool:
    """Return whether the record has a name, or a title."""
    return stated.of_record("names", "title", "name")


def has_full_name(stated: Stated) -> bool:
    """Return whether a name of the record has at least two words, or the record says that it has but one.

    Family name and forename are asked for; who bears a single name has no second.
    """
    names = stated.record.get("names")
    held = names if isinstance(names, list) else []
    texts = [str(one.get("name", "")) for one in held if isinstance(one, dict)]
    is_whole = any(len(text.split()) > 1 or _is_unspaced(text) for text in texts)
    return is_whole or stated.word("single_name") == "yes"


UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")
"""Scripts that write whole names without a space, by the first word of their letters' names."""


def _is_unspaced(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return len(letters) > 1 and all(unicodedata.name(char, "").startswith(UNSPACED) for char in letters)


def can_identify(stated: Stated) -> bool:
    """Return whether a person can be told from others: particulars, or a photograph and one more element.

    Source: RPD 83(2)(a), which the other colours on persons follow.
    """
    particulars = (
        has_full_name(stated)
        and stated.of_record("sex")
        and stated.of_record("born")
        and (
            stated.of_record("height", "weight", "eyes", "hair", "marks", "appearance", "documents")
            or stated.of_request("fingerprints", "dna")
        )
    )
    by_photograph = stated.of_request("photo") and (
        stated.of_record("father", "mother", "height", "eyes", "hair", "marks", "appearance", "documents")
        or stated.of_request("fingerprints", "dna")
        or _has_alias(stated)
    )
    return particulars or by_photograph


def _has_alias(stated: Stated) -> bool:
    names = stated.record.get("names")
    return isinstance(names, list) and len(names) > 1


def identity(rule: str) -> Condition:
    """Return the condition that a person can be identified, under the colour's own rule."""
    return Condition("identity", rule, met_if(can_identify))


def facts(rule: str) -> Condition:
    """Return the condition that the facts are told with their time and place, under the colour's own rule."""
    return Condition(
        "facts",
        rule,
        judged_if(
            lambda stated: (
                stated.of_request("facts")
                and stated.of_request("facts_date")
                and stated.of_request("facts_place", "facts_country")
            )
        ),
    )
