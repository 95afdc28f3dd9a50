"""Queries as they are typed: a kind, and `--name VALUE` for each thing asked."""

from comity.errors import MalformedError
from comity.records.fieldtype import Json
from comity.records.kinds import kind_named


def query_of(kind_code: str, terms: tuple[str, ...]) -> dict[str, Json]:
    """Return the query that `--name VALUE` pairs state. `document` stands for `travel_document`."""
    code = {"document": "travel_document"}.get(kind_code, kind_code)
    kind_named(code)
    if len(terms) % 2:
        raise MalformedError("value-missing", terms[-1][:80])
    query: dict[str, Json] = {"kind": code}
    for option, value in zip(terms[::2], terms[1::2], strict=True):
        if not option.startswith("--"):
            raise MalformedError("option-expected", option[:80])
        name = option[2:].replace("-", "_")
        query[name] = _number(value, name) if name in {"limit", "floor"} else value.replace("\\n", "\n")
    return query


def _number(value: str, name: str) -> int | float:
    try:
        return int(value) if name == "limit" else float(value)
    except ValueError:
        raise MalformedError("number-expected", name) from None
