"""The command line: what it prints, in which language, its exit code; some of it as a process of its own."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.journeys.command_line import comity, comity_here

from comity.app import open_node
from comity.procedures.hits import HitsAsked, list_hits
from comity.procedures.messages.reading import inbox
from comity.procedures.sign_in import officer_named

RECORDS = [
    {
        "kind": "person",
        "source_id": "P1",
        "names": [{"name": "Goran Velimirovsky", "type": "primary"}],
        "share": "all",
    },
    {
        "kind": "vehicle",
        "source_id": "V1",
        "plate": "AB-123-CD",
        "country": "FRA",
        "share": {"only": ["EGY"]},
    },
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("cli")
    assert comity_here("init", str(directory / "node"), "--name", "Test").returncode == 0
    records = directory / "records.jsonl"
    records.write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    at = ("--node", str(directory / "node"))
    assert comity_here("import", "jsonl", str(records), "--owner", "FRA", *at).returncode == 0
    return directory


def check(home: Path, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return comity_here("check", *words, "--node", str(home / "node"), "--json")


def test_a_person_is_found_in_another_script(home: Path) -> None:
    answer = json.loads(check(home, ["person", "--name", "Горан Велимировский"]).stdout)
    assert [hit["source_id"] for hit in answer["hits"]] == ["P1"]


def test_a_withheld_record_is_a_miss(home: Path) -> None:
    assert json.loads(check(home, ["vehicle", "--plate", "AB123CD"]).stdout)["outcome"] == "no_hit"


def test_a_malformed_field_leaves_with_2(home: Path) -> None:
    assert check(home, ["document", "--type", "P", "--issuer", "EGY", "--number", "***"]).returncode == 2


def test_a_batch_keeps_its_order(home: Path) -> None:
    queries, answers = home / "q.jsonl", home / "a.jsonl"
    queries.write_text('{"id":"1","kind":"person","name":"Goran Velimirovsky"}\nnonsense\n')
    comity("check", "--batch", str(queries), "--out", str(answers), "--node", str(home / "node"))
    outcomes = [json.loads(line)["outcome"] for line in answers.read_text().splitlines()]
    assert outcomes == ["hit", "invalid"]


def test_the_log_verifies(home: Path) -> None:
    assert comity_here("audit", "verify", "--node", str(home / "node")).returncode == 0


def test_the_doctor_finds_nothing_wrong(home: Path) -> None:
    assert "Nothing is wrong" in comity("doctor", "--node", str(home / "node")).stdout


def test_a_node_is_not_made_twice(home: Path) -> None:
    assert comity_here("init", str(home / "node"), "--name", "Test").returncode == 1


def test_the_demonstration_runs_and_leaves_something_to_answer(tmp_path: Path) -> None:
    assert comity("demo", str(tmp_path / "demo"), "--once").returncode == 0
    with open_node(tmp_path / "demo") as node:
        egypt, kenya = (officer_named(f"{one}-registrar", node.desk) for one in ("egy", "ken"))
        waiting = list_hits(HitsAsked("answer"), egypt, node.desk)
        threads = [inbox("all", 10, None, one, node.desk).lines for one in (egypt, kenya)]
    assert waiting.lines
    assert all(threads)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "A hit is not proof."),
        ("fr", "Conduite à tenir"),
        ("es", "Qué hacer"),
        ("ar", "الإجراء المطلوب"),
    ],
)
def test_a_hit_is_told_in_the_terminal_s_language(home: Path, language: str, told: str) -> None:
    at = ("--node", str(home / "node"))
    answer = comity_here("check", "person", "--name", "Goran Velimirovsky", *at, language=language)
    assert told in answer.stdout


@pytest.mark.parametrize(
    ("language", "told"), [("fr", "Cette option n’existe pas."), ("ar", "لا يوجد خيار كهذا.")]
)
def test_a_mistyped_option_is_told_in_the_terminal_s_language(language: str, told: str) -> None:
    assert told in comity_here("doctor", "--nod", "x", language=language).stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("chek",), "command-unknown"),
        (("doctor", "--nod", "x"), "option-unknown"),
        (("import", "un"), "value-missing"),
        (("serve", "--port", "eighty"), "value-form"),
    ],
)
def test_a_mistyped_command_leaves_with_2_and_a_code(words: tuple[str, ...], code: str) -> None:
    done = comity_here(*words)
    assert (done.returncode, done.stderr.split()[0]) == (2, code)


def test_help_comes_in_the_terminal_s_language() -> None:
    assert "Sauvegarder le nœud" in comity("backup", "--help", language="fr").stdout


def test_the_code_of_a_key_is_told() -> None:
    assert comity_here("account", "code", typed="JBSWY3DPEHPK3PXP\n").stdout.strip().isdigit()


def test_what_is_no_key_of_codes_is_malformed() -> None:
    assert comity("account", "code", typed="nonsense!\n").returncode == 2
