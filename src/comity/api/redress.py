"""The routes of the controller's files, and of owners who are asked about their records."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from comity.access.people import Officer
from comity.api.problems import json_response
from comity.api.requests import CHECK_BYTES_MAX, UnreadError, json_or_fault, officer_asking, whole_number
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
    listed,
)
from comity.api.topic import CHECKING, JSON, KEYED, RECEIPT, Described, Topic
from comity.errors import MalformedError
from comity.procedures import redress, redress_decide, redress_find, redress_owner
from comity.procedures.desk import Desk
from comity.procedures.redress_export import applicants_file
from comity.procedures.trail import PAGE_MAX
from comity.records.fieldtype import Json
from comity.registry.redress import Case, Question

Given = TypeVar("Given")
CASE = "/v1/redress/cases/{case}"
RECORD = f"{CASE}/records/{{record}}"


def redress_routes(desk: Desk) -> list[Route]:
    """Return the routes, around one desk."""
    doors = RedressDoors(desk)
    return [
        Route("/v1/redress/cases", doors.cases, methods=["GET", "POST"]),
        Route(CASE, doors.dossier, methods=["GET"]),
        Route(f"{CASE}/search", doors.find, methods=["POST"]),
        Route(f"{CASE}/export", doors.export, methods=["GET"]),
        Route(f"{CASE}/close", doors.close, methods=["POST"]),
        Route(RECORD, doors.attach, methods=["PUT"]),
        Route(f"{RECORD}/block", doors.block, methods=["POST"]),
        Route(f"{RECORD}/questions", doors.consult, methods=["POST"]),
        Route(f"{RECORD}/decision", doors.decide, methods=["POST"]),
        Route(f"{RECORD}/settle", doors.settle, methods=["POST"]),
        Route("/v1/redress/questions", doors.questions, methods=["GET"]),
        Route("/v1/redress/questions/{case}/{record}", doors.answer, methods=["POST"]),
    ]


class RedressDoors:
    """The routes' own functions, around one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def _officer(self, request: Request) -> Officer:
        return await run_in_threadpool(officer_asking, request, self._desk)

    async def cases(self, request: Request) -> Response:
        """List the cases, or open one."""
        if request.method == "POST":
            return await self.open(request)
        officer = await self._officer(request)
        limit, after = whole_number(request, "limit", PAGE_MAX), request.query_params.get("after")
        assert limit is not None, "a default is given"
        found = await run_in_threadpool(redress.list_cases, officer, self._desk, limit, after)
        return json_response(found.to_json())

    async def open(self, request: Request) -> Response:
        """Open a case."""
        case = await self._done(request, self._open)
        return json_response(redress.case_json(case), 201)

    def _open(self, _request: Request, body: Json, officer: Officer) -> Case:
        forms = {"kind": str, "applicant": dict, "request": str, "received_on": str}
        check_fields(body, forms)
        stated = body.get("applicant") if isinstance(body, dict) else None
        check_fields(stated, dict.fromkeys(redress.APPLICANT, str), "applicant")
        applicant = {name: text_in(stated, name) for name in redress.APPLICANT}
        asked = redress.Request(
            text_in(body, "kind"), applicant, text_in(body, "request"), text_in(body, "received_on")
        )
        return redress.open_case(asked, officer, self._desk)

    async def dossier(self, request: Request) -> Response:
        """Show a whole case."""
        officer = await self._officer(request)
        found = await run_in_threadpool(redress.dossier, _case(request), officer, self._desk)
        return json_response(found.to_json())

    async def find(self, request: Request) -> Response:
        """Find what is held on a person."""
        found = await self._done(
            request, lambda asked, body, officer: redress_find.find(_case(asked), body, officer, self._desk)
        )
        return json_response({"found": [one.to_json() for one in found]})

    async def attach(self, request: Request) -> Response:
        """Make a case be about a record."""
        officer = await self._officer(request)
        named_in = request.query_params.getlist("named_in")
        await run_in_threadpool(
            redress_find.attach, _case(request), _record(request), officer, self._desk, named_in
        )
        return _about(request)

    async def block(self, request: Request) -> Response:
        """Take a record out of every answer while the case runs."""
        officer = await self._officer(request)
        await run_in_threadpool(redress_owner.block, _case(request), _record(request), officer, self._desk)
        return _about(request)

    async def consult(self, request: Request) -> Response:
        """Ask the owner of a record."""

        def ask(asked: Request, body: Json, officer: Officer) -> Question:
            check_fields(body, {"question": str, "days": int})
            days = number_in(body, "days", redress_owner.DAYS_TO_ANSWER)
            words = text_in(body, "question")
            return redress_owner.consult(_case(asked), _record(asked), words, days, officer, self._desk)

        question = await self._done(request, ask)
        return json_response(
            {"case": question.case, "record": question.record, "due_on": question.due_on.isoformat()}, 201
        )

    async def decide(self, request: Request) -> Response:
        """Decide on a record."""

        def decide(asked: Request, body: Json, officer: Officer) -> None:
            check_fields(body, {"decision": str, "reasons": str})
            decision, reasons = text_in(body, "decision"), text_in(body, "reasons")
            redress_decide.decide(_case(asked), _record(asked), decision, reasons, officer, self._desk)

        await self._done(request, decide)
        return _about(request)

    async def settle(self, request: Request) -> Response:
        """Note that a record is corrected."""
        officer = await self._officer(request)
        await run_in_threadpool(redress_decide.settle, _case(request), _record(request), officer, self._desk)
        return _about(request)

    async def close(self, request: Request) -> Response:
        """Close a case."""
        officer = await self._officer(request)
        await run_in_threadpool(redress.close, _case(request), officer, self._desk)
        return json_response({"case": _case(request)})

    async def export(self, request: Request) -> Response:
        """Give what the applicant is given."""
        officer = await self._officer(request)
        found = await run_in_threadpool(applicants_file, _case(request), officer, self._desk)
        return json_response(found.to_json())

    async def questions(self, request: Request) -> Response:
        """List what the caller's bureau is asked."""
        officer = await self._officer(request)
        found = await run_in_threadpool(redress_owner.questions, officer, self._desk)
        return json_response({"questions": [one.to_json() for one in found]})

    async def answer(self, request: Request) -> Response:
        """Answer a question."""

        def answer(asked: Request, body: Json, officer: Officer) -> None:
            check_fields(body, {"answer": str, "number": int, "may_disclose": bool})
            may = body.get("may_disclose") if isinstance(body, dict) else None
            given = redress_owner.OwnersAnswer(
                _case(asked),
                _record(asked),
                number_in(body, "number", 1),
                text_in(body, "answer"),
                may_disclose=may if isinstance(may, bool) else None,
            )
            redress_owner.answer_question(given, officer, self._desk)

        await self._done(request, answer)
        return _about(request)

    async def _done(self, request: Request, act: Callable[[Request, Json, Officer], Given]) -> Given:
        """Return what an act on a body gives; a body that is no JSON is told as such, once it is logged."""
        officer = await self._officer(request)
        body, fault = await json_or_fault(request, CHECK_BYTES_MAX)
        try:
            return await run_in_threadpool(act, request, body, officer)
        except MalformedError as error:
            raise fault or error from None


