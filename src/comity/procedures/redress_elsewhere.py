"""Where else a person's name stands than on a person: the holder of an account, the maker of a work, a firm's name.

A controller who looks for a person is shown these, too: what is held on somebody is not what is held as somebody.
"""

from collections.abc import Sequence
from typing import Final

from comity.errors import MalformedError
from comity.records.check import Check, parse_check
from comity.records.fieldtype import Comparison

NAMED: Final = (("account", "holder"), ("artwork", "maker"), ("organisation", "name"))
"""Kinds, and the question of each by which a person's name leads to its records."""


def with_elsewhere(check: Check) -> list[Check]:
    """Return the check, and where it asks for a person by name, one of each kind that may name a person."""
    names = [
        asked.value
        for asked in check.asked
        if asked.question.finds and asked.question.type.comparison is Comparison.NAME
    ]
    if check.kind.code != "person" or not names:
        return [check]
    return [check, *_asked_elsewhere(str(names[0]))]


def _asked_elsewhere(name: str) -> Sequence[Check]:
    try:
        return [parse_check({"kind": kind, question: name}) for kind, question in NAMED]
    except MalformedError:  # a name of which such a kind can make nothing
        return []
