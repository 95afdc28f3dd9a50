"""A visitor of the console: signs in as people do, reads a page's token, posts its forms."""

import re
from dataclasses import dataclass
from html import unescape

from starlette.testclient import TestClient

from comity.access.credentials import code_at
from comity.access.roles import role_named
from comity.app import Node
from comity.doors import build_doors
from comity.procedures import people
from comity.procedures.people import Credentials
from comity.registry import accounts
from comity.registry.accounts import Account


def open_account(node: Node, name: str, bureau: str, role: str = "registrar") -> Credentials:
    account, secrets = people.with_secrets(Account(name, bureau, role_named(role)), node.desk)
    with node.desk.registry.write() as connection:
        accounts.add_account(connection, account, node.desk.clock())
    return secrets


@dataclass
class Visitor:
    client: TestClient
    landed: str = ""

    def token(self, path: str) -> str:
        found = re.search(r'name="token" value="([0-9a-f]+)"', self.client.get(path).text)
        assert found is not None, path
        return found[1]

    def post(self, path: str, **fields: str):
        token = self.token("/sign-in" if path == "/sign-in" else "/check/person")
        return self.client.post(path, data={"token": token, **fields}, follow_redirects=False)

    def sign_in(self, node: Node, secrets: Credentials, **fields: str):
        code = code_at(secrets.code_secret.reveal(), node.desk.clock().timestamp())
        passphrase = secrets.passphrase.reveal()
        account = secrets.account
        answer = self.post("/sign-in", account=account, passphrase=passphrase, code=code, **fields)
        self.landed = answer.headers.get("location", "")
        return answer

    def check(self, kind: str, **fields: str):
        return self.post(f"/check/{kind}", purpose="border", **fields)


def visitor(node: Node, **headers: str) -> Visitor:
    return Visitor(TestClient(build_doors(node.desk), headers=headers, raise_server_exceptions=False))


def words_of(page: str) -> str:
    """Return what a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())
