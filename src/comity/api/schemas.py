"""The JSON schemas of what the HTTP door takes and gives, written from the kinds' own declarations.

Answers are closed: a field that is not described is a fault, which a test finds by asking.
"""

from collections.abc import Mapping

from comity.records.check import HITS_MAX, QUERY_FIELDS
from comity.records.fieldtype import Json
from comity.records.handling import Purpose, View
from comity.records.kind import Field, Kind
from comity.records.kinds import KINDS
from comity.records.record import FRAME_FIELDS, State

TEXT: Json = {"type": "string"}
WHOLE: Json = {"type": "integer"}
NUMBER: Json = {"type": "number"}
TRUTH: Json = {"type": "boolean"}
MOMENT: Json = {"type": "string", "format": "date-time"}
ANY_OBJECT: Json = {"type": "object"}
TEXT_OR_NONE: Json = {"type": ["string", "null"]}
TYPED: Json = {"type": ["string", "number", "null"]}
"""A typed value as it is handed in: the field's own type says what it may be."""


def closed(required: Mapping[str, Json], optional: Mapping[str, Json] | None = None) -> Json:
    """Return the schema of an object that has these fields and no others."""
    names: list[Json] = [*required]
    return {
        "type": "object",
        "required": names,
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
    }


def listed(one: Json) -> Json:
    """Return the schema of a list."""
    return {"type": "array", "items": one}


def chosen(words: list[str]) -> Json:
    """Return the schema of one word out of several."""
    choices: list[Json] = [*words]
    return {"type": "string", "enum": choices}


def named(name: str) -> Json:
    """Return the reference to a schema of this module."""
    return {"$ref": f"#/components/schemas/{name}"}


def schemas() -> dict[str, Json]:
    """Return every schema by its name."""
    return {
        "Problem": _problem(),
        "Query": {"oneOf": [_query(kind) for kind in KINDS.values()]},
        "Record": {"oneOf": [_record(kind) for kind in KINDS.values()]},
        "Answer": _answer(),
        "Receipt": closed(
            {
                "record": TEXT,
                "what": chosen(["entered", "amended", "unchanged", "withdrawn"]),
                "version": WHOLE,
            },
            {"doubts": listed(_fault())},
        ),
        "Shown": _shown(),
        "Versions": closed({"record": TEXT, "versions": listed(_version())}),
        "Trail": closed({"record": TEXT, "owner": TEXT, "lines": listed(_line())}),
        "Holders": _holders(),
        "HeldElsewhere": closed({"records": listed(_elsewhere()), "next": TEXT_OR_NONE}),
        "Lines": closed({"lines": listed(_line())}),
        "Reviews": closed({"by": TEXT, "records": listed(_due()), "next": TEXT_OR_NONE}),
        "Statistics": closed(
            {"as_of": WHOLE, "records": WHOLE, "kinds": _counts(), "owners": _counts()},
        ),
        "Head": closed({"head": TEXT}),
        "Health": closed({"status": chosen(["ok"])}),
    }


def _holders() -> Json:
    moments: dict[str, Json] = dict.fromkeys(("named_at", "first_at", "last_at", "taken_at"), TEXT_OR_NONE)
    views: list[Json] = [view.value for view in View]
    one = closed(
        {
            "bureau": TEXT,
            "view": {"enum": [*views, None]},
            **moments,
            "times": WHOLE,
            "acts": listed(TEXT),
            "holds": TEXT_OR_NONE,
        }
    )
    frame: dict[str, Json] = {"record": TEXT, "owner": TEXT, "state": TEXT, "share": {}}
    return closed({**frame, "holders": listed(one)})


def _elsewhere() -> Json:
    texts: dict[str, Json] = dict.fromkeys(("record", "kind", "source_id", "state", "last_bureau"), TEXT)
    return closed({**texts, "named": listed(TEXT), "last_at": MOMENT})


def _problem() -> Json:
    required: dict[str, Json] = {"type": TEXT, "title": TEXT, "status": WHOLE, "code": TEXT}
    data: dict[str, Json] = dict.fromkeys(("field", "act", "rule", "what", "name"), TEXT)
    return closed(required, {**data, "retry_after_s": WHOLE})


