"""Law 1 over every command: what is withheld from an account's bureau changes nothing that it prints.

Commands are taken from the command line's own tree. One without a case here fails.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from cyclopts import App
from law_one import BLUE, PASSPORT, PERSON, Worlds, settled, two_worlds
from signatures import signatures_kept

from comity.cli.commands import command_line
from comity.cli.show import show_error
from comity.errors import ComityError
from comity.phrases.words import words

APP = command_line(words("en"))

QUERIES = (
    {"id": "1", "kind": "person", "name": "Zoltan Quillfeather", "floor": 0},
    {"id": "2", "kind": "person", "name": "Tarek Mansour Elhadidy", "floor": 0, "limit": 100},
    {"id": "3", "kind": "travel_document", "number": "W7654321"},
    {"id": "4", "kind": "vehicle", "plate": "QX417ZT", "purpose": "warning"},
    {"id": "5", "kind": "nothing"},
)
Cases = Sequence[Sequence[str]]
CASES: Mapping[tuple[str, ...], Cases] = {
    ("check",): (
        ("person", "--name", "Zoltan Quillfeather"),
        ("person", "--name", "Zoltan Quillfeather", "--floor", "0", "--json"),
        ("person", "--name", "Tarek Mansour Elhadidy", "--floor", "0", "--limit", "100", "--json"),
        ("document", "--issuer", "EGY", "--number", "W7654321", "--json"),
        ("document", "--issuer", "EGY", "--number", "***"),
        ("vehicle", "--plate", "QX 417 ZT"),
        ("--batch", "{world}/queries.jsonl", "--out", "{world}/answers.jsonl"),
    ),
    ("stats",): ((), ("--json",), ("--purpose", "warning")),
    ("audit", "show"): (
        *((), ("--hits",), ("--limit", "0"), ("--hits", "--limit", "200")),
        *(("--record", "{withheld}"), ("--record", "{withheld}", "--json")),
    ),
    ("picture",): (
        *(("--chart", one) for one in ("regions", "countries", "records", "owners", "outcomes", "nothing")),
        *(("--chart", one, "--csv") for one in ("responses", "notices")),
        *(("--measure", "answered", "--json"), ("--measure", "notices", "--chart", "months")),
        *(("--measure", "hits", "--json"), ("--csv", "--chart", "countries"), ("--country", "EGY")),
    ),
    ("retention", "questions"): ((), ("--json",), ("--limit", "0")),
    ("retention", "keep"): (("{withheld}", "--until", "2028-01-01", "--because", "x"),),
    ("retention", "let-go"): (("{withheld}", "--because", "x"), ("{seen}", "--because", "x", "--json")),
    ("retention", "receipts"): ((), ("--json",)),
    ("retention", "proof"): (("{withheld}", "--out", "{world}/proof.json"),),
    ("retention", "verify"): (("{world}/records.jsonl",), ("{world}/nothing",)),
    ("redress", "cases"): ((), ("--json",)),
    ("redress", "open"): (("deletion", "--name", "A", "--request", "b"),),
    ("redress", "show"): (("R-2026-00000000",),),
    ("redress", "find"): (("R-2026-00000000", "--name", "Zoltan Quillfeather"),),
    ("redress", "attach"): (("R-2026-00000000", "{withheld}"),),
    ("redress", "block"): (("R-2026-00000000", "{withheld}"),),
    ("redress", "ask"): (("R-2026-00000000", "{withheld}", "--question", "why?"),),
    ("redress", "questions"): ((), ("--json",)),
    ("redress", "answer"): (("R-2026-00000000", "{withheld}", "--answer", "a", "--disclose"),),
    ("redress", "decide"): (("R-2026-00000000", "{withheld}", "erase", "--because", "x"),),
    ("redress", "settle"): (("R-2026-00000000", "{withheld}"),),
    ("redress", "close"): (("R-2026-00000000",),),
    ("redress", "export"): (("R-2026-00000000",),),
    ("record", "show"): (("{withheld}",), ("{withheld}", "--json"), ("{seen}", "--json")),
    ("record", "versions"): (("{withheld}",), ("{withheld}", "--json"), ("{seen}",)),
    ("record", "holders"): (("{withheld}",), ("{seen}", "--json"), (), ("--json",)),
    ("record", "due"): ((), ("--within-days", "3660", "--json")),
    ("hits", "list"): ((), ("--json",), ("--box", "answer"), ("--record", "{withheld}"), ("--box", "x")),
    ("hits", "show"): (("{met}",), ("{unmet}",), ("{met}", "--json")),
    ("hits", "ask"): (("{met}", "--priority", "urgent"), ("{unmet}", "--priority", "urgent")),
    ("hits", "answer"): (("{met}", "confirmed"), ("{unmet}", "refused", "--reason", "declined")),
    ("hits", "stop-again"): (("{met}",), ("{unmet}",)),
    ("hits", "close"): (("{met}", "not-pursued"), ("{unmet}", "not-identical", "--distinguish")),
    ("hits", "agree"): (("{met}",), ("{unmet}",)),
    ("hits", "feed"): ((), ("--json",), ("--after", "1", "--limit", "200")),
    ("duty", "show"): ((), ("--json",)),
    ("duty", "set"): (("--second", "EGY", "--days", "border=5", "--days", "person=9"), ("--second", "FRA")),
    ("address", "set"): (("webhook", "https://x.example/"), ("email", "nobody")),
    ("address", "list"): ((),),
    ("address", "allow"): (("0123456789abcdef",),),
    ("address", "close"): (("0123456789abcdef",),),
    ("keys", "new"): (("{world}/pair", "--bureau", "FRA", "--passphrase-file", "{world}/none"),),
    ("keys", "publish"): (("{world}/pair", "--passphrase-file", "{world}/none"),),
    ("keys", "revoke"): (("0" * 32, "--bureau", "FRA", "--reason", "lost"),),
    ("keys", "show"): ((), ("--json",)),
    ("message", "list"): ((), ("--json",), ("due", "--json"), ("unread", "--limit", "1")),
    ("message", "find"): (
        *(
            (),
            ("Quillfeather",),
            ("Quillfeather", "--json"),
            ("W7654321", "--json"),
            ("--bureau", "EGY", "--json"),
        ),
        ("--refers-to", "{withheld}", "--json"),
    ),
    ("message", "owed"): ((), ("--json",), ("--limit", "0")),
    ("message", "read"): (("{hidden}",), ("{hidden}", "--json"), ("A" * 20,)),
    ("message", "draft", "list"): ((), ("--json",)),
    ("message", "draft", "show"): (("{hidden}",), ("A" * 20,)),
    ("message", "draft", "send"): (("{hidden}",), ("A" * 20,)),
    ("message", "draft", "drop"): (("{hidden}",), ("A" * 20,)),
    ("message", "draft", "left"): ((), ("--json",)),
    ("message", "draft", "take-over"): (("{hidden}",), ("A" * 20,)),
    ("message", "draft", "discard"): (("{hidden}",), ("A" * 20,)),
    ("message", "send"): (
        ("--to", "FRA", "--subject", "a", "--text", "b"),
        ("--to", "EGY", "--subject", "a", "--text", "b", "--answers", "{hidden}"),
        ("--to", "EGY", "--subject", "a", "--text", "b", "--attach", "{world}/none.pdf"),
    ),
    ("proposal", "list"): ((), ("--json",), ("--side", "out", "--state", "all", "--json"), ("--side", "x")),
    ("proposal", "show"): (("{made}",), ("{made}", "--json"), ("{unmade}",), ("A" * 20,)),
    ("proposal", "make"): (
        ("{withheld}", "--version", "1", "--change", "born=1980", "--because", "x"),
        ("{withheld}", "--version", "1", "--add", "documents={{", "--because", "x"),
        ("{seen}", "--version", "9", "--change", "born=1980", "--because", "x"),
    ),
    ("proposal", "accept"): (("{unmade}",), ("{made}",)),
    ("proposal", "refuse"): (("{unmade}", "--because", "x"), ("{made}", "--because", "x")),
    ("proposal", "withdraw"): (("{unmade}",), ("A" * 20,)),
    ("access", "list"): ((), ("--json",), ("--side", "out", "--json"), ("--before", "{asked}", "--json")),
    ("access", "show"): (("{asked}",), ("{asked}", "--json"), ("A" * 20,)),
    ("access", "ask"): (("{withheld}", "--because", "x"), ("{seen}", "--because", "x")),
    ("access", "accept"): (("{asked}",),),
    ("access", "refuse"): (("{asked}", "--because", "x"),),
    ("access", "end"): (("{asked}", "--because", "x"),),
    ("access", "withdraw"): (("{asked}",),),
    ("notice", "list"): ((), ("--json",), ("--diffusion",), ("--scope", "own"), ("--scope", "waiting")),
    ("notice", "show"): (("{notice}",), ("{sent}", "--diffusion"), ("{seen_notice}", "--json")),
    ("notice", "review"): (("{notice}",), ("{sent}", "--diffusion")),
    ("notice", "refused"): ((), ("--json",)),
    ("notice", "sheet"): (("{notice}", "{world}/sheet.pdf"), ("{seen_notice}", "{world}/sheet.pdf")),
    ("notice", "export"): (("yellow",), ("yellow", "--notice", "{notice}"), ("red",)),
    ("notice", "draft"): (("{world}/notice.json", "--json"),),
    ("notice", "amend"): (("{notice}", "{world}/notice.json", "--version", "1"),),
    ("notice", "move"): (
        ("{notice}", "submit", "--version", "1"),
        ("{sent}", "withdraw", "--version", "2", "--diffusion", "--reasons", "x"),
        ("{seen_notice}", "publish", "--version", "4", "--checklist", "yes"),
    ),
    ("key", "new"): ((), ("--days", "0"), ("--acts", "check:make")),
    ("key", "list"): ((),),
    ("key", "revoke"): (("0123456789abcdef",),),
    ("watch", "list"): ((), ("--json",)),
    ("watch", "set"): (("person", "--name", "Zoltan Quillfeather"), ("document", "--number", "W7654321")),
    ("watch", "end"): (("A" * 20,),),
    ("account", "list"): ((), ("FRA",), ("EGY",)),
    ("account", "open"): (("fra-new-{role}", "--role", "officer"), ("egy", "--role", "officer")),
    ("account", "reset"): (("fra-officer",), ("egy",)),
    ("account", "close"): (("fra-new-{role}",), ("egy",)),
    ("bureau", "list"): ((),),
    ("bureau", "add"): (("XQ{letter}",), ("EGY",)),
    ("unit", "list"): ((),),
    ("unit", "add"): (("U-{role}",),),
    ("officer", "list"): ((),),
    ("officer", "add"): (("7-{role}", "--unit", "U-{role}"),),
    ("role", "list"): ((),),
    ("import",): (
        ("jsonl", "{world}/records.jsonl", "--owner", "FRA", "--json"),
        ("jsonl", "{world}/records.jsonl", "--owner", "FRA", "--dry-run"),
        ("jsonl", "{world}/records.jsonl", "--owner", "EGY"),
    ),
}
"""What an account types. `{world}` stands for the directory beside the node, `{withheld}` and `{seen}` for
records that France may not see and may."""

OPERATING: Mapping[tuple[str, ...], Cases] = {
    ("rebuild",): ((),),
    ("notice", "expire"): ((),),
    ("doctor",): ((),),
    ("clock", "show"): ((), ("--json",)),
    ("clock", "confirm"): ((), ("--json",)),
    ("audit", "verify"): ((),),
    ("retention", "run"): ((),),
    ("tick",): ((), ("--json",)),
    ("init",): (("{world}/node", "--name", "Test"),),
    ("demo",): (("{world}/node", "--once"),),
    ("backup",): (("{world}/copy",),),
    ("restore",): (("{world}/copy", "{world}/restored"),),
}
"""What those who run the node type: they learn how much it holds, never what."""

SERVING = frozenset({("serve",), ("account", "code")})
"""The first prints nothing of its own: its routes have their cases in test_law_one_http. The second opens no node."""


def commands(app: App = APP, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command."""
    names = [name for name in app if not name.startswith("-")]
    for name in names:
        yield from commands(app[name], (*path, name))
    if path and not names:
        yield path


