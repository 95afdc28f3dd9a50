"""The pages of what is asked of owners: proposals on a record, requests for access, and their decisions."""

from collections.abc import Mapping, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from comity.console.forms import FIELDS_MAX as FORM_FIELDS_MAX
from comity.console.forms import read_form
from comity.console.reception import Reception
from comity.console.record_form import blocks, runs, stated
from comity.console.rendering import Page
from comity.console.visitor import Visitor, check_post
from comity.errors import ComityError, ConflictError, MalformedError, RefusedError
from comity.phrases.wording import Wording
from comity.procedures.owners import access, asking, proposals
from comity.procedures.owners.asking import ListOrder, ShownRequest
from comity.procedures.records_page import read_page
from comity.records.fieldtype import Json
from comity.records.kind import Field

PROPOSED = "new-"
"""What the names of the form's inputs begin with."""
FIELDS_MAX = 600
TOPICS = (asking.PROPOSING, asking.ACCESSING)
PATHS = {"proposal": "/proposals/", "access": "/access-requests/"}


def owner_routes(reception: Reception) -> list[Route]:
    """Return the routes of these pages."""
    pages = OwnerPages(reception)
    return [
        Route("/requests", pages.requests, methods=["GET"]),
        Route("/records/{record}/propose", pages.propose, methods=["GET", "POST"]),
        Route("/records/{record}/ask", pages.ask, methods=["GET", "POST"]),
        Route("/proposals/{proposal}", pages.proposal, methods=["GET", "POST"]),
        Route("/access-requests/{access}", pages.access, methods=["GET", "POST"]),
    ]


