"""Law 1 over every route of both web doors: what is withheld changes no byte of any answer.

Routes are taken from the API's own description and from the console's router. One that takes more than
the parameters known here fails until it has a case.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from asking import Asker, Call, Told
from law_one import BLUE, PASSPORT, PERSON, Worlds, apart, opened, two_worlds
from starlette.routing import Route
from starlette.testclient import TestClient

from comity.access.acts import Act
from comity.access.roles import ROLES, role_named
from comity.api.description import describe
from comity.app import Node
from comity.console import build_console
from comity.doors import build_doors
from comity.procedures import people
from comity.procedures.sign_in import officer_named

QUERIES = (
    {"kind": "person", "name": "Zoltan Quillfeather"},
    {"kind": "person", "name": "Quillfeather", "floor": 0, "limit": 100},
    {"kind": "person", "name": "Zoltan", "document": "W7654321", "floor": 0},
    {"kind": "person", "name": "Tarek Mansour Elhadidy", "floor": 0, "limit": 100},
    {"kind": "person", "name": "Tarek", "limit": 1},
    {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": "W7654321"},
    {"kind": "travel_document", "number": "A1234567"},
    {"kind": "vehicle", "plate": "QX417ZT", "country": "FRA"},
    {"kind": "vehicle", "plate": "QX417ZT", "purpose": "warning"},
    {"kind": "artwork", "title": "Ferry at the Salt Quay", "floor": 0},
    {"kind": "organisation", "name": "Halcyon Meridian Trading", "floor": 0},
    {"kind": "vessel", "name": "Northern Lantern", "floor": 0},
    {"kind": "person", "name": ""},
    {"kind": "nothing"},
)


MULTIPART = "multipart/form-data; boundary=edge"


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


MESSAGE = {"to": ["EGY"], "purpose": "border", "subject": "Yes", "text": "Seen."}
ASKED = {"record": "{record}", "reason": "We hold more."}
SECRET_DIGEST = hashlib.sha256(b"%PDF secret").hexdigest()
NOTICE_CONTENTS: Mapping[str, tuple[object, ...]] = {
    "notice": (
        {**BLUE, "reference": "withheld-0"},  # Egypt has one of this reference, about the same person
        {**BLUE, "reference": "france-1", "share": {"only": ["BRA"]}},
    ),
    "diffusion": ({**BLUE, "reference": "withheld-0", "share": {"only": ["BRA", "EGY"]}}, {}),
}
NOTICE_MOVES = (
    {"move": "submit", "version": 1},
    {"move": "take", "version": 2},
    {"move": "withdraw", "version": 4, "reasons": "Over."},
    {"move": "nothing"},
)

BODIES: Mapping[str, tuple[bytes, ...]] = {
    "/v1/checks": (*map(as_json, QUERIES), b"{"),
    "/v1/checks/batch": (b"\n".join(map(as_json, QUERIES)), b""),
    "/v1/records": (
        as_json({**PERSON, "source_id": "withheld-0", "share": "all"}),
        as_json({**PASSPORT, "source_id": "withheld-1"}),
        as_json({**PASSPORT, "number": "***"}),
    ),
    "/v1/hits/{hit}/question": (as_json({"priority": "urgent"}), b"{"),
    "/v1/hits/{hit}/answer": (as_json({"answer": "confirmed"}), as_json({"answer": "perhaps"})),
    "/v1/hits/{hit}/outcome": (as_json({"outcome": "not-pursued"}), b"[]"),
    "/v1/partner/checks": tuple(
        as_json({"type": "P", "issuer": "EGY", "number": number})
        for number in ("W7654321", "A1234567", "***")
    ),
    "/v1/watches": (as_json({**QUERIES[5], "days": 9}), as_json({"kind": "person", "name": "Zoltan"}), b"{"),
    "/v1/duty": (
        as_json({"second": "EGY", "days": {"border": 5}, "kinds": {"person": 9}}),
        as_json({"second": "FRA"}),
    ),
    "/v1/retention/{record}": (
        as_json({"answer": "keep", "reason": "the case goes on", "until": "2028-01-01"}),
        as_json({"answer": "let-go", "reason": "arrested"}),
        b"[]",
    ),
    "/v1/redress/cases": (as_json({"kind": "access", "applicant": {"name": "A"}, "request": "b"}), b"{"),
    "/v1/redress/cases/{case}/search": (as_json(QUERIES[0]),),
    "/v1/redress/cases/{case}/records/{record}/questions": (as_json({"question": "why?"}),),
    "/v1/redress/cases/{case}/records/{record}/decision": (
        as_json({"decision": "erase", "reasons": "none"}),
    ),
    "/v1/redress/questions/{case}/{record}": (as_json({"answer": "a", "may_disclose": True}),),
    "/v1/messages": tuple(
        as_json({**MESSAGE, **more})
        for more in (
            {},
            {"to": ["KEN"], "second": "EGY", "asks": True},
            {"attachments": [{"name": "mine.pdf", "digest": SECRET_DIGEST}]},
            {"text": "", "to": ["KEN", "QQQ"]},
            {"thread": "{thread}"},
            {"answers": "{message}"},
            {"sealed": {}},
        )
    ),
    "/v1/messages/search": (
        *(as_json({"text": text}) for text in ("Quillfeather", "W7654321", "agreed", "a", "secret.pdf")),
        *(as_json({"bureau": code}) for code in ("EGY", "KEN", "FRA")),
        as_json({"about": "{record}", "limit": 2}),
        as_json({"about": "{hit}", "bureau": "EGY"}),
        b"[]",
    ),
    "/v1/messages/files": (b"%PDF secret", b""),
    "/v1/messages/drafts": (as_json(MESSAGE), b"[]"),
    "/v1/messages/drafts/{draft}": (as_json(MESSAGE),),
    "/v1/messages/drafts/left/{draft}": (as_json({"answer": "take-over"}), as_json({"answer": "drop"}), b"{"),
    "/v1/messages/{message}/forward": (as_json({"to": ["EGY"]}),),
    "/v1/messages/{message}/leave": (as_json({"bureau": "KEN"}),),
    "/v1/keys": (as_json({"statement": "{}"}),),
    "/v1/proposals": (
        as_json({**ASKED, "version": 1, "changes": [{"field": "born", "new": ["1980"]}]}),
        as_json({**ASKED, "version": 2, "changes": [{"field": "marks", "new": "x"}]}),
    ),
    "/v1/proposals/{proposal}/decision": (as_json({"accept": True}),),
    "/v1/access-requests": (as_json(ASKED),),
    "/v1/access-requests/{access}/decision": (as_json({"accept": True}),),
    "/v1/access-requests/{access}/end": (as_json({"reason": "x"}),),
    **{
        path + rest: tuple(map(as_json, bodies))
        for path, form in (("/v1/notices", "notice"), ("/v1/diffusions", "diffusion"))
        for rest, bodies in (
            ("", NOTICE_CONTENTS[form]),
            ("/{notice}", NOTICE_CONTENTS[form]),
            ("/{notice}/moves", NOTICE_MOVES),
        )
    },
}
"""What is sent to the API's routes that take a body; names in braces stand for each identifier of that sort."""

