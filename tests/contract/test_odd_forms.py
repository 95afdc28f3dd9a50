"""Whatever is posted in the place of a form of the console is answered by a page: on SQLite and on PostgreSQL."""

from collections.abc import Mapping
from pathlib import Path
from random import Random

from tests.contract.odd_forms import filled, forms_of, post
from tests.journeys.asking import Asker, Call
from tests.unit.procedures.offices import RED, add_account, enter, officer, offices, step

from comity.access.credentials import code_at
from comity.access.roles import role_named
from comity.app import SECRETARIAT, Node
from comity.console.visitor import PURPOSE, SESSION
from comity.doors import build_doors
from comity.procedures import people, redress, redress_find, redress_owner
from comity.procedures.check import run_check
from comity.procedures.messages.sending import send
from comity.procedures.owners.access import ask_access
from comity.procedures.owners.proposals import propose
from comity.procedures.sign_in import sign_in
from comity.procedures.submit import submit
from comity.procedures.watches import set_watch
from comity.records.handling import Purpose
from comity.records.notices.states import Form
from comity.registry import accounts
from comity.registry.accounts import Account

TIMES = 3
"""How often each page's forms are filled in; more find more, and take longer."""

PASSPORT = {"kind": "travel_document", "type": "P", "issuer": "EGY", "share": "all"}
OF = {"registrar": "EGY", "administrator": "EGY", "partner": "EGY"}
"""The bureaus of visitors; the others are of the secretariat."""

PAGES: Mapping[str, tuple[str, ...]] = {
    "registrar": (
        *("/check/person", "/check/travel_document", "/inbox/{hit}", "/inbox/{met}", "/duty", "/watches"),
        *("/watches/new/person", "/enter/person", "/enter/vehicle", "/records/{own}/amend"),
        *("/records/{own}/withdraw", "/records/{other}/propose", "/records/{part}/ask", "/keys"),
        *("/proposals/{proposal}", "/access-requests/{access}", "/messages/new", "/messages/search"),
        *("/messages/threads/{thread}", "/notices/new/red", "/notices/{notice}"),
        *(
            "/notices/{notice}/edit",
            "/diffusions/new/silver",
            "/diffusions/{diffusion}",
            "/redress/questions",
        ),
    ),
    "reviewer": ("/notices/{notice}/review", "/diffusions/{diffusion}/review"),
    "controller": ("/redress", "/redress/{case}", "/trail/record"),
    "administrator": ("/accounts",),
    "operator": ("/accounts",),
    "partner": ("/partner",),
}


def visit(node: Node, role: str) -> Asker:
    """Return a visitor of this role who has signed in."""
    bureau = OF.get(role, SECRETARIAT)
    account, secrets = people.with_secrets(Account(f"web-{role}", bureau, role_named(role)), node.desk)
    with node.desk.registry.write() as connection:
        accounts.add_account(connection, account, node.desk.clock())
    code = code_at(secrets.code_secret.reveal(), node.desk.clock().timestamp())
    session = sign_in(account.name, secrets.passphrase.reveal(), code, node.desk).token.reveal()
    cookies = {SESSION: session, PURPOSE: Purpose.INVESTIGATION.value}
    return Asker(build_doors(node.desk), cookies=cookies)


def entered(node: Node, owner: str, number: str, **handling: str) -> str:
    record = {**PASSPORT, "source_id": number, "number": number, **handling}
    return submit(record, officer(node, f"{owner}-registrar"), node.desk).receipt.public_id


def met(node: Node, by: str, number: str) -> str:
    query = {"kind": "travel_document", "number": number}
    answer = run_check(query, officer(node, f"{by}-registrar"), Purpose.INVESTIGATION, node.desk)
    return str(answer.hits[0].opened)


def things(node: Node) -> dict[str, str]:
    """Let there be one of everything that a page is about; return their identifiers."""
    desk, egypt, france = node.desk, officer(node, "egy-registrar"), officer(node, "fra-registrar")
    own, other = entered(node, "egy", "K1234567"), entered(node, "fra", "L7654321")
    part, hidden = (
        entered(node, owner, number, view="summary")
        for owner, number in (("fra", "M7654321"), ("egy", "N7654321"))
    )
    add_account(node, "ccf", SECRETARIAT, "controller")
    changes = {"changes": [{"field": "status", "new": "lost"}], "reason": "Found."}
    wanted = {"record": hidden, "reason": "For a case."}
    letter = {
        "to": ["EGY"],
        "purpose": "investigation",
        "subject": "Who?",
        "text": "Who is it?",
        "asks": True,
    }
    set_watch({"kind": "travel_document", "number": "Q7654321"}, egypt, Purpose.INVESTIGATION, desk)
    diffusion = enter(node, {**RED, "share": {"only": ["FRA"]}, "reference": "d"}, Form.DIFFUSION)
    asked, controller = redress.Request("deletion", {"name": "Zoltan"}, "Erase it."), officer(node, "ccf")
    case = redress.open_case(asked, controller, desk).ref
    redress_find.attach(case, own, controller, desk)
    redress_owner.consult(case, own, "On what ground?", 30, controller, desk)
    return {
        "own": own,
        "other": other,
        "part": part,
        "hit": met(node, "fra", "K1234567"),
        "met": met(node, "egy", "L7654321"),
        "proposal": propose(
            {"record": own, "version": 1, **changes}, france, Purpose.BORDER, desk
        ).request.id,
        "access": ask_access(wanted, france, Purpose.BORDER, desk).request.id,
        "thread": send(letter, france, desk).thread,
        "notice": step(node, step(node, enter(node), "submit", "egy-registrar"), "take", "reviewer-1").id,
        "diffusion": step(node, diffusion, "submit", "egy-registrar").id,
        "case": case,
    }


def unanswered(asker: Asker, path: str, chance: Random) -> list[object]:
    """Fill in the forms of a page, and return those that were answered by no page of ours."""
    found: list[object] = []
    shown = asker.ask([Call("GET", path)])[0]
    for form in forms_of(path, shown.content.decode()):
        said = filled(form, chance)
        answer = post(asker, form.action, said)
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        if answer.status_code >= 500 or not (is_page or answer.status_code == 303):
            found.append((form.action, said, answer.status_code))
    return found


def test_every_form_is_answered_by_a_page_whatever_it_says(tmp_path: Path, registry_place: str) -> None:
    with offices(tmp_path, registry_place) as node:
        ids, wrong = things(node), list[object]()
        for role, pages in PAGES.items():
            asker, chance = visit(node, role), Random(role)
            for path in (*pages,) * TIMES:
                wrong += unanswered(asker, path.format(**ids), chance)
        assert wrong == []


def test_every_page_of_forms_has_one(tmp_path: Path, sqlite_url: str) -> None:
    with offices(tmp_path, sqlite_url) as node:
        ids = things(node)
        for role, pages in PAGES.items():
            asker = visit(node, role)
            for path in pages:
                page = asker.ask([Call("GET", path.format(**ids))])[0]
                assert [*forms_of(path, page.content.decode())], path
