"""What the command line prints: answers for people, JSON lines for machines."""

import sys
from collections.abc import Mapping

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from comity.access.credentials import Secret
from comity.errors import ComityError
from comity.records.check import Answer
from comity.records.fieldtype import Json

OUT = Console(highlight=False, soft_wrap=True)
ERRORS = Console(stderr=True, highlight=False, soft_wrap=True)


def show_json(value: Json) -> None:
    """Print one JSON line."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


def show_error(error: ComityError) -> None:
    """Print the error's code and its named data on the error stream."""
    data = "  ".join(f"{name}: {value}" for name, value in error.data.items())
    ERRORS.print(f"[bold red]{escape(error.code)}[/]  {escape(data)}")


def show_answer(answer: Answer) -> None:
    """Print an answer: its outcome, and each hit with what agreed and what did not."""
    colour = {"hit": "bold red", "no_hit": "bold green", "invalid": "bold yellow"}[answer.outcome]
    OUT.print(f"[{colour}]{answer.outcome}[/]  as of change {answer.as_of}")
    if answer.error is not None:
        OUT.print(f"  {escape(answer.error.code)}  field: {escape(answer.error.field)}")
    for field, code in answer.doubts:
        OUT.print(f"  doubt: {escape(field)} {escape(code)}")
    for hit in answer.hits:
        OUT.print(
            f"\n  [bold]{hit.kind}[/] {escape(hit.source_id or hit.record)}  score {hit.score:.3f}  "
            f"owner {hit.owner}  notice {hit.notice or '-'}  action {hit.action}"
        )
        table = Table("field", "verdict", "rule", "weight", "asked", "held", box=None, pad_edge=True)
        for one in hit.agreements:
            row = (one.field, one.verdict, one.rule, f"{one.weight:+.1f}", str(one.query), str(one.record))
            table.add_row(*(escape(cell) for cell in row))
        OUT.print(table)


def show_pairs(values: Mapping[str, Json]) -> None:
    """Print names and values, one a line."""
    for name, value in values.items():
        OUT.print(f"{escape(name)}: {escape(str(value))}")


def show_secret(label: str, secret: Secret) -> None:
    """Print a secret, once: it is stored nowhere in this form."""
    OUT.print(f"{escape(label)}: {escape(secret.reveal())}")