FORMS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "/sign-in": ({"account": "fra-officer", "passphrase": "x", "code": "000000"},),
    "/sign-out": ({},),
    "/language": ({"language": "ar", "back": "/check/person"},),
    "/check/{kind}": (
        {"purpose": "border", "name": "Zoltan Quillfeather", "number": "W7654321", "plate": "QX417ZT"},
        {"purpose": "border", "name": "Tarek Mansour Elhadidy"},
        {"purpose": "border", "plate": "QX417ZT"},
        {"purpose": "border", "number": "W7654321", "issuer": "EGY"},
        {"purpose": "border", "name": ""},
        {"name": "Zoltan Quillfeather"},
    ),
    "/inbox/{hit}/question": ({"priority": "urgent"}, {"priority": "x"}),
    "/inbox/{hit}/answer": ({"answer": "refused", "reason": "declined"}, {"answer": "later", "in_min": "10"}),
    "/inbox/{hit}/outcome": ({"outcome": "not-pursued"}, {"outcome": "x"}),
    "/inbox/{hit}/distinction": ({},),
    "/inbox/{hit}/distinction/end": ({},),
    "/duty": ({"second": "EGY", "days-border": "5", "kind-days-person": "9"}, {"second": "FRA"}),
    "/retention/{record}": ({"answer": "let-go", "reason": "arrested"}, {"answer": "keep", "reason": "x"}),
    "/partner": ({"type": "P", "issuer": "EGY", "number": "W7654321"}, {"type": "P"}),
    "/redress": ({"kind": "access", "name": "A", "request": "b"},),
    "/redress/questions": (
        {
            "case": "R-2026-00000000",
            "record": "{record}",
            "number": "1",
            "answer": "a",
            "may_disclose": "yes",
        },
    ),
    "/redress/{case}": ({"step": "block", "record": "{record}"}, {"step": "nothing"}),
    "/redress/{case}/find": ({"kind": "person", "name": "Zoltan Quillfeather"},),
    "/accounts": ({"account": "fra-law", "role": "officer"}, {"account": "fra-law", "role": "operator"}),
    "/accounts/reset": ({"account": "egy"}, {"account": "nobody"}),
    "/accounts/close": ({"account": "egy"}, {"account": "nobody"}),
    "/keys": ({"days": "0"},),
    "/keys/revoke": ({"key": "none"},),
    "/watches/end": ({"watch": "A" * 20},),
    "/watches/new/{kind}": (
        {
            "purpose": "border",
            "days": "5",
            "name": "Zoltan Quillfeather",
            "plate": "QX417ZT",
            "number": "W7654321",
        },
        {"purpose": "border", "days": "0", "name": "Zoltan"},
    ),
    "/purpose": ({"purpose": "border", "back": "/records/" + "A" * 20},),
    "/enter/{kind}": (
        {"share": "all", "source_id": "law-1", "names.0.name": "Zoltan Quillfeather", "number": "W7654321"},
        {"share": "only", "bureaus": "EGY", "plate": "QX417ZT", "source_id": "law-2"},
        {"rows": "names", "names.0.name": "Zoltan"},
    ),
    "/records/{record}/amend": (
        {
            "kind": "travel_document",
            "version": "1",
            "share": "all",
            "number": "W7654321",
            "type": "P",
            "issuer": "EGY",
        },
        {"kind": "vehicle", "version": "2", "share": "owner", "plate": "QX417ZT"},
    ),
    "/records/{record}/withdraw": ({"version": "1"}, {"version": "7"}),
    "/messages/new": (
        {"to": "EGY", "purpose": "border", "subject": "a", "text": "b"},
        {"to": "QQQ", "purpose": "border", "phrase": "nothing-known"},
        {"to": "EGY", "purpose": "border", "subject": "a", "do": "draft"},
        {
            "to": "EGY",
            "purpose": "border",
            "subject": "a",
            "text": "b",
            "kept-0": f"{SECRET_DIGEST} secret.pdf",
        },
    ),
    "/messages/threads/{thread}": (
        {"to": "EGY", "purpose": "border", "subject": "a", "text": "b", "answers": "{message}"},
    ),
    "/messages/search": ({"text": "Quillfeather"}, {"bureau": "EGY"}, {"about": "{record}"}, {}),
    "/messages/drafts/{draft}": ({},),
    "/messages/drafts/left/{draft}": ({"do": "take-over"}, {"do": "drop"}, {"do": "x"}),
    "/messages/{message}/forward": ({"to": "EGY"},),
    "/messages/{message}/leave": ({"bureau": "KEN"},),
    "/records/{record}/propose": ({"version": "1", "new-marks": "x", "reason": "r"},),
    "/records/{record}/ask": ({"reason": "r"},),
    "/proposals/{proposal}": ({"do": "accept"}, {"do": "refuse", "reason": "r"}, {"do": "withdraw"}),
    "/access-requests/{access}": ({"do": "accept"}, {"do": "end", "reason": "x"}, {"do": "withdraw"}),
    **{
        path + rest: forms
        for path in ("/notices", "/diffusions")
        for rest, forms in (
            (
                "/new/{colour}",
                ({"kind": "person", "record.names.0.name": "Zoltan Quillfeather", "reference": "f-1"},),
            ),
            ("/{notice}/edit", ({"kind": "person", "colour": "blue", "version": "1"},)),
            ("/{notice}/moves", ({"move": "submit", "version": "1"}, {"move": "withdraw", "version": "x"})),
        )
    },
    "/trail/record": ({"record": "{record}", "order": ""}, {"record": "{record}", "order": "CCF/2026/17"}),
}
"""What is sent to the console's routes that take a form; `{record}` stands for each record's identifier."""

