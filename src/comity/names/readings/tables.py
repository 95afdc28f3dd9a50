"""Tables that ship with the package: how they are opened, and the facts each must state about itself.

A table is UTF-8 text, gzipped when large. It opens with lines `# source: ...`, `# licence: ...`, `# date: ...` and
`# made by: ...`; the rows that follow are its own reader's business.
"""

import gzip
from importlib.resources import files

TABLE_FACTS = ("source", "licence", "date", "made by")


def table_names() -> tuple[str, ...]:
    """Return the names of all tables that ship, in alphabetical order."""
    folder = files("comity.names").joinpath("data")
    return tuple(sorted(entry.name for entry in folder.iterdir() if ".tsv" in entry.name))


def table_rows(name: str) -> list[str]:
    """Return the rows of a shipped table, without the facts it opens with."""
    return [line for line in _lines(name) if not line.startswith("# ")]


def table_facts(name: str) -> dict[str, str]:
    """Return what a shipped table says of itself: its source, licence, date and maker."""
    facts = (line[2:].partition(": ") for line in _lines(name) if line.startswith("# "))
    return {fact: text for fact, _, text in facts}


def table_bytes(name: str) -> bytes:
    """Return a shipped table as it lies in its file."""
    return files("comity.names").joinpath("data", name).read_bytes()


def _lines(name: str) -> list[str]:
    content = table_bytes(name)
    if name.endswith(".gz"):
        content = gzip.decompress(content)
    return content.decode("utf-8").splitlines()