@pytest.fixture(scope="module", autouse=True)
def signatures() -> Iterator[None]:
    with signatures_kept():
        yield


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    made = two_worlds(tmp_path_factory.mktemp("law-one"))
    records = [{**PERSON, "source_id": "withheld-0", "share": "all"}, {**PASSPORT, "source_id": "withheld-1"}]
    for node in (made.without, made.having):
        _write_lines(node.parent / "queries.jsonl", QUERIES)
        _write_lines(node.parent / "records.jsonl", records)
        _write_lines(node.parent / "notice.json", [{**BLUE, "reference": "withheld-0"}])
        _write_lines(
            node.parent / "ids.json",
            [
                {
                    "withheld": made.withheld[0],
                    "notice": made.notices[0],
                    "sent": made.notices[-1],
                    "seen_notice": made.seen_notice,
                    "seen": made.seen,
                    "hidden": made.written["message"][-1],
                    "made": made.written["proposal"][0],
                    "unmade": made.written["proposal"][-1],
                    "asked": made.written["access"][-1],
                    "met": made.hits[0],
                    "unmet": made.hits[1],
                }
            ],
        )
    return made


def _write_lines(path: Path, values: Sequence[object]) -> None:
    path.write_text("".join(json.dumps(value) + "\n" for value in values))