WITH_FILES = frozenset({"/messages/new", "/messages/threads/{thread}"})
"""Forms that are posted with a file, too: one that Egypt and Kenya hold already, and an empty one."""

LAST = frozenset({"/sign-out"})
ABOVE_THE_LAW: Mapping[str, Act] = {"/v1/audit/head": Act.AUDIT_PROVE}
"""One route tells, to those with leave for this act alone, what an owner withholds. A head says how long the whole
log is, so that nothing can be dropped from it unseen."""


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    made = two_worlds(tmp_path_factory.mktemp("law-one"))
    KNOWN.update(made.withheld, {made.seen}, *made.written.values())
    return made


KNOWN: set[str] = set()
"""Identifiers that stand in both worlds; one that an answer gives out is random, and never twice the same."""


def settled_ids(text: str) -> str:
    """Return a text in which identifiers given out meanwhile are all the same."""
    return re.sub(r"\b[A-Z2-7]{20}\b", lambda found: found[0] if found[0] in KNOWN else "N" * 20, text)


def parameters(worlds: Worlds) -> dict[str, tuple[str, ...]]:
    """Return what stands for each parameter of a path, and for each of a query."""
    return {
        # As entered, amended, with a purpose, as a pointer, withdrawn; a record that France sees; none.
        # In a redress case, one blocked and one erased.
        "record": (*worlds.withheld[:6], *worlds.written["record"], worlds.seen, "A" * 20),
        # That France met; those of others, one waiting and one confirmed; none.
        "hit": (*worlds.hits, "A" * 20),
        "watch": (*worlds.written["watch"], "A" * 20),
        "named_in": ("owner",),
        "box": ("answer", "told", "ours", "closed", "nothing"),
        # In force elsewhere, refused, withdrawn, a diffusion to others, drafts; one that France sees; none.
        "notice": (*worlds.notices, *worlds.written["notice"], worlds.seen_notice, "A" * 20),
        "colour": ("blue", "yellow", "un", "nothing"),
        "scope": ("own", "waiting", "x"),
        "language": ("ar", "xx"),
        "page": ("1", "0"),
        "resultPerPage": ("1", "x"),
        "kind": ("person", "travel_document", "vehicle", "nothing"),
        "name": ("console.css",),
        "limit": ("200", "0"),
        "before": ("2999-01-01T00:00:00Z", "never"),
        "version": ("1", "7"),
        "order": ("CCF/2026/17", ""),
        "within_days": ("3000", "x"),
        # A case is the secretariat's, never a bureau's: the one that runs, none.
        "case": (*worlds.written["case"], "R-2026-00000000"),
        "chart": ("countries", "records", "responses", "notices", "colours", "nothing"),
        "measure": ("hits", "asked", "notices", "nothing"),
        "from": ("2020-01", "never"),
        "to": ("2030-01",),
        "region": ("europe", "nowhere"),
        "country": ("EGY", "XXX"),
        "after": ("", "A" * 20, "0"),
        "list": ("all", "unread", "due", "never"),
        "side": ("in", "out"),
        "state": ("open", "all", "published"),
        "message": (*worlds.written["message"], "A" * 20),
        "thread": (*worlds.written["thread"], "A" * 20),
        "draft": (*worlds.written["draft"], "A" * 20),
        "proposal": (*worlds.written["proposal"][:3], "A" * 20),
        "access": (*worlds.written["access"][:2], "A" * 20),
        "place": ("0", "x"),
        "key": ("0" * 32,),
    }