class OwnerPages:
    """The routes' own functions."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._desk = reception.desk

    async def requests(self, request: Request) -> Response:
        """Show what was asked of the bureau, or what it asked of others."""
        visitor, officer = await self._reception.inside(request)
        query = request.query_params
        side = "in" if query.get("side", "in") == "in" else "out"
        # Once one turns a page, it is a page of one of the two: each has an order, and cursors, of its own.
        only = [topic for topic in TOPICS if topic.what == query.get("what")]
        order = ListOrder(side, "all", before=query.get("before") if only else None)
        found: list[ShownRequest] = []
        more: dict[str, str] = {}
        for topic in only or TOPICS:
            listed = await run_in_threadpool(asking.list_requests, topic, order, officer, self._desk)
            found.extend(listed.requests)
            if listed.next is not None:
                more[topic.what] = listed.next
        found.sort(key=lambda one: one.request.made_at, reverse=True)
        values = {"requests": found, "side": side, "paths": PATHS, "more": more}
        return self._reception.render(Page("requests.html", values), request, visitor)

    async def propose(self, request: Request) -> Response:
        """Show the form of a proposal on a record, or make it."""
        visitor, officer = await self._reception.inside(request)
        purpose = self._reception.purpose(officer, request)
        if purpose is None and request.method == "GET":
            return self._reception.ask_purpose(request, visitor, officer)
        one = request.path_params["record"]
        page = await run_in_threadpool(read_page, one, officer, purpose, self._desk)
        fields = page.seen.held.record.kind.fields
        empty = runs(blocks(fields, {}, PROPOSED))
        values: dict[str, object] = {"page": page, "form": empty, "typed": {}, "fault": None}
        if request.method == "GET":
            return self._reception.render(Page("propose.html", values), request, visitor)
        posted = await self._posted(request, visitor, FIELDS_MAX)
        data = {**_proposal_from(posted, fields), "record": one}
        try:
            made = await run_in_threadpool(proposals.propose, data, officer, purpose, self._desk)
        except (MalformedError, ConflictError, RefusedError) as error:
            values |= {"typed": posted, "fault": self._sentence(visitor, error)}
            values["form"] = runs(blocks(fields, stated(fields, posted, PROPOSED), PROPOSED))
            status = error.status
            return self._reception.render(Page("propose.html", values, status), request, visitor)
        return RedirectResponse(f"/proposals/{made.request.id}", 303)

    async def ask(self, request: Request) -> Response:
        """Show the form of a request for access, or make it."""
        visitor, officer = await self._reception.inside(request)
        purpose = self._reception.purpose(officer, request)
        if purpose is None and request.method == "GET":
            return self._reception.ask_purpose(request, visitor, officer)
        one = request.path_params["record"]
        page = await run_in_threadpool(read_page, one, officer, purpose, self._desk)
        values: dict[str, object] = {"page": page, "fault": None, "typed": ""}
        if request.method == "GET":
            return self._reception.render(Page("ask_access.html", values), request, visitor)
        posted = await self._posted(request, visitor)
        data: dict[str, Json] = {"record": one, "reason": posted.get("reason", "")}
        try:
            made = await run_in_threadpool(access.ask_access, data, officer, purpose, self._desk)
        except (MalformedError, ConflictError, RefusedError) as error:
            values |= {"fault": self._sentence(visitor, error), "typed": posted.get("reason", "")}
            return self._reception.render(Page("ask_access.html", values, error.status), request, visitor)
        return RedirectResponse(f"/access-requests/{made.request.id}", 303)

    async def proposal(self, request: Request) -> Response:
        """Show a proposal, decide it, or withdraw it."""
        return await self._one(request, asking.PROPOSING, request.path_params["proposal"])

    async def access(self, request: Request) -> Response:
        """Show a request for access, decide it, or withdraw it."""
        return await self._one(request, asking.ACCESSING, request.path_params["access"])

    async def _one(self, request: Request, topic: asking.Topic, one: str) -> Response:
        visitor, officer = await self._reception.inside(request)
        fault, status, typed = None, 200, ""
        if request.method == "POST":
            posted = await self._posted(request, visitor)
            typed = posted.get("reason", "")
            try:
                if posted.get("do") == "withdraw":
                    await run_in_threadpool(asking.take_back, topic, one, officer, self._desk)
                elif posted.get("do") == "end" and topic is asking.ACCESSING:
                    given: Json = {"reason": posted.get("reason", "").strip() or None}
                    await run_in_threadpool(access.end_access, one, given, officer, self._desk)
                else:
                    decide = proposals.decide_proposal if topic is asking.PROPOSING else access.decide_access
                    await run_in_threadpool(decide, one, _decision_from(posted), officer, self._desk)
            except (MalformedError, ConflictError) as error:
                fault, status = self._sentence(visitor, error), error.status
            else:
                return RedirectResponse(f"{PATHS[topic.what]}{one}", 303)
        shown = await run_in_threadpool(asking.read_request, topic, one, officer, self._desk)
        speaker = self._reception.speech.speaker(visitor.language)
        lines = _change_lines(shown, Wording(speaker)) if topic is asking.PROPOSING else []
        values = {"shown": shown, "lines": lines, "fault": fault, "typed": typed}
        return self._reception.render(Page("request.html", values, status), request, visitor)

    async def _posted(
        self, request: Request, visitor: Visitor, fields_max: int = FORM_FIELDS_MAX
    ) -> dict[str, str]:
        posted = await read_form(request, fields_max)
        check_post(request, visitor, posted.get("token", ""))
        return posted

    def _sentence(self, visitor: Visitor, error: ComityError) -> str:
        speaker = self._reception.speech.speaker(visitor.language)
        rule = getattr(error, "rule", None)
        if rule is not None:
            return speaker.error(str(rule))
        field = str(getattr(error, "field", "")).rpartition(".")[2]
        return f"{speaker.field('', field)}: {speaker.error(error.code, field)}"


def _proposal_from(posted: Mapping[str, str], fields: Sequence[Field]) -> dict[str, Json]:
    """Return the proposal that the form states.

    What was filled in replaces what the record says of a field; each row of a group that repeats is added to it.
    """
    version = posted.get("version", "")
    said = stated(fields, posted, PROPOSED)
    changes: list[Json] = []
    for field in fields:
        value = said.get(field.name)
        if field.fields and field.many and isinstance(value, list):
            changes.append({"field": field.name, "add": value})
        elif value is not None:
            changes.append({"field": field.name, "new": value})
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None
    return {"version": number, "changes": changes, "reason": posted.get("reason", "")}


def _decision_from(posted: Mapping[str, str]) -> Json:
    reason, version = posted.get("reason", "").strip(), posted.get("version", "")
    decided: dict[str, Json] = {"accept": posted.get("do") == "accept", "reason": reason or None}
    if version.isascii() and version.isdigit() and len(version) < 9:
        decided["version"] = int(version)
    return decided


def _change_lines(shown: ShownRequest, wording: Wording) -> list[tuple[str, list[str], list[str]]]:
    """Return label, present and proposed values of each change, as the reader may see them."""
    if shown.seen is None:
        return []
    kind = shown.seen.held.record.kind.code
    stated = proposals.proposal_json(shown)["changes"]
    lines: list[tuple[str, list[str], list[str]]] = []
    for change in stated if isinstance(stated, list) else []:
        if not isinstance(change, dict):
            continue
        name, new = str(change["field"]), change.get("new", change.get("add"))
        label, now = _spoken(wording, kind, name, change.get("now"))
        after_label, after = _spoken(wording, kind, name, new)
        lines.append((label or after_label or name, now, after))
    return lines


def _spoken(wording: Wording, kind: str, name: str, value: Json) -> tuple[str, list[str]]:
    if value is None:
        return "", []
    lines = wording.lines(kind, {name: value})
    return (lines[0].label, list(lines[0].values)) if lines else ("", [])