def _query(kind: Kind) -> Json:
    asked: dict[str, Json] = {question.name: TYPED for question in kind.questions}
    if kind.carrier is not None:
        asked[kind.carrier.name] = TEXT
    frame: dict[str, Json] = {
        "id": {"type": ["string", "integer"]},
        "limit": {"type": "integer", "minimum": 1, "maximum": HITS_MAX},
        "floor": {"type": "number", "minimum": 0, "maximum": 1},
        "purpose": chosen([purpose.value for purpose in Purpose]),
    }
    assert {*frame, "kind"} == QUERY_FIELDS, "every field of a query is described"
    return closed({"kind": chosen([kind.code])}, {**frame, **asked})


def _record(kind: Kind) -> Json:
    codes: Json = listed({"type": "string", "pattern": "^[A-Z]{3}$"})
    share: Json = {
        "oneOf": [chosen(["all", "owner"]), closed({"only": codes}), closed({"except": codes})],
    }
    frame: dict[str, Json] = dict.fromkeys(FRAME_FIELDS - {"kind"}, TEXT_OR_NONE)
    frame |= {
        "source_id": {"type": ["string", "integer"]},
        "share": share,
        "view": chosen([view.value for view in View]),
        "opened": codes,
        "purposes": listed(chosen([purpose.value for purpose in Purpose])),
    }
    required: dict[str, Json] = {"kind": chosen([kind.code])}
    required |= {field.name: field_schema(field) for field in kind.fields if field.required}
    return closed(required, {**frame, **{field.name: field_schema(field) for field in kind.fields}})


def field_schema(field: Field) -> Json:
    """Return the schema of a declared field as it is handed in."""
    required = {one.name: field_schema(one) for one in field.fields if one.required}
    one = closed(required, {one.name: field_schema(one) for one in field.fields}) if field.fields else TYPED
    return listed(one) if field.many else one


def _fault() -> Json:
    return closed({"field": TEXT, "code": TEXT})


def _answer() -> Json:
    agreement = closed(
        {"field": TEXT, "verdict": TEXT, "weight": NUMBER, "query": {}, "record": {}, "rule": TEXT},
        {"words": listed(ANY_OBJECT)},
    )
    hit = closed(
        {
            "record": TEXT,
            "source_id": TEXT_OR_NONE,
            "kind": chosen([*KINDS]),
            "score": {"type": "number", "minimum": 0, "maximum": 1},
            "agreements": listed(agreement),
            "owner": TEXT,
            "notice": TEXT_OR_NONE,
            "reliability": TEXT_OR_NONE,
            "handling_code": TEXT_OR_NONE,
            "is_review_due": TRUTH,
            "view": chosen([view.value for view in View]),
            "summary": ANY_OBJECT,
            "action": TEXT,
            "confirm": ANY_OBJECT,
        }
    )
    outcomes = chosen(["hit", "no_hit", "invalid"])
    return closed(
        {"id": TEXT_OR_NONE, "outcome": outcomes, "as_of": WHOLE, "hits": listed(hit)},
        {"doubts": listed(_fault()), "error": _fault()},
    )


def _shown() -> Json:
    shown = {"record": TEXT, "kind": TEXT, "owner": TEXT, "view": chosen([view.value for view in View])}
    rest = {
        "source_id": TEXT,
        "notice": TEXT_OR_NONE,
        "version": WHOLE,
        "state": chosen([state.value for state in State]),
        "reliability": TEXT,
        "handling_code": TEXT,
        "review_on": TEXT_OR_NONE,
        "is_review_due": TRUTH,
        "data": ANY_OBJECT,
        "handling": ANY_OBJECT,
    }
    return closed(shown, rest)


def _version() -> Json:
    change = closed({"field": TEXT, "old": {}, "new": {}})
    return closed(
        {"version": WHOLE, "what": TEXT, "at": MOMENT, "changes": listed(change)}, {"account": TEXT_OR_NONE}
    )


def _line() -> Json:
    said = {"at": MOMENT, "act": TEXT, "bureau": TEXT, "outcome": TEXT, "door": TEXT}
    said |= dict.fromkeys(("unit", "purpose", "kind"), TEXT_OR_NONE)
    own = {"records": listed(TEXT), "account": TEXT, "query": ANY_OBJECT, "reason": TEXT_OR_NONE}
    return closed(said, own)


def _due() -> Json:
    texts: dict[str, Json] = dict.fromkeys(("record", "kind", "source_id", "list", "review_on"), TEXT)
    return closed({**texts, "retain_until": TEXT_OR_NONE, "is_review_due": TRUTH, "days_over": WHOLE})


def _counts() -> Json:
    return {"type": "object", "additionalProperties": WHOLE}