def paths_of(template: str, worlds: Worlds) -> list[str]:
    """Return the paths that a route's template stands for; fails for a parameter unknown here."""
    paths = [template]
    for name in re.findall(r"{(\w+)}", template):
        known = parameters(worlds)
        assert name in known, f"no case for the parameter {name} of {template}"
        paths = [path.replace(f"{{{name}}}", value) for path in paths for value in known[name]]
    return paths


def api_calls(worlds: Worlds, role: str) -> Iterator[Call]:
    for template, operations in describe()["paths"].items():
        if ABOVE_THE_LAW.get(template) in role_named(role).acts:
            continue
        for method, operation in operations.items():
            for path in paths_of(template, worlds):
                yield from operation_calls(template, path, method, operation, worlds)


def operation_calls(template: str, path: str, method: str, operation: dict, worlds: Worlds) -> Iterator[Call]:
    assert "requestBody" not in operation or template in BODIES, f"no case for the body of {template}"
    for body in filled_bodies(template, worlds) if "requestBody" in operation else (b"",):
        yield Call(method, path, body=body, headers={"Comity-Purpose": "border"})
        yield Call(method, path, body=body)
    for parameter in operation["parameters"]:
        name = parameter["name"]
        if parameter["in"] == "query":
            assert name in parameters(worlds), f"no case for the parameter {name} of {template}"
            for value in parameters(worlds)[name]:
                yield Call(method, path, {name: value}, headers={"Comity-Purpose": "border"})


