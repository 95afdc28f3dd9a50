"""Whatever a process keeps of what it was asked has a bound, so that its memory is level in the end."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest

import comity

KEPT_MAX = 16_384

FEW: dict[str, str] = {
    "phrases.words.short_language": "languages",
    "phrases.words.table": "languages",
    "phrases.words.words": "languages",
    "console.rendering.digest_of": "files that are served",
    "procedures.glancing._codes": "types of fields",
    "registry.audit_log._inserting": "tables",
    "registry.tally_sums._audiences": "shapes of counts",
    "registry.tally_sums._summing": "shapes of counts",
    "registry.tally_sums._by_months": "shapes of counts",
    "registry.tally_sums._spreading": "shapes of counts",
}
"""Functions that keep the answer to everything they are asked, and of what it is that there are few."""


def caches() -> Iterator[tuple[str, int | None, bool]]:
    """Yield each function whose answers are kept, how many are, None for all, and whether it is asked anything."""
    for found in pkgutil.walk_packages(comity.__path__, "comity."):
        if found.name.endswith("__main__"):
            continue
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if hasattr(value, "cache_parameters") and value.__module__ == found.name:
                asks = bool(inspect.signature(value).parameters)
                yield (
                    f"{found.name.removeprefix('comity.')}.{name}",
                    value.cache_parameters()["maxsize"],
                    asks,
                )


CACHES = list(caches())


@pytest.mark.parametrize(("name", "most", "asks"), CACHES, ids=[name for name, *_ in CACHES])
def test_what_a_function_keeps_is_bounded(name: str, most: int | None, asks: bool) -> None:
    assert not asks or name in FEW or (most is not None and most <= KEPT_MAX)


def test_the_caches_of_words_are_found() -> None:
    assert {"index.names.query._usual", "names.forms.asked_forms"} <= {name for name, *_ in CACHES}
