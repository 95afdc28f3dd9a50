"""`comity bureau, unit, officer, account, key, role`: who is there, and who may act."""

import getpass
import sys
from typing import Annotated

from cyclopts import App, Parameter
from rich.markup import escape

from comity.access.credentials import code_at
from comity.access.roles import ROLES, role_named
from comity.app import now
from comity.cli.credentials import show_credentials
from comity.cli.place import HERE, Place, acting, operating
from comity.cli.show import OUT, show_json, show_pairs, show_rows, show_secret
from comity.cli.speaking import said
from comity.errors import MalformedError
from comity.procedures import bureaus, people
from comity.records.fieldtype import Json
from comity.records.handling import bureau_code, parse_purposes
from comity.registry.accounts import Account

BUREAU = App(name="bureau", help="The bureaus of the node.")
UNIT = App(name="unit", help="The units of the account's bureau.")
OFFICER = App(name="officer", help="The officers of the account's bureau, by service number.")
ACCOUNT = App(name="account", help="Accounts: open, close, reset, list.")
KEY = App(name="key", help="API keys of an account.")
ROLE = App(name="role", help="What accounts may do.")


@BUREAU.command(name="add")
def add_bureau(code: str, *, region: str = "organisation", place: Place = HERE) -> None:
    """Add a bureau by its code of three letters. Countries that are members are there from the beginning."""
    with operating(place) as (node, officer):
        made = bureaus.add_bureau(code, region, officer, node.desk)
    show_pairs({"bureau": made.code, "region": made.region})


@BUREAU.command(name="list")
def list_bureaus(place: Place = HERE) -> None:
    """List the bureaus of the node."""
    with operating(place) as (node, _officer):
        found = sorted(node.desk.registry.bureaus().values(), key=lambda bureau: bureau.code)
    show_rows([{"bureau": one.code, "region": one.region} for one in found], as_json=place.json)


@UNIT.command(name="add")
def add_unit(code: str, *, place: Place = HERE) -> None:
    """Add a unit to the account's bureau."""
    with operating(place) as (node, officer):
        bureaus.add_unit(code, officer, node.desk)
    show_pairs({"bureau": officer.bureau.code, "unit": code})


@UNIT.command(name="list")
def list_units(place: Place = HERE) -> None:
    """List the units of the account's bureau."""
    with operating(place) as (node, officer):
        found = bureaus.units(officer, node.desk)
    show_rows([{"unit": code} for code in found], as_json=place.json)


@OFFICER.command(name="add")
def add_officer(number: str, *, unit: str, place: Place = HERE) -> None:
    """Add an officer, by service number, to a unit of the account's bureau."""
    with operating(place) as (node, officer):
        bureaus.add_officer(number, unit, officer, node.desk)
    show_pairs({"officer": number, "unit": unit})


@OFFICER.command(name="list")
def list_officers(place: Place = HERE) -> None:
    """List the officers of the account's bureau."""
    with operating(place) as (node, officer):
        found = bureaus.officers(officer, node.desk)
    show_rows([{"officer": number, "unit": unit} for number, unit in found.items()], as_json=place.json)


@ACCOUNT.command(name="open")
def open_account(  # noqa: PLR0913 - each is an option of the command
    name: str,
    *,
    role: str,
    bureau: str | None = None,
    unit: str | None = None,
    number: Annotated[str | None, Parameter(name="--officer")] = None,
    purposes: str = "",
    place: Place = HERE,
) -> None:
    """Open an account and show its secrets, this once: the passphrase, and the key of its codes as a picture.

    The node's operator opens administrators; an administrator opens the others, in its own bureau.
    """
    named: list[Json] = [code for code in purposes.split(",") if code]
    with operating(place) as (node, officer):
        account = Account(
            name=name,
            bureau=bureau_code(bureau, "bureau") if bureau else officer.bureau.code,
            role=role_named(role),
            unit=unit,
            officer=number,
            purposes=parse_purposes(named),
        )
        made = people.open_account(account, officer, node.desk)
        show_credentials(node.settings.name, made, as_json=place.json)