def filled_bodies(template: str, worlds: Worlds) -> Iterator[bytes]:
    """Yield the bodies of a route, once for each identifier where one asks for it."""
    for body in BODIES[template]:
        names = re.findall(rb'"{(\w+)}"', body)
        values = parameters(worlds)[names[0].decode()] if names else ("",)
        for value in values:
            yield body.replace(b"{%s}" % names[0], value.encode()) if names else body


def answers(asker: Asker, calls: Iterable[Call]) -> list[tuple[object, ...]]:
    asked = [*calls]
    return [settled_answer(call, answer) for call, answer in zip(asked, asker.ask(asked), strict=True)]


def settled_answer(call: Call, answer: Told) -> tuple[object, ...]:
    """Return the whole answer, but for the secrets that a new visitor is given."""
    headers = {
        name: settled_ids(re.sub(r"(comity-entry)=[^;]+|(expires)=[^;]+", r"\1\2", value))
        for name, value in answer.headers.items()
    }
    body = re.sub(rb'name="token" value="[0-9a-f]+"', b'name="token"', answer.content)
    if b'class="qr"' in body:  # an account's new secrets, and their picture
        headers.pop("content-length")
        body = re.sub(rb'<bdi>[^<]+</bdi>|<p class="qr".*</svg>', b"", body, flags=re.DOTALL)
    if call.path == "/metrics":
        # How long something took, and what the process uses, is never twice the same.
        headers.pop("content-length")
        body = b"".join(re.findall(rb"^comity_(?:requests|checks)_total.*$", body, re.MULTILINE))
    return call, answer.status_code, headers, settled_ids(body.decode("utf-8", "replace"))


def differences(having: list[tuple[object, ...]], without: list[tuple[object, ...]]) -> list[object]:
    """Return the answers that are not the same, in pairs."""
    return [pair for pair in zip(having, without, strict=True) if pair[0] != pair[1]]


def by_key(node: Node, worlds: Worlds, role: str) -> list[tuple[object, ...]]:
    headers = {"Authorization": f"Bearer {worlds.keys[role]}"}
    return answers(Asker(build_doors(node.desk), headers), api_calls(worlds, role))


def console_routes(node: Node) -> list[Route]:
    console = build_console(node.desk)
    return [route for route in console._app.routes if isinstance(route, Route)]


