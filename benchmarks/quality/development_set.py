"""The development set beside the repository: persons with one name each, names asked for, and innocent travellers.

dev_records.tsv.gz, dev_queries.tsv.gz -> DevelopmentSet (listed, asked, travellers)

The list's background persons are invented ones. One in sixteen of them is taken off the list and travels instead:
whoever is answered for such a traveller is a false hit.
"""

import csv
import gzip
import os
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from comity.errors import MalformedError
from comity.records.types.dates import PARTIAL_DATE

TRAVELLER_SHARE = 16
_INVENTED = "yente-"


@dataclass(frozen=True, slots=True)
class Listed:
    """A person on the list: one stored name, birth date, sex and country where known (empty where not)."""

    id: str
    name: str
    script: str
    born: str
    sex: str
    source: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A name asked for and the persons it means; none for a traveller who is not on the list.

    `group` says whose name it is: native, foreign (written by another people's script), chinese, japanese, unknown
    or same (one script on both sides).
    """

    name: str
    truths: frozenset[str]
    script: str
    cell: tuple[str, str]
    born: str
    sex: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class DevelopmentSet:
    """The list, the names asked for, and travellers who are not on the list."""

    listed: tuple[Listed, ...]
    asked: tuple[Asked, ...]
    travellers: tuple[Asked, ...]


def names_directory() -> Path | None:
    """Return where the development set lies, or None: `COMITY_SHARED`, else beside the repository."""
    beside = Path(__file__).resolve().parents[2].parent / "shared"
    directory = Path(os.environ.get("COMITY_SHARED") or beside) / "data" / "names"
    return directory if (directory / "dev_records.tsv.gz").exists() else None


def read_development_set(directory: Path, core: str = "1") -> DevelopmentSet:
    """Return the development set, the stratified core of its queries only; "0" takes the queries beside the core."""
    queries = [row for row in _rows(directory / "dev_queries.tsv.gz") if row["core"] == core]
    asked = tuple(_asked(row) for row in queries if row["kind"] != "alias-weak")
    wanted = frozenset(truth for one in asked for truth in one.truths)
    everyone = [_listed(row) for row in _rows(directory / "dev_records.tsv.gz")]
    away = [one for one in everyone if _travels(one) and one.id not in wanted]
    gone = {one.id for one in away}
    listed = tuple(one for one in everyone if one.id not in gone)
    known = {(one.name, one.born) for one in listed}
    travellers = tuple(_traveller(one) for one in away if (one.name, one.born) not in known)
    return DevelopmentSet(listed, asked, travellers)


def every(asked: Sequence[Asked], wanted: int) -> list[Asked]:
    """Return at most `wanted` of these, spread evenly; all where `wanted` is 0."""
    if not wanted or wanted >= len(asked):
        return list(asked)
    return [asked[place * len(asked) // wanted] for place in range(wanted)]


def _travels(one: Listed) -> bool:
    return one.source.startswith(_INVENTED) and zlib.crc32(one.id.encode()) % TRAVELLER_SHARE == 0


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _listed(row: dict[str, str]) -> Listed:
    born = _date(row["dob"])
    return Listed(row["id"], row["name"], row["script"], born, row["sex"], row["source"], row["country"])


def _asked(row: dict[str, str]) -> Asked:
    cell = (row["q_script"], row["r_script"])
    truths = frozenset(row["true_ids"].split("|"))
    return Asked(row["query"], truths, row["q_script"], cell, _date(row["dob"]), row["sex"], _group(row))


def _group(row: dict[str, str]) -> str:
    if row["cell"] == "same":
        return "same"
    composed = {"composed-zh": "chinese", "composed-ja": "japanese"}.get(row["source"])
    return composed or {"1": "native", "0": "foreign"}.get(row["native"], "unknown")


def _traveller(one: Listed) -> Asked:
    return Asked(one.name, frozenset(), one.script, (one.script, ""), one.born, one.sex)


def _date(text: str) -> str:
    """Return a date as a check takes it, or nothing: the lists write "circa 1963", ranges and 31 February too."""
    try:
        return str(PARTIAL_DATE.parse(text, "born")) if text[:1].isdigit() else ""
    except MalformedError:
        return ""