def check_fields(body: Json, forms: Mapping[str, type], within: str = "") -> None:
    """Raise `UnreadError` for a field that is none of these, or of another form than it is to have.

    A field that is null is not there. What is no body, as no JSON is, the procedure finds empty, and logs.
    """
    if body is None:
        return
    if not isinstance(body, dict):
        raise UnreadError("object-expected", within or "body")
    for name, value in body.items():
        path = f"{within}.{name}" if within else name
        if name not in forms:
            raise UnreadError("unknown-field", path[:200])
        # To Python a truth is a number.
        if value is not None and (
            not isinstance(value, forms[name]) or isinstance(value, bool) is not (forms[name] is bool)
        ):
            raise _other_form(forms[name], path)


def _other_form(form: type, path: str) -> UnreadError:
    if form is int:
        return UnreadError("number-expected", path)
    if form is bool:
        return UnreadError("truth-expected", path)
    return UnreadError("text-expected" if form is str else "object-expected", path)


def text_in(body: Json, name: str) -> str:
    """Return a text of a body, empty where it has none: the procedure says what is missing, and logs it."""
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) else ""


def number_in(body: Json, name: str, default: int) -> int:
    """Return a whole number of a body; what is none is out of every range."""
    value = body.get(name, default) if isinstance(body, dict) else default
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _case(request: Request) -> str:
    return str(request.path_params["case"])


def _record(request: Request) -> str:
    return str(request.path_params["record"])


def _about(request: Request) -> Response:
    return json_response({"case": _case(request), "record": _record(request)})


