"""An index knows whose readings of names made it."""

import json
from pathlib import Path

import pytest

from comity.index.store import Index, IndexChange, Indexed
from comity.records.kind import Terms

PERSON = Indexed(1, 0, Terms((), (("person.name", "Ivan Petrov"),)), is_open=True)
OTHER = Indexed(2, 0, Terms((), (("person.name", "Anna Petrova"),)), is_open=True)


def saved(directory: Path) -> Index:
    index = Index(directory, b"secret")
    index.apply([IndexChange(1, 1, None, 0)], [PERSON])
    index.save()
    return index


@pytest.fixture(params=["0-other", None])
def made_by_others(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    saved(tmp_path)
    manifest = json.loads((tmp_path / "CURRENT").read_text("utf-8"))
    del manifest["readings"]
    if request.param is not None:
        manifest["readings"] = request.param
    (tmp_path / "CURRENT").write_text(json.dumps(manifest), "utf-8")
    return tmp_path


def test_an_index_of_these_readings_is_not_outdated(tmp_path: Path) -> None:
    saved(tmp_path)

    assert not Index(tmp_path, b"secret").is_outdated()


def test_an_index_of_other_or_unknown_readings_is_outdated(made_by_others: Path) -> None:
    assert Index(made_by_others, b"secret").is_outdated()


def test_a_new_segment_makes_an_outdated_index_no_newer(made_by_others: Path) -> None:
    index = Index(made_by_others, b"secret")
    index.apply([IndexChange(2, 2, None, 0)], [OTHER])
    index.save()

    assert Index(made_by_others, b"secret").is_outdated()


def test_an_index_made_anew_is_not_outdated(made_by_others: Path) -> None:
    Index(made_by_others, b"secret").save_whole([PERSON])

    assert not Index(made_by_others, b"secret").is_outdated()
