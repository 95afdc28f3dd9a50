"""Records, their versions, trails and review dates through the command line, in the terminal's language."""

import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from tests.unit.procedures.bureaus import PERSON, bureaus, enter

from comity.cli import main

UNHELD = "A" * 20


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


def comity(home: Path, *words: str, language: str = "en") -> Done:
    """Run a command in this process: `test_command_line.py` runs the program itself."""
    out, errors = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(errors):
        patch.setattr(sys, "argv", ["comity", *words, "--node", str(home / "node")])
        patch.setenv("COMITY_LANGUAGE", language)
        code = 0
        try:
            main()
        except SystemExit as left:
            code = int(left.code or 0)
    return Done(code, out.getvalue(), errors.getvalue())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node where Egypt's registrar amended a record and withholds another, and France met the first."""
    directory = tmp_path_factory.mktemp("cli")
    with bureaus(directory) as node:
        graded = {"reliability": "B2", "handling_code": "H1", "review_on": "2020-01-31"}
        record = enter(node, **graded)
        enter(node, **graded, born=["1972"])
        withheld = enter(node, source_id="P2", share="owner")
    (directory / "ids.json").write_text(json.dumps({"record": record, "withheld": withheld}))
    number = PERSON["documents"][0]["number"]
    assert comity(directory, "check", "person", "--document", number, "--as", "fra-officer").returncode == 0
    return directory


def named(home: Path, name: str) -> str:
    return json.loads((home / "ids.json").read_text())[name]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "H1 - not as evidence without the owner’s leave"),
        ("fr_FR.UTF-8", "H1 - pas de preuve sans l’accord du propriétaire"),
        ("es", "H1 - no como prueba sin permiso del propietario"),
        ("ar", "H1 - لا يُستخدم دليلاً دون إذن الجهة المالكة"),
    ],
)
def test_a_hit_says_how_it_may_be_used_in_the_terminals_language(
    home: Path, language: str, said: str
) -> None:
    words = ("check", "person", "--document", "A7654321", "--as", "ken-officer")
    assert said in comity(home, *words, language=language).stdout


def test_a_hit_past_its_review_date_is_marked(home: Path) -> None:
    shown = comity(home, "check", "person", "--document", "A7654321", "--as", "ken-officer").stdout
    assert "has let the review date of this record pass" in shown


def test_a_record_says_how_far_it_is_to_be_trusted(home: Path) -> None:
    shown = comity(home, "record", "show", named(home, "record"), "--as", "fra-officer").stdout
    assert "B2 - mostly reliable source, known by the source itself" in shown


def test_a_record_past_its_review_date_is_marked(home: Path) -> None:
    shown = comity(home, "record", "show", named(home, "record"), "--as", "fra-officer").stdout
    assert "Review was due on" in shown


def test_versions_tell_old_and_new(home: Path) -> None:
    words = ("record", "versions", named(home, "record"), "--as", "fra-officer", "--json")
    newest = json.loads(comity(home, *words).stdout)["versions"][0]
    assert newest["changes"] == [{"field": "born", "old": ["1971-04-09"], "new": ["1972"]}]


def test_an_owner_reads_who_met_its_record(home: Path) -> None:
    words = ("audit", "show", "--record", named(home, "record"), "--as", "egy-registrar", "--json")
    lines = json.loads(comity(home, *words).stdout)["lines"]
    assert ("check:make", "FRA") in [(line["act"], line["bureau"]) for line in lines]


def test_a_controller_names_an_order(home: Path) -> None:
    words = ("audit", "show", "--record", named(home, "withheld"), "--as", "files-controller")
    assert [comity(home, *words, *order).returncode for order in ((), ("--order", "CCF 17"))] == [2, 0]


@pytest.mark.parametrize("words", [("record", "show"), ("record", "versions"), ("audit", "show", "--record")])
def test_a_withheld_record_is_one_that_is_not_held(home: Path, words: tuple[str, ...]) -> None:
    withheld = named(home, "withheld")
    answers = [comity(home, *words, one, "--as", "fra-registrar") for one in (withheld, UNHELD)]
    told = [(one.returncode, one.stdout, one.stderr.replace(withheld, UNHELD)) for one in answers]
    assert (told[0], told[0][0]) == (told[1], 1)


def test_records_due_for_review_are_listed_to_their_bureau(home: Path) -> None:
    listed = json.loads(comity(home, "record", "due", "--as", "egy-registrar", "--json").stdout)["records"]
    assert [one["record"] for one in listed] == [named(home, "record")]


def test_anothers_records_due_for_review_are_not_listed(home: Path) -> None:
    words = ("record", "due", "--as", "fra-registrar", "--json")
    assert json.loads(comity(home, *words).stdout)["records"] == []


def test_a_shrunken_list_stops_until_it_is_accepted(home: Path, tmp_path: Path) -> None:
    rows = [{**PERSON, "source_id": f"L{place}"} for place in range(30)]
    path = tmp_path / "list.jsonl"

    def imported(count: int, *accepting: str) -> int:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows[:count]))
        return comity(home, "import", "jsonl", str(path), "--owner", "BRA", *accepting).returncode

    assert [imported(30), imported(5), imported(5, "--accept-withdrawals")] == [0, 1, 0]