def printed(words: Sequence[str], capsys: pytest.CaptureFixture[str]) -> tuple[object, str, str]:
    """Return the exit code and what is printed on both streams."""
    code: object = 0
    try:
        APP(list(words))
    except SystemExit as left:
        code = left.code
    except ComityError as error:
        show_error(error)
        code = error.code
    output = capsys.readouterr()
    return code, settled(output.out), settled(output.err)


def typed(command: Sequence[str], options: Sequence[str], node: Path, place: Sequence[str]) -> list[str]:
    ids = json.loads((node.parent / "ids.json").read_text())
    return [*command, *(option.format(world=node.parent, **ids) for option in options), *place]


def said(
    command: tuple[str, ...], node: Path, account: str, capsys: pytest.CaptureFixture[str]
) -> list[object]:
    """Return everything that a command says to an account, the answers to a batch included."""
    place = ("--node", str(node), "--as", account)
    role = account.removeprefix("fra-")
    cases = [
        [word.replace("{role}", role).replace("{letter}", role[0].upper()) for word in case]
        for case in CASES[command]
    ]
    told: list[object] = [printed(typed(command, case, node, place), capsys) for case in cases]
    answers = node.parent / "answers.jsonl"
    return [*told, settled(answers.read_text()) if answers.exists() else ""]


