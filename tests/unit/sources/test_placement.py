"""Under which name and origin the records of a file stand."""

from pathlib import Path

import pytest

from comity.errors import MalformedError
from comity.sources.placement import placement_of


@pytest.mark.parametrize("source", ["un", "eu", "ofac"])
def test_a_whole_list_is_itself_under_any_file_name(source: str) -> None:
    assert placement_of(source, Path("a.xml")).origin == placement_of(source, Path("b.xml.gz")).origin


def test_other_files_are_lists_by_their_names() -> None:
    assert placement_of("jsonl", Path("a.jsonl")).origin != placement_of("jsonl", Path("b.jsonl")).origin


def test_compressing_a_file_does_not_make_it_another() -> None:
    assert placement_of("jsonl", Path("a.jsonl")).origin == placement_of("jsonl", Path("a.jsonl.gz")).origin


def test_our_own_form_shares_its_names_with_the_other_doors() -> None:
    assert placement_of("jsonl", Path("a.jsonl")).list_name == "own"


def test_rows_of_two_tables_have_names_apart() -> None:
    one, other = (
        placement_of("csv", Path("a.csv"), mapping).list_name for mapping in ("fbi_wanted", "mine.toml")
    )
    assert one != other


def test_a_change_of_the_aliases_is_a_change_of_the_list(tmp_path: Path) -> None:
    for name in ("sdn.csv", "alt.csv"):
        (tmp_path / name).write_text("1", "utf-8")
    before = placement_of("ofac", tmp_path / "sdn.csv").digest()
    (tmp_path / "alt.csv").write_text("2", "utf-8")
    assert placement_of("ofac", tmp_path / "sdn.csv").digest() != before


def test_an_absent_file_is_told() -> None:
    with pytest.raises(MalformedError, match="file-unreadable"):
        placement_of("un", Path("/nowhere/at/all.xml")).digest()
