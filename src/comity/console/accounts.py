"""The pages on accounts: those that one manages, and one's own API keys. Secrets are shown once, on no address."""

from collections.abc import Callable

import segno
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from comity.access.people import Officer
from comity.access.roles import ROLES, may_manage, role_named
from comity.console.forms import read_form, whole_typed
from comity.console.reception import Reception, purposes_of
from comity.console.rendering import Page
from comity.console.visitor import Visitor, check_post
from comity.errors import ComityError, ConflictError, MalformedError, UnknownError
from comity.procedures import people
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.procedures.people import Credentials
from comity.records.fieldtype import Json
from comity.records.handling import Purpose, bureau_code, parse_purposes
from comity.registry.accounts import Account

NODE = "Comity"
"""What an authenticator shows the account under."""


def account_routes(reception: Reception) -> list[Route]:
    """Return the routes of these pages."""
    pages = AccountPages(reception)
    return [
        Route("/accounts", pages.accounts, methods=["GET", "POST"]),
        Route("/accounts/reset", pages.reset, methods=["POST"]),
        Route("/accounts/close", pages.close, methods=["POST"]),
        Route("/keys", pages.keys, methods=["GET", "POST"]),
        Route("/keys/revoke", pages.revoke, methods=["POST"]),
    ]


class AccountPages:
    """The routes' own functions."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._desk = reception.desk

    async def accounts(self, request: Request) -> Response:
        """List the accounts that one manages, or open another."""
        visitor, officer = await self._reception.inside(request)
        if request.method == "GET":
            return await self._list(request, visitor, officer)
        posted = await self._posted(request, visitor)
        return await self._made(
            request,
            visitor,
            lambda: self._open(posted, officer),
            posted,
        )

    def _open(self, posted: dict[str, str], officer: Officer) -> Credentials:
        """Open the account that the form states; what is no form of one is logged, as every attempt is."""
        act = people.managing_act(officer)
        asked: dict[str, Json] = {name: posted.get(name, "") for name in ("account", "role", "bureau")}
        leave(officer, act, self._desk, asked)
        with noting(officer, act, self._desk, asked):
            account = _account(posted, officer)
        return people.open_account(account, officer, self._desk)

    async def reset(self, request: Request) -> Response:
        """Give an account new secrets."""
        visitor, officer = await self._reception.inside(request)
        posted = await self._posted(request, visitor)
        name = posted.get("account", "")
        return await self._made(request, visitor, lambda: people.reset_account(name, officer, self._desk))

    async def close(self, request: Request) -> Response:
        """Close an account at once."""
        visitor, officer = await self._reception.inside(request)
        posted = await self._posted(request, visitor)
        await run_in_threadpool(people.close_account, posted.get("account", ""), officer, self._desk)
        return RedirectResponse("/accounts", 303)

    async def keys(self, request: Request) -> Response:
        """List one's own API keys, or make another."""
        visitor, officer = await self._reception.inside(request)
        if request.method == "GET":
            return await self._keys(request, visitor, officer)
        posted = await self._posted(request, visitor)
        acts = sorted(act.value for act in officer.acts() if posted.get(f"act.{act.value}"))
        try:
            number = whole_typed(posted.get("days", "")) or 0
            made = await run_in_threadpool(people.new_key, officer, self._desk, acts, number)
        except MalformedError as error:
            return await self._keys(request, visitor, officer, self._told(visitor, error), 422)
        values = {"made": None, "key": made.reveal(), "picture": ""}
        return self._reception.render(Page("secrets.html", values), request, visitor)

    async def revoke(self, request: Request) -> Response:
        """Revoke one of one's own keys at once."""
        visitor, officer = await self._reception.inside(request)
        posted = await self._posted(request, visitor)
        await run_in_threadpool(people.end_key, posted.get("key", ""), officer, self._desk)
        return RedirectResponse("/keys", 303)

    async def _posted(self, request: Request, visitor: Visitor) -> dict[str, str]:
        posted = await read_form(request, 200)
        check_post(request, visitor, posted.get("token", ""))
        return posted

    async def _made(
        self,
        request: Request,
        visitor: Visitor,
        make: Callable[[], Credentials],
        typed: dict[str, str] | None = None,
    ) -> Response:
        """Show the secrets that were made, this once; or the list again, and why nothing was done."""
        assert visitor.officer is not None, "only those inside come here"
        try:
            made = await run_in_threadpool(make)
        except (MalformedError, ConflictError, UnknownError) as error:
            told = self._told(visitor, error)
            return await self._list(request, visitor, visitor.officer, told, typed)
        picture = segno.make_qr(people.code_address(NODE, made)).svg_inline(
            scale=5, border=2, dark="#000", light="#fff"
        )
        values = {"made": made, "key": "", "picture": picture}
        return self._reception.render(Page("secrets.html", values), request, visitor)

    async def _list(
        self,
        request: Request,
        visitor: Visitor,
        officer: Officer,
        fault: str = "",
        typed: dict[str, str] | None = None,
    ) -> Response:
        bureau = request.query_params.get("bureau", "").strip().upper() or None
        found = await run_in_threadpool(people.managed_accounts, bureau, officer, self._desk)
        values = {
            "accounts": found,
            "at": self._desk.clock(),
            "bureau": bureau or officer.bureau.code,
            "is_appointing": people.managing_act(officer).value == "account:appoint",
            "roles": [role.code for role in ROLES.values() if may_manage(officer.role, role)],
            "purposes": list(Purpose),
            "fault": fault,
            "typed": typed or {},
        }
        return self._reception.render(Page("accounts.html", values, 422 if fault else 200), request, visitor)

    async def _keys(
        self, request: Request, visitor: Visitor, officer: Officer, fault: str = "", status: int = 200
    ) -> Response:
        found = await run_in_threadpool(people.own_keys, officer, self._desk)
        values = {
            "keys": found,
            "at": self._desk.clock(),
            "days": people.KEY_DAYS_DEFAULT,
            "own_acts": sorted(act.value for act in officer.acts()),
            "purposes": purposes_of(officer),
            "fault": fault,
        }
        return self._reception.render(Page("keys.html", values, status), request, visitor)

    def _told(self, visitor: Visitor, error: ComityError) -> str:
        speaker = self._reception.speech.speaker(visitor.language)
        return speaker.error(str(error.data.get("rule", error.code)), str(error.data.get("field", "")))


def _account(posted: dict[str, str], officer: Officer) -> Account:
    """Return the account that the form states; raises `MalformedError`, and `RefusedError` by `people`."""
    chosen: list[Json] = [one.value for one in Purpose if posted.get(f"purpose.{one.value}")]
    stated = posted.get("bureau", "").strip()
    return Account(
        name=posted.get("account", "").strip(),
        bureau=bureau_code(stated, "bureau") if stated else officer.bureau.code,
        role=role_named(posted.get("role", "")),
        unit=posted.get("unit", "").strip() or None,
        officer=posted.get("officer", "").strip() or None,
        purposes=parse_purposes(chosen),
    )
