"""What the command line prints: answers for people, JSON lines for machines."""

import sys
from collections.abc import Mapping, Sequence
from urllib.parse import quote

import msgspec
import segno
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from comity.access.credentials import Secret
from comity.cli.speaking import speaker_here
from comity.errors import ComityError
from comity.procedures.people import Credentials
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
        if hit.reliability is not None:
            OUT.print(f"  {escape(grades_text(hit.reliability, hit.handling_code))}")
        if hit.is_review_due:
            sentence = "The owner has let the review date of this record pass. Take it with care."
            OUT.print(f"  [bold yellow]{escape(speaker_here().say(sentence))}[/]")
        table = Table("field", "verdict", "rule", "weight", "asked", "held", box=None, pad_edge=True)
        for one in hit.agreements:
            row = (one.field, one.verdict, one.rule, f"{one.weight:+.1f}", str(one.query), str(one.record))
            table.add_row(*(escape(cell) for cell in row))
        OUT.print(table)


def grades_text(reliability: str, handling_code: str | None) -> str:
    """Return how far a record is to be trusted and how it may be used, in the terminal's language."""
    speaker = speaker_here()
    said = (
        f"{reliability} - {speaker.value('reliability', reliability)}",
        f"{handling_code} - {speaker.value('handling', handling_code)}",
    )
    labels = (speaker.say("Reliability"), speaker.say("Handling"))
    return "  ".join(f"{label}: {text}" for label, text in zip(labels, said, strict=True))


def show_pairs(values: Mapping[str, Json]) -> None:
    """Print names and values, one a line."""
    for name, value in values.items():
        OUT.print(f"{escape(name)}: {escape(str(value))}")


def show_secret(label: str, secret: Secret) -> None:
    """Print a secret, once: it is stored nowhere in this form."""
    OUT.print(f"{escape(label)}: {escape(secret.reveal())}")


def show_rows(rows: Sequence[Mapping[str, Json]], *, as_json: bool) -> None:
    """Print rows of the same names: a table for people, one JSON line each for machines."""
    if as_json:
        for row in rows:
            show_json(dict(row))
        return
    if rows:
        table = Table(*rows[0], box=None, pad_edge=False)
        for row in rows:
            table.add_row(*(escape(str(cell)) for cell in row.values()))
        OUT.print(table)


def show_credentials(node_name: str, made: Credentials, *, as_json: bool) -> None:
    """Print an account's secrets, once; in a terminal, the key of its codes as a picture to be scanned."""
    if as_json:
        secrets = {"passphrase": made.passphrase.reveal(), "code_secret": made.code_secret.reveal()}
        show_json({"account": made.account, **secrets})
        return
    OUT.print(f"\naccount: {escape(made.account)}")
    show_secret("passphrase", made.passphrase)
    show_secret("code secret", made.code_secret)
    if OUT.is_terminal:
        segno.make_qr(code_address(node_name, made)).terminal(compact=True)


def code_address(node_name: str, made: Credentials) -> str:
    """Return the address that authenticators read from a picture (the `otpauth` key form)."""
    issuer = quote(node_name, safe="")
    label = f"{issuer}:{quote(made.account, safe='')}"
    return f"otpauth://totp/{label}?secret={made.code_secret.reveal()}&issuer={issuer}"