def test_every_command_has_a_case() -> None:
    assert set(commands()) == {*CASES, *OPERATING, *SERVING}


@pytest.mark.parametrize("role", ["officer", "registrar", "desk", "controller", "administrator", "operator"])
@pytest.mark.parametrize("command", CASES, ids=" ".join)
def test_no_command_tells_of_a_withheld_record(
    command: tuple[str, ...], role: str, worlds: Worlds, capsys: pytest.CaptureFixture[str]
) -> None:
    without = said(command, worlds.without, f"fra-{role}", capsys)
    assert said(command, worlds.having, f"fra-{role}", capsys) == without


@pytest.mark.parametrize("command", OPERATING, ids=" ".join)
def test_running_the_node_shows_nothing_of_what_a_record_says(
    command: tuple[str, ...], worlds: Worlds, capsys: pytest.CaptureFixture[str]
) -> None:
    place = () if command[0] in {"init", "demo", "restore"} else ("--node", str(worlds.having))
    told = [printed(typed(command, case, worlds.having, place), capsys) for case in OPERATING[command]]
    words = ("Quillfeather", "W7654321", "QX417ZT", "QX-417-ZT", *worlds.withheld)
    assert [word for word in words if word in str(told)] == []


def test_the_owner_is_told_what_france_is_not(worlds: Worlds, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("check", "person", "--name", "Zoltan Quillfeather", "--as", "egy", "--node", str(worlds.having))
    assert "withheld-0" in printed(words, capsys)[1]
