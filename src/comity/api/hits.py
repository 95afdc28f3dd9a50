"""The routes of hits: a bureau's hits, one of them, its confirmation and outcome; the duty desk."""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from comity.access.people import Officer
from comity.api.problems import json_response
from comity.api.requests import LINES_DEFAULT, json_or_fault, officer_asking, whole_number
from comity.api.schemas import ANY_OBJECT, MOMENT, TEXT, TEXT_OR_NONE, TRUTH, WHOLE, chosen, closed, listed
from comity.api.topic import JSON, KEYED, Described, Topic, shown_anew
from comity.errors import MalformedError
from comity.procedures.desk import Desk
from comity.procedures.distinctions import agree_distinction, undo_distinction
from comity.procedures.duties import DAYS_MAX, read_duty, set_duty
from comity.procedures.hits import HitPage, HitsAsked, list_hits, read_hit
from comity.procedures.hits_acts import NOTE_CHARS_MAX, answer_hit, ask_confirmation, close_hit
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.records.hits import HitState, Origin, Outcome, Priority, Reason, Word
from comity.records.kinds import KINDS

BODY_BYTES_MAX = 64 * 1024

Step = Callable[[str, Json, Officer, Desk], HitPage]


def hit_routes(desk: Desk) -> list[Route]:
    """Return the routes, around one desk."""
    doors = HitDoors(desk)
    return [
        Route("/v1/hits", doors.hits, methods=["GET"]),
        Route("/v1/hits/{hit}", doors.hit, methods=["GET"]),
        Route("/v1/hits/{hit}/question", doors.question, methods=["POST"]),
        Route("/v1/hits/{hit}/answer", doors.answer, methods=["POST"]),
        Route("/v1/hits/{hit}/outcome", doors.outcome, methods=["POST"]),
        Route("/v1/hits/{hit}/distinction", doors.distinction, methods=["POST", "DELETE"]),
        Route("/v1/duty", doors.duty, methods=["GET", "PUT"]),
    ]


class HitDoors:
    """The routes' own functions, around one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def _officer(self, request: Request) -> Officer:
        return await run_in_threadpool(officer_asking, request, self._desk)

    async def hits(self, request: Request) -> Response:
        """List the hits that concern the caller's bureau, or its own checks' alone."""
        officer = await self._officer(request)
        limit = whole_number(request, "limit", LINES_DEFAULT)
        assert limit is not None, "a default is given"
        query = request.query_params
        asked = HitsAsked(query.get("box", "all"), limit, query.get("after"), query.get("record"))
        page = await run_in_threadpool(list_hits, asked, officer, self._desk)
        return json_response(page.to_json())

    async def hit(self, request: Request) -> Response:
        """Show a hit as the caller's side may know it."""
        officer = await self._officer(request)
        page = await run_in_threadpool(read_hit, request.path_params["hit"], officer, self._desk)
        return json_response(page.to_json())

    async def question(self, request: Request) -> Response:
        """Ask the owner for confirmation."""
        return await self._step(request, ask_confirmation)

    async def answer(self, request: Request) -> Response:
        """Answer for the record."""
        return await self._step(request, answer_hit)

    async def outcome(self, request: Request) -> Response:
        """Say what came of the hit."""
        return await self._step(request, close_hit)

    async def _step(self, request: Request, step: Step) -> Response:
        officer = await self._officer(request)
        body, fault = await json_or_fault(request, BODY_BYTES_MAX)
        try:
            page = await run_in_threadpool(step, request.path_params["hit"], body, officer, self._desk)
        except MalformedError as error:
            raise fault or error from None
        return json_response(page.to_json())

    async def distinction(self, request: Request) -> Response:
        """Agree that whoever was checked is not whom the record means, or let them be stopped again."""
        officer = await self._officer(request)
        step = undo_distinction if request.method == "DELETE" else agree_distinction
        page = await run_in_threadpool(step, request.path_params["hit"], officer, self._desk)
        return json_response(page.to_json())

    async def duty(self, request: Request) -> Response:
        """Show or set the duty desk of the caller's bureau."""
        officer = await self._officer(request)
        if request.method != "PUT":
            return json_response((await run_in_threadpool(read_duty, officer, self._desk)).to_json())
        body, fault = await json_or_fault(request, BODY_BYTES_MAX)
        try:
            page = await run_in_threadpool(set_duty, body, officer, self._desk)
        except MalformedError as error:
            raise fault or error from None
        return json_response(page.to_json())


def _codes(words: type[Origin | HitState | Priority | Word | Reason | Outcome]) -> Json:
    return chosen([word.value for word in words])


def _or_none(schema: Json) -> Json:
    return {"oneOf": [schema, {"type": "null"}]}


_NOTE: Json = {"type": ["string", "null"], "maxLength": NOTE_CHARS_MAX}
_VERSION: dict[str, Json] = {"version": {"type": ["integer", "null"]}}
_MOMENT_OR_NONE: Json = {"type": ["string", "null"], "format": "date-time"}


