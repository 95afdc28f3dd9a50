"""The JSON schemas of notices and diffusions, written from the colours' own declarations."""

from collections.abc import Mapping

from comity.api.schemas import (
    ANY_OBJECT,
    MOMENT,
    NUMBER,
    TEXT,
    TEXT_OR_NONE,
    TRUTH,
    WHOLE,
    chosen,
    closed,
    field_schema,
    listed,
    named,
)
from comity.procedures.notices.moving import ANSWERS
from comity.records.fieldtype import Json
from comity.records.handling import View
from comity.records.kinds import KINDS
from comity.records.notices import COLOURS
from comity.records.notices.colour import Colour, Verdict
from comity.records.notices.states import Form, Move, NoticeState

MOMENT_OR_NONE: Json = {"type": ["string", "null"], "format": "date-time"}
CODES: Json = listed({"type": "string", "pattern": "^[A-Z]{3}$"})


def _content(colour: Colour) -> Json:
    share: Json = {"oneOf": [chosen(["all", "owner"]), closed({"only": CODES}), closed({"except": CODES})]}
    particulars = {one.name: field_schema(one) for one in colour.fields}
    rest: dict[str, Json] = {
        "reference": TEXT,
        "particulars": closed({}, particulars),
        "language": TEXT,
        "share": share,
        "view": chosen([view.value for view in View]),
        "reliability": TEXT,
        "handling_code": TEXT,
        "is_public": TRUTH,
        "valid_until": TEXT,
    }
    return closed({"colour": chosen([colour.code]), "record": _subject(colour)}, rest)


def _subject(colour: Colour) -> Json:
    kinds: list[Json] = []
    for code in colour.kinds:
        fields = {one.name: field_schema(one) for one in KINDS[code].fields}
        required = {one.name: fields[one.name] for one in KINDS[code].fields if one.required}
        kinds.append(closed({"kind": chosen([code]), **required}, fields))
    return {"oneOf": kinds}


def _move() -> Json:
    moves = [move.value for move in Move if move not in {Move.AMEND, Move.EXPIRE}]
    answers: Json = {"type": "object", "additionalProperties": chosen([*ANSWERS])}
    return closed(
        {"move": chosen(moves), "version": WHOLE},
        {"reasons": TEXT, "rules": listed(TEXT), "checklist": answers},
    )


SUMMARY: Mapping[str, Json] = {
    "notice": TEXT,
    "form": chosen([form.value for form in Form]),
    "view": chosen([view.value for view in View]),
    "colour": {"enum": [*COLOURS, None]},
    "kind": chosen([*KINDS]),
    "owner": TEXT,
    "state": chosen([state.value for state in NoticeState]),
    "is_reviewed": {"type": ["boolean", "null"]},
    "since": MOMENT_OR_NONE,
    "valid_until": TEXT_OR_NONE,
}
OF_PARTIES: Mapping[str, Json] = {
    "reference": TEXT,
    "version": WHOLE,
    "changed_at": MOMENT,
    "submitted_at": MOMENT_OR_NONE,
    "reviewer": TEXT_OR_NONE,
}
"""What is shown to the owner and to reviewers alone."""

FINDING = closed(
    {
        "code": TEXT,
        "rule": TEXT,
        "source": TEXT,
        "verdict": chosen([verdict.value for verdict in Verdict]),
    }
)
RELATED = closed(
    {
        "notice": TEXT,
        "form": chosen([form.value for form in Form]),
        "colour": chosen([*COLOURS]),
        "owner": TEXT,
        "state": chosen([state.value for state in NoticeState]),
        "submitted_at": MOMENT_OR_NONE,
        "refused_at": MOMENT_OR_NONE,
        "likeness": NUMBER,
        "shares_number": TRUTH,
        "is_former": TRUTH,
        "reasons": TEXT_OR_NONE,
        "rules": listed(TEXT),
    }
)
RECORD = closed(
    {
        "record": TEXT,
        "kind": chosen([*KINDS]),
        "owner": TEXT,
        "notice": TEXT_OR_NONE,
        "score": NUMBER,
        "summary": ANY_OBJECT,
    }
)
STEP = closed(
    {
        "version": WHOLE,
        "move": TEXT,
        "state": chosen([state.value for state in NoticeState]),
        "at": MOMENT,
        "bureau": TEXT,
        "reasons": TEXT_OR_NONE,
        "rules": listed(TEXT),
        "checklist": ANY_OBJECT,
    },
    {"account": TEXT},
)
NOTICE_SCHEMAS: Mapping[str, Json] = {
    "NoticeContent": {"oneOf": [_content(colour) for colour in COLOURS.values()]},
    "NoticeMove": _move(),
    "NoticeMoved": closed({**SUMMARY, "findings": listed(FINDING)}, OF_PARTIES),
    "NoticeSummary": closed(SUMMARY, OF_PARTIES),
    "Notices": closed({"notices": listed(named("NoticeSummary")), "next": TEXT_OR_NONE}),
    "Notice": closed(
        SUMMARY,
        {
            "record": ANY_OBJECT,
            "particulars": ANY_OBJECT,
            "language": TEXT,
            "is_public": TRUTH,
            **OF_PARTIES,
            "handling": ANY_OBJECT,
            "pending": {"type": ["object", "null"]},
            "steps": listed(STEP),
            "moves": listed(chosen([move.value for move in Move])),
        },
    ),
    "NoticeReview": closed(
        {
            "notice": TEXT,
            "version": WHOLE,
            "findings": listed(FINDING),
            "flags": listed(closed({"family": TEXT, "because": TEXT, "value": TEXT})),
            "checklist": listed(TEXT),
            "related": listed(RELATED),
            "records": listed(RECORD),
        }
    ),
    "RefusedNotices": closed(
        {
            "refused": listed(
                closed(
                    {
                        **SUMMARY,
                        **OF_PARTIES,
                        "refused_at": MOMENT,
                        "reasons": TEXT_OR_NONE,
                        "rules": listed(TEXT),
                        "related": listed(RELATED),
                        "records": listed(RECORD),
                    }
                )
            ),
            "next": TEXT_OR_NONE,
        }
    ),
    "PublicNotices": closed(
        {"total": WHOLE, "query": ANY_OBJECT, "_embedded": ANY_OBJECT, "_links": ANY_OBJECT}
    ),
    "PublicNotice": ANY_OBJECT,
}
