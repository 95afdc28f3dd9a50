"""A node whose files are damaged: the doctor says so, checks are answered rightly, a rebuild mends it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.copies import copy_node

from comity.app import Node, open_node
from comity.errors import DamagedError
from comity.index import store
from comity.index.segment import merge_segments
from comity.index.store import read_manifest
from comity.procedures import keeper, upkeep
from comity.procedures import submit as submitting
from comity.procedures.check import run_check
from comity.procedures.sign_in import officer_named
from comity.records.handling import Purpose
from comity.records.kinds import KINDS

EXAMPLES = [
    {**example, "kind": kind.code, "source_id": f"{kind.code}-{place}", "share": "all"}
    for kind in KINDS.values()
    for place, example in enumerate(kind.examples)
]
QUERIES = (
    {"kind": "person", "name": "Tarek Mansour Elhadidy", "floor": 0},
    {"kind": "travel_document", "number": "A1234567"},
    {"kind": "vehicle", "plate": "B-XY 1234"},
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node with a segment on the disk that was merged of two, and changes after it."""
    directory = tmp_path_factory.mktemp("sound") / "node"
    copy_node(directory)
    with open_node(directory) as node:
        desk = officer_named("desk", node.desk)
        for place, record in enumerate(EXAMPLES):
            submitting.submit(record, desk, node.desk)
            if place in {len(EXAMPLES) // 3, 2 * len(EXAMPLES) // 3}:
                node.desk.follower.catch_up()
                node.desk.index.save()
    return directory


@pytest.fixture
def directory(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound, tmp_path / "node")
    return tmp_path / "node"


def index_files(sound: Path) -> Iterator[str]:
    return (str(file.relative_to(sound)) for file in sorted((sound / "index").rglob("*")) if file.is_file())


def answers(node: Node) -> list[object]:
    """Return what is answered, but for the names of the hits that a check opens: each node gives its own."""
    officer = officer_named("desk", node.desk)
    made = [run_check(dict(query), officer, Purpose.BORDER, node.desk) for query in QUERIES]
    return [replace(one, hits=[replace(hit, opened=None) for hit in one.hits]).to_json() for one in made]


def answers_of(directory: Path) -> list[object]:
    with open_node(directory) as node:
        return answers(node)


def findings_of(directory: Path) -> list[str]:
    with open_node(directory) as node:
        return upkeep.examine(node.desk)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def flipped(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


def removed(file: Path) -> None:
    file.unlink()


@pytest.fixture(params=[cut, emptied, removed], ids=lambda damage: damage.__name__)
def unreadable(request: pytest.FixtureRequest, directory: Path) -> Path:
    """A node of whose segments one file is cut, emptied or gone."""
    request.param(min((directory / "index").glob("*/runs.npy")))
    return directory


def test_a_sound_node_has_nothing_wrong(directory: Path) -> None:
    assert findings_of(directory) == []


def test_an_unreadable_segment_is_told_by_the_doctor(unreadable: Path) -> None:
    assert findings_of(unreadable) == ["index-damaged runs.npy"]


def test_checks_are_answered_rightly_over_an_unreadable_segment(unreadable: Path, sound: Path) -> None:
    assert answers_of(unreadable) == answers_of(sound)


def test_a_rebuild_mends_an_unreadable_segment(unreadable: Path) -> None:
    with open_node(unreadable) as node:
        upkeep.rebuild(node.desk)
    assert findings_of(unreadable) == []


def test_a_rebuilt_index_answers_as_it_did(unreadable: Path, sound: Path) -> None:
    with open_node(unreadable) as node:
        upkeep.rebuild(node.desk)
    assert answers_of(unreadable) == answers_of(sound)


def test_every_file_of_a_segment_with_a_flipped_bit_is_told_by_the_doctor(directory: Path) -> None:
    found: set[str] = set()
    files = [file for file in index_files(directory) if file.count("/") > 1 and "DIGESTS" not in file]
    for file in files:
        kept = (directory / file).read_bytes()
        flipped(directory / file)
        with open_node(directory) as node:
            found |= {file for told in node.desk.index.faults() if Path(file).name in told}
        (directory / file).write_bytes(kept)
    assert found == set(files)


def test_a_flipped_bit_is_not_merged_into_a_segment_that_seems_sound(directory: Path, tmp_path: Path) -> None:
    files = [file for file in index_files(directory) if file.count("/") > 1 and "DIGESTS" not in file]
    told: set[str] = set()
    for place, file in enumerate(files):
        one = shutil.copytree(directory, tmp_path / f"{place}")
        flipped(one / file)
        with open_node(one) as node:
            node.desk.follower.catch_up()
            node.desk.index.save()
            told |= {file for fault in node.desk.index.faults() if Path(file).name in fault}
    assert told == set(files)


def test_a_segment_is_not_looked_through_again_and_again(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flipped(min((directory / "index").glob("*/runs.npy")))
    merges: list[object] = []
    monkeypatch.setattr(
        store,
        "merge_segments",
        lambda *given, **named: merges.append(given) or merge_segments(*given, **named),
    )
    with open_node(directory) as node:
        for record in (EXAMPLES[0], EXAMPLES[1]):
            submitting.submit({**record, "reliability": "A1"}, officer_named("desk", node.desk), node.desk)
            node.desk.follower.catch_up()
            node.desk.index.save()
    assert len(merges) == 1


def test_the_keeper_makes_a_damaged_index_anew(
    directory: Path, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flipped(min((directory / "index").glob("*/runs.npy")))
    monkeypatch.setattr(keeper, "SAVE_AT", 1)
    with open_node(directory) as node:
        keeper.keep(node.desk, lambda: read_manifest(directory / "index").segments[0].startswith("whole-"))
    assert (findings_of(directory), answers_of(directory)) == ([], answers_of(sound))


def test_a_rebuild_mends_a_flipped_bit(directory: Path, sound: Path) -> None:
    flipped(min((directory / "index").glob("*/runs.npy")))
    with open_node(directory) as node:
        upkeep.rebuild(node.desk)
    assert (findings_of(directory), answers_of(directory)) == ([], answers_of(sound))


def test_a_rebuild_mends_a_whole_segment_with_a_flipped_bit(directory: Path) -> None:
    with open_node(directory) as node:
        upkeep.rebuild(node.desk)
    flipped(next((directory / "index").glob("whole-*/runs.npy")))
    with open_node(directory) as node:
        upkeep.rebuild(node.desk)
    assert findings_of(directory) == []


@pytest.mark.parametrize("damage", [cut, emptied])
def test_a_damaged_manifest_is_told_by_the_doctor(directory: Path, damage: object) -> None:
    damage(directory / "index" / "CURRENT")
    assert findings_of(directory) == ["index-damaged index manifest"]


def test_a_rebuild_after_other_readings_makes_the_index_anew(directory: Path) -> None:
    with open_node(directory) as node:
        upkeep.rebuild(node.desk)
    manifest = directory / "index" / "CURRENT"
    manifest.write_text(manifest.read_text("utf-8").replace('"readings": "', '"readings": "0-'), "utf-8")
    told = findings_of(directory)
    # The segment that a rebuild makes bears the edition in its name; another edition made this one.
    (made,) = (directory / "index").glob("whole-*")
    other = made.rename(made.with_name(made.name.rsplit("-", 2)[0]))
    manifest.write_text(manifest.read_text("utf-8").replace(made.name, other.name), "utf-8")
    with open_node(directory) as node:
        upkeep.rebuild(node.desk)
    assert (told, findings_of(directory)) == (["index-of-other-readings"], [])


def test_a_node_without_its_index_answers_as_with_it(directory: Path, sound: Path) -> None:
    shutil.rmtree(directory / "index")
    assert answers_of(directory) == answers_of(sound)


def test_an_index_that_goes_bad_under_a_running_node_does_not_stop_it(directory: Path, sound: Path) -> None:
    expected = answers_of(sound)
    with open_node(directory) as node:
        node.desk.follower.catch_up()
        emptied(directory / "index" / "CURRENT")
        submitting.submit({**EXAMPLES[0], "notice": None}, officer_named("desk", node.desk), node.desk)
        answered = answers(node)
    assert len(answered) == len(expected)


def test_a_damaged_index_is_not_written_over_by_a_save(directory: Path) -> None:
    emptied(directory / "index" / "CURRENT")
    with open_node(directory) as node:
        node.desk.follower.catch_up()
        node.desk.index.save()
    assert findings_of(directory) == ["index-damaged index manifest"]


@pytest.mark.parametrize("name", ["ids.key", "index.key", "audit.key", "secrets.key"])
def test_a_missing_key_is_told_by_name(directory: Path, name: str) -> None:
    (directory / "keys" / name).unlink()
    with pytest.raises(DamagedError), open_node(directory):
        pass


def test_a_node_file_that_is_no_toml_is_told(directory: Path) -> None:
    (directory / "node.toml").write_bytes(b"\xff = ")
    with pytest.raises(DamagedError), open_node(directory):
        pass


def test_a_record_changed_behind_the_nodes_back_is_told_by_the_doctor(directory: Path) -> None:
    with open_node(directory) as node, node.desk.registry.write() as connection:
        connection.exec_driver_sql("UPDATE records SET body = CAST(body || x'20' AS BLOB) WHERE number = 3")
    assert "record-damaged 3" in findings_of(directory)