def console_calls(node: Node, worlds: Worlds, session: str) -> Iterator[Call]:
    token = hashlib.sha256(b"form\0" + session.encode()).hexdigest()
    routes = sorted(console_routes(node), key=lambda route: route.path in LAST)
    for route in routes:
        for path in paths_of(route.path, worlds):
            for method in sorted(route.methods - {"HEAD", "POST"}):
                yield Call(method, path)
            if "POST" in route.methods:
                assert route.path in FORMS, f"no case for the form of {route.path}"
                for form in FORMS[route.path]:
                    for filled in filled_forms(form, worlds):
                        yield posted(path, {"token": token, **filled})
                        if route.path in WITH_FILES:
                            yield in_parts(path, {"token": token, **filled}, b"%PDF secret")
                            yield in_parts(path, {"token": token, **filled}, b"")


def filled_forms(form: Mapping[str, str], worlds: Worlds) -> list[dict[str, str]]:
    """Return the form as it is, or once for each record where it asks for one."""
    if "{record}" not in form.values():
        return [dict(form)]
    return [{**form, "record": one} for one in parameters(worlds)["record"]]


def posted(path: str, form: Mapping[str, str]) -> Call:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Call("POST", path, body=urlencode(form).encode(), headers=headers)


def in_parts(path: str, form: Mapping[str, str], content: bytes) -> Call:
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in form.items()]
    parts.append(b'name="file"; filename="mine.pdf"\r\n\r\n' + content)
    body = b"".join(b"--edge\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts)
    return Call("POST", path, body=body + b"--edge--", headers={"Content-Type": MULTIPART})


def by_session(node: Node, worlds: Worlds, role: str) -> list[tuple[object, ...]]:
    cookies = {"comity-session": worlds.sessions[role], "comity-purpose": "border"}
    calls = console_calls(node, worlds, worlds.sessions[role])
    return answers(Asker(build_doors(node.desk), cookies=cookies), calls)


def by_nobody(node: Node, worlds: Worlds) -> list[tuple[object, ...]]:
    calls = [*api_calls(worlds, "officer"), *console_calls(node, worlds, "x")]
    return answers(Asker(build_doors(node.desk)), calls)


@pytest.mark.parametrize("role", ROLES)
def test_no_route_of_the_api_tells_of_a_withheld_record(worlds: Worlds, role: str, tmp_path: Path) -> None:
    with apart(worlds, tmp_path) as (having, without):
        assert differences(by_key(having, worlds, role), by_key(without, worlds, role)) == []


def twice_under_keys(calls: Iterable[Call]) -> Iterator[Call]:
    """Yield what changes something, each twice in a row under an idempotency key of its own."""
    for place, call in enumerate(calls):
        if call.method != "get":
            keyed = replace(call, headers={**call.headers, "Idempotency-Key": f"key-{place}"})
            yield from (keyed, keyed)


@pytest.mark.parametrize("role", ["registrar", "officer"])
def test_no_repetition_tells_of_a_withheld_record(worlds: Worlds, role: str, tmp_path: Path) -> None:
    told = []
    with apart(worlds, tmp_path) as nodes:
        for node in nodes:
            asker = Asker(build_doors(node.desk), {"Authorization": f"Bearer {worlds.keys[role]}"})
            told.append(answers(asker, twice_under_keys(api_calls(worlds, role))))
    assert differences(*told) == []


@pytest.mark.parametrize("role", ROLES)
def test_no_page_tells_of_a_withheld_record(worlds: Worlds, role: str, tmp_path: Path) -> None:
    with apart(worlds, tmp_path) as (having, without):
        assert differences(by_session(having, worlds, role), by_session(without, worlds, role)) == []


def test_no_route_tells_a_stranger_of_a_withheld_record(worlds: Worlds, tmp_path: Path) -> None:
    with apart(worlds, tmp_path) as (having, without):
        assert differences(by_nobody(having, worlds), by_nobody(without, worlds)) == []


def test_the_owner_is_told_what_france_is_not(worlds: Worlds) -> None:
    with opened(worlds.having, worlds.moment) as node:
        key = people.new_key(officer_named("egy", node.desk), node.desk).reveal()
        headers = {"Authorization": f"Bearer {key}", "Comity-Purpose": "border"}
        client = TestClient(build_doors(node.desk), headers=headers)
        answer = client.post("/v1/checks", json={"kind": "person", "name": "Zoltan Quillfeather"}).json()
    assert worlds.withheld[0] in [hit["record"] for hit in answer["hits"]]
