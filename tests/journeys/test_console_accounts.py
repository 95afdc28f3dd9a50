"""Accounts and API keys in the console: who may manage whom, secrets shown once, everything at once in force."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from starlette.testclient import TestClient
from tests.journeys.console_visitor import Visitor, open_account, visitor, words_of
from tests.unit.procedures.bureaus import bureaus

from comity.access.credentials import Secret
from comity.app import Node
from comity.doors import build_doors
from comity.phrases.words import CODES
from comity.procedures.people import Credentials
from comity.registry import audit_log


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with bureaus(tmp_path_factory.mktemp("accounts")) as opened:
        yield opened


def inside(node: Node, name: str, bureau: str, role: str) -> Visitor:
    one = visitor(node)
    one.sign_in(node, open_account(node, name, bureau, role))
    return one


@pytest.fixture(scope="module")
def administrator(node: Node) -> Visitor:
    return inside(node, "egy-managing", "EGY", "administrator")


def posted(one: Visitor, path: str, **fields: str):
    """Post with the token of a page that every role may open."""
    token = one.token("/keys")
    return one.client.post(path, data={"token": token, **fields}, follow_redirects=False)


def secrets_shown(page: str) -> Credentials:
    account, passphrase, key = (unescape(one) for one in re.findall(r'class="code"><bdi>([^<]+)</bdi>', page))
    return Credentials(account, Secret(passphrase), Secret(key))


def test_who_is_given_an_account_can_sign_in_with_what_was_shown(node: Node, administrator: Visitor) -> None:
    shown = posted(administrator, "/accounts", account="egy-new", role="officer")
    newcomer = visitor(node)
    newcomer.sign_in(node, secrets_shown(shown.text))
    assert newcomer.landed == "/"


def test_who_opens_an_account_without_an_officer_s_number_is_told(administrator: Visitor) -> None:
    page = posted(administrator, "/accounts", account="egy-apart", role="registrar").text
    assert "No officer's number is stated." in words_of(page)


def test_new_secrets_end_the_old_ones(node: Node, administrator: Visitor) -> None:
    before = secrets_shown(posted(administrator, "/accounts", account="egy-reset", role="officer").text)
    posted(administrator, "/accounts/reset", account="egy-reset")
    assert visitor(node).sign_in(node, before).status_code == 401


def test_a_closed_account_is_out_at_once(node: Node, administrator: Visitor) -> None:
    one = visitor(node)
    one.sign_in(
        node, secrets_shown(posted(administrator, "/accounts", account="egy-closed", role="officer").text)
    )
    posted(administrator, "/accounts/close", account="egy-closed")
    assert one.client.get("/keys", follow_redirects=False).headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("role", ["administrator", "operator"])
def test_nobody_opens_an_account_of_their_own_rank_or_above(administrator: Visitor, role: str) -> None:
    assert posted(administrator, "/accounts", account="egy-peer", role=role).status_code == 403


def test_another_bureau_s_account_is_as_unknown_as_none(node: Node, administrator: Visitor) -> None:
    open_account(node, "fra-foreign", "FRA", "officer")
    told = [
        words_of(posted(administrator, "/accounts/reset", account=name).text).replace(name, "")
        for name in ("fra-foreign", "fra-nobody")
    ]
    assert told[0] == told[1]


def test_a_name_that_is_taken_is_told_and_what_was_typed_stays(administrator: Visitor) -> None:
    posted(administrator, "/accounts", account="egy-twice", role="officer")
    again = posted(administrator, "/accounts", account="egy-twice", role="officer")
    assert (again.status_code, 'value="egy-twice"' in again.text) == (422, True)


def test_an_officer_has_no_page_of_accounts(node: Node) -> None:
    assert inside(node, "egy-plain", "EGY", "officer").client.get("/accounts").status_code == 403


def test_a_key_acts_until_it_is_revoked(node: Node) -> None:
    one = inside(node, "egy-keyed", "EGY", "officer")
    shown = posted(one, "/keys", days="7").text
    key = re.search(r"comity_[\w-]+", shown)
    assert key is not None
    door = TestClient(build_doors(node.desk), headers={"Authorization": f"Bearer {key[0]}"})
    before = door.get("/v1/audit").status_code
    posted(one, "/keys/revoke", key=key[0].split("_")[1])
    assert (before, door.get("/v1/audit").status_code) == (200, 401)


def test_a_key_for_no_days_is_not_made(node: Node) -> None:
    assert posted(inside(node, "egy-days", "EGY", "officer"), "/keys", days="0").status_code == 422


@pytest.mark.parametrize("language", CODES)
def test_the_pages_come_in_every_language(administrator: Visitor, language: str) -> None:
    pages = [
        administrator.client.get(path, headers={"accept-language": language})
        for path in ("/accounts", "/keys")
    ]
    assert [f'lang="{language}"' in page.text for page in pages] == [True, True]


def newest(node: Node) -> tuple[str, str | None]:
    """Return outcome and reason of the newest line that is no mere reading."""
    node.desk.registry.settle()
    with node.desk.registry.read() as connection:
        size = audit_log.size(connection)
        last = [audit_log.entry_at(connection, one).entry for one in range(size - 3, size)]
    wrong = [entry for entry in last if entry.outcome == "invalid"]
    return (wrong[-1].outcome, wrong[-1].reason) if wrong else ("", None)


@pytest.mark.parametrize(
    ("stated", "reason"),
    [({"role": "king"}, "unknown-role role"), ({"role": "officer", "bureau": "??"}, "bureau-code bureau")],
)
def test_a_form_that_states_no_account_is_logged(
    node: Node, administrator: Visitor, stated: dict[str, str], reason: str
) -> None:
    assert posted(administrator, "/accounts", account="egy-never", **stated).status_code == 422
    assert newest(node) == ("invalid", reason)


def test_a_list_of_what_is_no_bureau_is_logged(node: Node, administrator: Visitor) -> None:
    assert administrator.client.get("/accounts?bureau=%3F%3F").status_code == 422
    assert newest(node) == ("invalid", "bureau-code bureau")
