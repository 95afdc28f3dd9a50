"""The references are what the code says now; `make docs` writes them anew."""

import pytest
import references


@pytest.mark.parametrize("name", sorted(references.PAGES))
def test_a_reference_is_what_the_code_says(name: str) -> None:
    assert (references.HERE / name).read_text("utf-8") == references.PAGES[name](), "make docs"
