"""How rare a word is, as an index tells it while its records change."""

from pathlib import Path

import pytest

from comity.index.store import Index, IndexChange, Indexed
from comity.records.kind import Terms


def named(number: int, name: str | None) -> Indexed:
    terms = None if name is None else Terms((), (("person.name", name),))
    return Indexed(number, 0, terms, is_open=True)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    index = Index(tmp_path / "index", b"secret")
    changes = [IndexChange(number, number, None, 0) for number in (1, 2, 3)]
    index.apply(changes, [named(1, "Velkast Doremi"), named(2, "Ontario Ransome"), named(3, "Quillon Ash")])
    return index


def test_a_word_that_another_name_bears_too_is_less_rare_at_once(index: Index) -> None:
    before = index.idf("velkast")
    index.apply([IndexChange(4, 4, None, 0)], [named(4, "Velkast Maribel")])
    assert index.idf("velkast") < before


def test_a_word_whose_bearer_is_withdrawn_is_rarer_at_once(index: Index) -> None:
    before = index.idf("velkast")
    index.apply([IndexChange(4, 1, 0, None)], [named(1, None)])
    assert index.idf("velkast") > before


def test_saving_changes_no_rarity(index: Index) -> None:
    before = index.idf("velkast")
    index.save()
    assert index.idf("velkast") == before
