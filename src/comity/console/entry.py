"""The pages on which a bureau enters, amends and withdraws its own records."""

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from comity.access.acts import Act
from comity.console import entry_forms
from comity.console.entry_forms import (
    NO_FAULT,
    Fault,
    entry_form,
    handling_typed,
    handling_values,
    record_from,
)
from comity.console.forms import read_form
from comity.console.reception import Reception
from comity.console.rendering import Page
from comity.console.visitor import Visitor, check_post
from comity.errors import ConflictError, MalformedError, RefusedError, UnknownError
from comity.procedures.amend import amend
from comity.procedures.leave import leave
from comity.procedures.submit import OWN_LIST, read_record, submit, withdraw
from comity.records.fieldtype import Json
from comity.records.handling import Handling, Purpose
from comity.records.kind import Kind
from comity.records.kinds import KINDS, kind_named
from comity.records.record import HeldRecord

ROWS_MORE = 3


def entry_routes(reception: Reception) -> list[Route]:
    """Return the routes of these pages."""
    pages = EntryPages(reception)
    return [
        Route("/enter", pages.start, methods=["GET"]),
        Route("/enter/{kind}", pages.enter, methods=["GET", "POST"]),
        Route("/records/{record}/amend", pages.amend, methods=["GET", "POST"]),
        Route("/records/{record}/withdraw", pages.withdraw, methods=["GET", "POST"]),
    ]


class EntryPages:
    """The routes' own functions."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._desk = reception.desk

    async def start(self, request: Request) -> Response:
        """Show which kinds of record there are to enter."""
        visitor, officer = await self._reception.inside(request)
        await run_in_threadpool(leave, officer, Act.RECORD_SUBMIT, self._desk, {"path": "/enter"})
        return self._reception.render(Page("enter.html", {"kinds": list(KINDS)}), request, visitor)

    async def enter(self, request: Request) -> Response:
        """Show the form of a kind, or enter the record that it states."""
        visitor, officer = await self._reception.inside(request)
        kind = _kind(request.path_params["kind"])
        if request.method == "GET":
            await run_in_threadpool(leave, officer, Act.RECORD_SUBMIT, self._desk, {"kind": kind.code})
            handling = {**handling_values(Handling()), "share": ""}
            return self._form(request, visitor, _Filled(kind, {}, handling))
        posted = await self._posted(request, visitor)
        filled = _Filled(kind, record_from(kind, posted), handling_typed(posted))
        if "rows" in posted:
            return self._form(request, visitor, filled, rows=ROWS_MORE)
        try:
            done = await run_in_threadpool(submit, filled.data, officer, self._desk)
        except MalformedError as error:
            return self._form(request, visitor, filled, self._fault(visitor, error), 422)
        return RedirectResponse(f"/records/{done.receipt.public_id}", 303)

    async def amend(self, request: Request) -> Response:
        """Show a record of one's own as a form, or amend it to what the form states."""
        visitor, officer = await self._reception.inside(request)
        one = request.path_params["record"]
        if request.method == "GET":
            held = await self._own(request, visitor)
            record = held.record
            filled = _Filled(record.kind, record.data, handling_values(record.handling), held)
            return self._form(request, visitor, filled)
        posted = await self._posted(request, visitor)
        kind, version = _kind(posted.get("kind", "")), posted.get("version", "")
        filled = _Filled(kind, record_from(kind, posted), handling_typed(posted), None, one, version)
        if "rows" in posted:
            return self._form(request, visitor, filled, rows=ROWS_MORE)
        try:
            number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
            await run_in_threadpool(amend, one, number, filled.data, officer, self._desk)
        except MalformedError as error:
            return self._form(request, visitor, filled, self._fault(visitor, error), 422)
        except ConflictError as error:
            sentence = self._reception.speech.speaker(visitor.language).error(error.rule)
            return self._form(request, visitor, filled, Fault("record", sentence), 409)
        return RedirectResponse(f"/records/{one}", 303)

    async def withdraw(self, request: Request) -> Response:
        """Ask once more, or withdraw a record of one's own."""
        visitor, officer = await self._reception.inside(request)
        one = request.path_params["record"]
        if request.method == "GET":
            held = await self._own(request, visitor)
            return self._reception.render(Page("withdraw.html", {"held": held}), request, visitor)
        posted = await self._posted(request, visitor)
        version = posted.get("version", "")
        number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
        await run_in_threadpool(withdraw, one, number, officer, self._desk)
        return RedirectResponse(f"/records/{one}", 303)

    async def _posted(self, request: Request, visitor: Visitor) -> dict[str, str]:
        posted = await read_form(request, entry_forms.FIELDS_MAX)
        check_post(request, visitor, posted.get("token", ""))
        return posted

    async def _own(self, request: Request, visitor: Visitor) -> HeldRecord:
        """Return the record where it is the bureau's own and by its own hand; raises `UnknownError` otherwise."""
        assert visitor.officer is not None, "only those inside come here"
        one, officer = request.path_params["record"], visitor.officer
        if Act.RECORD_SUBMIT not in officer.acts():
            raise RefusedError(act=Act.RECORD_SUBMIT.value, rule="act-not-in-role")
        purpose = self._reception.purpose(officer, request) or next(
            iter(officer.purposes), Purpose.INVESTIGATION
        )
        seen = await run_in_threadpool(read_record, one, officer, purpose, self._desk)
        if seen.held.owner != officer.bureau.code:
            raise UnknownError(what="record", name=one[:40])
        return seen.held

    def _fault(self, visitor: Visitor, error: MalformedError) -> Fault:
        speaker = self._reception.speech.speaker(visitor.language)
        return Fault(error.field, speaker.error(error.code, error.field))

    def _form(
        self,
        request: Request,
        visitor: Visitor,
        filled: "_Filled",
        fault: Fault = NO_FAULT,
        status: int = 200,
        rows: int = 1,
    ) -> Response:
        values = {
            "kind": filled.kind.code,
            "form": entry_form(filled.kind, filled.data, fault, rows),
            "handling": filled.handling,
            "amending": filled.record,
            "version": filled.version,
            "source_id": filled.source_id,
            "is_listed": filled.is_listed,
            "fault": fault,
            "shares": entry_forms.SHARES,
            "views": entry_forms.VIEWS,
            "reliabilities": entry_forms.RELIABILITIES,
            "handling_codes": entry_forms.HANDLING_CODES,
            "purposes": list(Purpose),
        }
        return self._reception.render(Page("entry.html", values, status), request, visitor)


class _Filled:
    """A form as it stands: the kind, what is typed, and the record that is amended, if one is."""

    def __init__(
        self,
        kind: Kind,
        data: Mapping[str, Json],
        handling: Mapping[str, str],
        held: HeldRecord | None = None,
        record: str = "",
        version: str = "",
    ) -> None:
        self.kind, self.handling = kind, handling
        self.data: dict[str, Json] = dict(data)
        self.record = held.public_id if held is not None else record
        self.version = str(held.version) if held is not None else version
        self.source_id = held.record.source_id if held is not None else str(data.get("source_id", ""))
        self.is_listed = held is not None and held.list_name != OWN_LIST


def _kind(code: str) -> Kind:
    try:
        return kind_named(code)
    except MalformedError:
        raise HTTPException(404) from None
