"""Words that lie in a segment need not be read anew: their forms are those that reading them gives."""

import gc
from collections import OrderedDict
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

import pytest

from comity.index.names import NameEntry, NameSegment, book, build_name_segment
from comity.names import forms
from comity.names.edition import readings_edition
from comity.names.forms import Form, forms_of, forms_read
from comity.names.parts import parse_name

NAMES = (
    "Łukasz Wiśniowski-Brąz", "Ольга Дмитриевна Ржавина", "عبد الرحمن الزهراني", "דוד מזרחיאל", "Νικόλαος Βαφειάδης",
    "김서윤", "佐藤健太", "ジョン・ハリスン", "अर्जुन शर्माली", "สมชายะ ใจดีมา", "O'Malley 3rd Tunbridge", "Xu Li",
)  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    """Let no word be known from another test, nor the words of this one to the next."""
    before = forms._holders
    forms._holders = ()
    forms._held.clear()
    yield
    forms._holders = before
    forms._held.clear()


def segment_of(directory: Path, names: tuple[str, ...], *, public: bool = True) -> NameSegment:
    entries = [NameEntry(number, 0, 0, name, public) for number, name in enumerate(names)]
    build_name_segment(entries, directory)
    return NameSegment.open(directory)


def words_of(names: tuple[str, ...]) -> list[tuple[str, str]]:
    cuts = [cut for name in names for cut in parse_name(name).cuts]
    return [(word.text, word.script) for cut in cuts for word in cut]


def spelt(found: tuple[Form, ...]) -> list[tuple[str, float]]:
    return [(form.text, form.price) for form in found]


def test_forms_held_are_those_that_reading_gives(tmp_path: Path) -> None:
    kept = segment_of(tmp_path, NAMES)
    held = [(word, forms._from_holders(*word)) for word in words_of(NAMES)]

    assert kept.rows_count
    assert len([found for _, found in held if found is not None]) > len(NAMES)
    for word, found in held:
        assert found is None or spelt(found) == spelt(forms_read(*word)), word


def test_a_word_is_kept_under_the_digest_of_its_script_and_text_keyed_with_the_edition() -> None:
    digests = [
        blake2b(said.encode(), digest_size=8, key=readings_edition().encode())
        for said in ("han\0王", "latin\0li")
    ]
    keys = [int.from_bytes(one.digest(), "little") for one in digests]
    assert book._keys([("王", "han"), ("li", "latin")]).tolist() == keys


def test_a_word_that_is_held_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = segment_of(tmp_path, ("Quorblin Vashtemir",))
    monkeypatch.setattr(forms, "_read", {})
    monkeypatch.setattr(forms, "_forms", lambda *_: pytest.fail("read anew"))

    assert forms_of("quorblin", "latin")[0].text == "quorblin"
    assert kept.rows_count


def test_words_looked_up_at_once_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = segment_of(tmp_path, ("Quorblin Vashtemir", "王小明"))
    for known in ("_read", "_held"):
        monkeypatch.setattr(forms, known, OrderedDict())
    monkeypatch.setattr(forms, "_forms", lambda *_: pytest.fail("read anew"))
    words = [("quorblin", "latin"), ("nowhere", "latin"), ("王", "han"), ("vashtemir", "latin")]
    forms.look_ahead(words)

    assert [word in forms._held for word in words] == [True, False, True, True]
    monkeypatch.setattr(book.Book, "all_forms_held", lambda *_: pytest.fail("looked up again"))
    assert [forms_of(*words[place])[0].text for place in (0, 3)] == ["quorblin", "vashtemir"]
    assert kept.rows_count


def test_words_of_names_that_others_may_not_see_are_not_held(tmp_path: Path) -> None:
    kept = segment_of(tmp_path, ("Quorblin Vashtemir",), public=False)

    assert kept.rows_count
    assert forms._from_holders("quorblin", "latin") is None


def test_a_book_of_other_readings_is_never_found_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = segment_of(tmp_path, ("Quorblin Vashtemir",))
    monkeypatch.setattr(book, "_edition", lambda: b"other readings")

    assert kept.rows_count
    assert forms._from_holders("quorblin", "latin") is None


def test_a_segment_that_is_closed_holds_nothing_any_more(tmp_path: Path) -> None:
    kept = segment_of(tmp_path, ("Quorblin Vashtemir",))
    assert forms._from_holders("quorblin", "latin") is not None

    del kept
    gc.collect()

    assert forms._from_holders("quorblin", "latin") is None


def test_a_segment_built_without_a_book_is_opened(tmp_path: Path) -> None:
    segment_of(tmp_path, ("Quorblin Vashtemir",))
    for file in tmp_path.glob("book_*"):
        file.unlink()

    assert NameSegment.open(tmp_path).rows_count == 1
    assert forms_of("quorblin", "latin")[0].text == "quorblin"


def test_what_is_written_down_is_never_copied_from_a_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = segment_of(tmp_path / "one", ("Quorblin Vashtemir",))
    monkeypatch.setattr(book.Book, "all_forms_held", lambda *_: pytest.fail("copied from a book"))
    build_name_segment([NameEntry(1, 0, 0, "Quorblin Vashtemir", True)], tmp_path / "other")

    assert kept.rows_count
