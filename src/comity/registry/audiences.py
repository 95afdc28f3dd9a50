"""Each distinct rule on who sees a record, kept once under a number: the record's audience."""

import json
from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Connection, bindparam, func, insert, select

from comity.records.handling import Handling
from comity.registry.schema import AUDIENCES

# Made once: each record that is entered asks the first, each process that follows the second.
_OF_RULES = select(AUDIENCES).where(AUDIENCES.c.rule.in_(bindparam("rules", expanding=True)))
_RULES_AFTER = select(AUDIENCES).where(AUDIENCES.c.id > bindparam("after")).order_by(AUDIENCES.c.id)

RULES_ASKED = 500
"""How many rules one statement asks for; both databases bound the number of parameters."""


@lru_cache(maxsize=4096)
def rule_text(owner: str, handling: Handling) -> str:
    """Return the canonical text of the rule on who sees a record."""
    frame = handling.to_json()
    return json.dumps(
        {"owner": owner, "purposes": frame["purposes"], "share": frame["share"]}, sort_keys=True
    )


def audience_of(connection: Connection, owner: str, handling: Handling) -> int:
    """Return the identifier of the rule on who sees an owner's records of this handling, kept from now on."""
    return ids_of(connection, [rule_text(owner, handling)])[0]


def ids_of(connection: Connection, rules: Sequence[str]) -> list[int]:
    """Return the identifier of each of these rules, kept from now on."""
    distinct = list(dict.fromkeys(rules))
    known: dict[str, int] = {}
    for start in range(0, len(distinct), RULES_ASKED):
        chunk = distinct[start : start + RULES_ASKED]
        for row in connection.execute(_OF_RULES, {"rules": chunk}):
            known[row.rule] = row.id
    new = [rule for rule in distinct if rule not in known]
    if new:
        first = connection.execute(select(func.coalesce(func.max(AUDIENCES.c.id), -1))).scalar_one() + 1
        connection.execute(
            insert(AUDIENCES), [{"id": first + place, "rule": rule} for place, rule in enumerate(new)]
        )
        known.update({rule: first + place for place, rule in enumerate(new)})
    return [known[rule] for rule in rules]


def audience_rules(connection: Connection, after: int) -> dict[int, str]:
    """Return the audience rules with identifiers above `after`."""
    rows = connection.execute(_RULES_AFTER, {"after": after}).all()
    return {row.id: row.rule for row in rows}