_CASE_FIELDS: Mapping[str, Json] = {
    "case": TEXT,
    "kind": chosen([*redress.MONTHS]),
    "state": chosen(["open", "closed"]),
    "opened_at": MOMENT,
    "due_on": TEXT,
    "closed_at": TEXT_OR_NONE,
}
_QUESTION: Mapping[str, Json] = {
    **dict.fromkeys(("case", "record", "due_on", "question"), TEXT),
    "number": WHOLE,
    "asked_at": MOMENT,
    "answer": TEXT_OR_NONE,
}
_OBJECT_OR_NONE: Json = {"type": ["object", "null"]}
_STANDING: Json = closed({**_CASE_FIELDS, "applicant": TEXT, "days_left": WHOLE})
_ABOUT: Json = closed(
    {
        **dict.fromkeys(("record", "kind", "owner"), TEXT),
        **dict.fromkeys(("decision", "reasons", "receipt"), TEXT_OR_NONE),
        **dict.fromkeys(("blocked", "done"), TRUTH),
        "may_disclose": {"type": ["boolean", "null"]},
        "questions": listed(closed(_QUESTION)),
        **dict.fromkeys(("held", "beside", "thing"), _OBJECT_OR_NONE),
        "named_in": listed(TEXT),
        "readers": listed(ANY_OBJECT),
        "versions": listed(ANY_OBJECT),
        "met": listed(ANY_OBJECT),
    }
)
_SCHEMAS: Mapping[str, Json] = {
    "Cases": closed({"cases": listed(_STANDING), "next": TEXT_OR_NONE}),
    "Case": closed(_CASE_FIELDS),
    "CaseRequest": closed(
        {
            "kind": chosen([*redress.MONTHS]),
            "applicant": closed({"name": TEXT}, dict.fromkeys(redress.APPLICANT[1:], TEXT)),
            "request": TEXT,
        },
        {"received_on": TEXT},
    ),
    "Dossier": closed(
        {
            "case": _STANDING,
            "applicant": ANY_OBJECT,
            "request": TEXT,
            "records": listed(_ABOUT),
            "steps": listed(closed({"at": MOMENT, "account": TEXT, "what": TEXT, "record": TEXT_OR_NONE})),
        }
    ),
    "Found": closed(
        {
            "found": listed(
                closed(
                    {
                        **dict.fromkeys(("record", "kind", "owner"), TEXT),
                        "score": NUMBER,
                        "by": chosen(["likeness", "mention", "words", "spelling", "reference", "thread"]),
                        "named_in": listed(TEXT),
                        "attached": TRUTH,
                        **dict.fromkeys(("held", "thing"), _OBJECT_OR_NONE),
                    }
                )
            )
        }
    ),
    "CaseNamed": closed({"case": TEXT}),
    "CaseRecord": closed({"case": TEXT, "record": TEXT}),
    "OwnersQuestion": closed({"question": TEXT}, {"days": WHOLE}),
    "QuestionAsked": closed({"case": TEXT, "record": TEXT, "due_on": TEXT}),
    "Decision": closed({"decision": chosen([*redress_decide.DECISIONS]), "reasons": TEXT}),
    "OwnersQuestions": closed({"questions": listed(closed({**_QUESTION, "days_left": WHOLE, "kind": TEXT}))}),
    "OwnersAnswer": closed({"answer": TEXT, "may_disclose": TRUTH}, {"number": WHOLE}),
    "ApplicantsFile": closed(
        {
            **dict.fromkeys(("case", "kind", "opened_on", "request"), TEXT),
            "closed": TRUTH,
            "applicant": ANY_OBJECT,
            "records": listed(ANY_OBJECT),
        }
    ),
}


def _on_record(method: str, path: str, summary: str, gives: str, takes: str | None = None) -> Described:
    done = (201,) if gives in {"QuestionAsked", "Case"} else (200,)
    errors = (*CHECKING, 404, 409) if takes else (*KEYED, 404, 409, 422)
    return Described(
        method,
        path,
        summary,
        gives,
        done=done,
        errors=errors,
        body=JSON if takes else None,
        takes=takes,
        # A search is posted, and changes nothing.
        repeats=None if method == "get" or gives == "Found" else RECEIPT,
    )


REDRESS = Topic(
    redress_routes,
    (
        Described(
            "get",
            "/v1/redress/cases",
            "The controller's cases",
            "Cases",
            errors=(*KEYED, 404, 422),
            parameters=("limit", "after"),
        ),
        _on_record("post", "/v1/redress/cases", "Open a case", "Case", "CaseRequest"),
        _on_record("get", CASE, "A whole case", "Dossier"),
        _on_record("post", f"{CASE}/search", "Find what is held on a person", "Found", "Query"),
        _on_record("get", f"{CASE}/export", "What the applicant is given", "ApplicantsFile"),
        _on_record("post", f"{CASE}/close", "Close a case", "CaseNamed"),
        Described(
            "put",
            RECORD,
            "Make a case be about a record, or what else is held",
            "CaseRecord",
            errors=(*KEYED, 404, 409, 422),
            parameters=("named_in",),
            repeats=RECEIPT,
        ),
        _on_record("post", f"{RECORD}/block", "Take a record out of every answer", "CaseRecord"),
        _on_record("post", f"{RECORD}/questions", "Ask the owner", "QuestionAsked", "OwnersQuestion"),
        _on_record("post", f"{RECORD}/decision", "Decide, and carry it out", "CaseRecord", "Decision"),
        _on_record("post", f"{RECORD}/settle", "Note that a record is corrected", "CaseRecord"),
        Described(
            "get", "/v1/redress/questions", "What one's bureau is asked", "OwnersQuestions", errors=KEYED
        ),
        _on_record(
            "post",
            "/v1/redress/questions/{case}/{record}",
            "Answer the controller on a record",
            "CaseRecord",
            "OwnersAnswer",
        ),
    ),
    _SCHEMAS,
)