def _hit() -> Json:
    known: dict[str, Json] = {"account": TEXT}
    actor: dict[str, Json] = {"unit": TEXT_OR_NONE, "on_behalf_of": TEXT_OR_NONE, "on_duty": TRUTH}
    question = closed({"priority": _codes(Priority), "at": MOMENT, "note": TEXT, "unit": TEXT_OR_NONE}, known)
    answer = closed(
        {
            "answer": _codes(Word),
            "bureau": TEXT,
            "at": MOMENT,
            "reason": _or_none(_codes(Reason)),
            "by": _MOMENT_OR_NONE,
            "note": TEXT,
            **actor,
        },
        known,
    )
    apart = closed({"until": MOMENT, "is_agreed": TRUTH})
    outcome = closed({"outcome": _codes(Outcome), "bureau": TEXT, "at": MOMENT, "note": TEXT, **actor}, known)
    return closed(
        {
            "hit": TEXT,
            "origin": _codes(Origin),
            "side": chosen(["both", "owner", "bureau", "second"]),
            "state": _codes(HitState),
            "version": WHOLE,
            "record": TEXT,
            "kind": TEXT,
            "owner": TEXT,
            "bureau": TEXT,
            "unit": TEXT_OR_NONE,
            "purpose": TEXT_OR_NONE,
            "met_at": MOMENT,
            "opened_at": MOMENT,
            "times": WHOLE,
            "due_at": _MOMENT_OR_NONE,
            "is_overdue": TRUTH,
            "passed_on_to": TEXT_OR_NONE,
            "question": _or_none(question),
            "answer": _or_none(answer),
            "outcome": _or_none(outcome),
        },
        {
            "account": TEXT,
            "own_record": TEXT_OR_NONE,
            "unseen_at": _MOMENT_OR_NONE,
            "other_record": TEXT,
            "asked": ANY_OBJECT,
            "set_apart": apart,
            "contacts": {"type": "object", "additionalProperties": TEXT},
        },
    )


def _duty() -> dict[str, Json]:
    days: Json = {"type": "integer", "minimum": 0, "maximum": DAYS_MAX}
    by_purpose = closed({}, {purpose.value: days for purpose in Purpose})
    by_kind = closed({}, dict.fromkeys(KINDS, days))
    named: dict[str, Json] = dict.fromkeys(("account", "second", "contact"), TEXT_OR_NONE)
    return {**named, "days": by_purpose, "kinds": by_kind}


ANEW = shown_anew("/v1/hits/{hit}")
ACTING = (*KEYED, 404, 409, 413, 422)

HITS = Topic(
    hit_routes,
    (
        Described(
            "get",
            "/v1/hits",
            "The hits that concern one's bureau",
            "Hits",
            errors=(*KEYED, 422),
            parameters=("box", "record", "limit", "after"),
        ),
        Described("get", "/v1/hits/{hit}", "One hit", "OpenedHit", errors=(*KEYED, 404)),
        Described(
            "post",
            "/v1/hits/{hit}/question",
            "Ask the owner for confirmation",
            "OpenedHit",
            errors=ACTING,
            body=JSON,
            takes="HitQuestion",
            repeats=ANEW,
        ),
        Described(
            "post",
            "/v1/hits/{hit}/answer",
            "Answer for the record",
            "OpenedHit",
            errors=ACTING,
            body=JSON,
            takes="HitAnswer",
            repeats=ANEW,
        ),
        Described(
            "post",
            "/v1/hits/{hit}/outcome",
            "Say what came of a hit",
            "OpenedHit",
            errors=ACTING,
            body=JSON,
            takes="HitOutcome",
            repeats=ANEW,
        ),
        Described(
            "post",
            "/v1/hits/{hit}/distinction",
            "Agree that whoever was checked is another",
            "OpenedHit",
            errors=(*KEYED, 404, 409),
            repeats=ANEW,
        ),
        Described(
            "delete",
            "/v1/hits/{hit}/distinction",
            "Let whoever was found to be another be stopped again",
            "OpenedHit",
            errors=(*KEYED, 404, 409),
            repeats=ANEW,
        ),
        Described("get", "/v1/duty", "One's duty desk", "Duty", errors=KEYED),
        Described(
            "put",
            "/v1/duty",
            "Set one's duty desk",
            "Duty",
            errors=(*KEYED, 404, 413, 422),
            body=JSON,
            takes="DutyToSet",
            repeats=shown_anew("/v1/duty"),
        ),
    ),
    {
        "OpenedHit": _hit(),
        "Hits": closed({"hits": listed(_hit()), "next": TEXT_OR_NONE}),
        "HitQuestion": closed({"priority": _codes(Priority)}, {"note": _NOTE, **_VERSION}),
        "HitAnswer": closed(
            {"answer": _codes(Word)},
            {
                "reason": _codes(Reason),
                "by": MOMENT,
                "note": _NOTE,
                "distinguish": TRUTH,
                **_VERSION,
            },
        ),
        "HitOutcome": closed({"outcome": _codes(Outcome)}, {"note": _NOTE, "distinguish": TRUTH, **_VERSION}),
        "Duty": closed(_duty()),
        "DutyToSet": closed({}, _duty()),
    },
)