@ACCOUNT.command(name="reset")
def reset_account(name: str, *, place: Place = HERE) -> None:
    """Give an account new secrets, shown this once, and end its sessions."""
    with operating(place) as (node, officer):
        made = people.reset_account(name, officer, node.desk)
        show_credentials(node.settings.name, made, as_json=place.json)


@ACCOUNT.command(name="close")
def close_account(name: str, *, place: Place = HERE) -> None:
    """Close an account at once, with its sessions and keys."""
    with operating(place) as (node, officer):
        people.close_account(name, officer, node.desk)
    show_pairs({"account": name, "state": "closed"})


@ACCOUNT.command(name="list")
def list_accounts(bureau: str | None = None, *, place: Place = HERE) -> None:
    """List the accounts that the acting account may manage."""
    with operating(place) as (node, officer):
        code = bureau_code(bureau, "bureau") if bureau else None
        found = people.managed_accounts(code, officer, node.desk)
        at = node.desk.clock()
    show_rows([_account_row(account, at=at.isoformat()) for account in found], as_json=place.json)


def _account_row(account: Account, *, at: str) -> dict[str, Json]:
    is_locked = account.locked_until is not None and account.locked_until.isoformat() > at
    return {
        "account": account.name,
        "bureau": account.bureau,
        "role": account.role.code,
        "unit": account.unit or "",
        "officer": account.officer or "",
        "purposes": ",".join(sorted(account.purposes)),
        "state": "closed" if not account.is_open else "locked" if is_locked else "open",
    }


@ACCOUNT.command
def code() -> None:
    """Say the six-digit code of this moment, from an account's key of codes, which is asked for and not shown.

    For who has no authenticator at hand. A code holds half a minute and works once.
    """
    asked = f"{said('Key of the six-digit codes')}: "
    # Never an argument: other users of the machine see those, and shells keep them.
    key = (getpass.getpass(asked) if sys.stdin.isatty() else sys.stdin.readline()).strip().upper()
    try:
        OUT.print(code_at(key, now().timestamp()))
    except ValueError:
        raise MalformedError("code-key-form", "key") from None


@KEY.command
def new(*, days: int = people.KEY_DAYS_DEFAULT, acts: str = "", place: Place = HERE) -> None:
    """Make an API key for the account, shown this once; --acts a,b narrows what it may do."""
    with acting(place) as (node, officer, _purpose):
        named = [act for act in acts.split(",") if act]
        key = people.new_key(officer, node.desk, named, days)
    if place.json:
        show_json({"account": officer.account, "key": key.reveal()})
    else:
        show_secret(said("API key of {account}", account=officer.account), key)


@KEY.command(name="list")
def list_keys(place: Place = HERE) -> None:
    """List the account's API keys, ended ones too; never the keys themselves."""
    with acting(place) as (node, officer, _purpose):
        found, at = people.own_keys(officer, node.desk), node.desk.clock()
    rows: list[dict[str, Json]] = [
        {
            "key": key.id,
            "made": key.created_at.isoformat(timespec="seconds"),
            "ends": key.expires_at.isoformat(timespec="seconds"),
            "acts": "all" if key.acts is None else ",".join(sorted(key.acts)),
            "state": "revoked" if key.revoked_at else "ended" if key.expires_at <= at else "open",
        }
        for key in found
    ]
    show_rows(rows, as_json=place.json)


@KEY.command
def revoke(key: str, *, place: Place = HERE) -> None:
    """Revoke one of the account's API keys at once, by the identifier that `key list` shows."""
    with acting(place) as (node, officer, _purpose):
        people.end_key(key, officer, node.desk)
    show_pairs({"key": key, "state": "revoked"})


@ROLE.command(name="list")
def list_roles(place: Place = HERE) -> None:
    """List the roles, their ranks, and the acts that each may do."""
    rows: list[dict[str, Json]] = [
        {"role": role.code, "rank": role.rank, "acts": ", ".join(sorted(role.acts))}
        for role in ROLES.values()
    ]
    show_rows(rows, as_json=place.json)
    if not place.json:
        OUT.print(escape(said("A role manages lower ranks alone; nobody manages their own rank or above.")))
