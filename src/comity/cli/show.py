"""What the command line prints: answers for people, JSON lines for machines."""

import sys
from collections.abc import Mapping, Sequence

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from comity.access.credentials import Secret
from comity.cli.speaking import said, speaker_here
from comity.errors import ComityError
from comity.phrases.wording import Wording
from comity.phrases.words import Words
from comity.records.check import Answer, Hit
from comity.records.fieldtype import Json

OUT = Console(highlight=False, soft_wrap=True)
ERRORS = Console(stderr=True, highlight=False, soft_wrap=True)

CODED: Mapping[str, str] = {
    "kind": "kind",
    "notice": "notice",
    "state": "state",
    "what": "outcome",
    "outcome": "outcome",
    "view": "scope",
    "act": "act",
    "purpose": "purpose",
    "door": "door",
    "clock": "clock",
}
"""Names of values that are codes, and the group in which their words stand."""


def show_json(value: Json) -> None:
    """Print one JSON line."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


def show_error(error: ComityError) -> None:
    """Print the error's code, what it means, and its named data, on the error stream."""
    speaker = speaker_here()
    rule = error.data.get("rule")
    told = speaker.error(str(rule) if rule is not None else error.code)
    data = "  ".join(f"{speaker.label(name)}: {value}" for name, value in error.data.items())
    ERRORS.print(f"[bold red]{escape(error.code)}[/]  {escape(told)}  {escape(data)}".rstrip())


def show_answer(answer: Answer, asked_kind: str) -> None:
    """Print an answer: its outcome, and each hit with what to do, what agreed and what did not."""
    speaker = speaker_here()
    colour = {"hit": "bold red", "no_hit": "bold green", "invalid": "bold yellow"}[answer.outcome]
    outcome = escape(speaker.value("outcome", answer.outcome))
    OUT.print(f"[{colour}]{outcome}[/]  {escape(said('up to change {change}', change=answer.as_of))}")
    if answer.error is not None:
        told = speaker.error(answer.error.code, answer.error.field)
        OUT.print(f"  {escape(speaker.label(answer.error.field))}: {escape(f'{told} ({answer.error.code})')}")
    for field, code in answer.doubts:
        OUT.print(f"  {escape(speaker.label(field))}: {escape(f'{speaker.error(code)} ({code})')}")
    for hit in answer.hits:
        _show_hit(hit, asked_kind, speaker)
    if answer.hits:
        OUT.print(f"\n{escape(said('A hit is not proof. Confirm with the owner before you act.'))}")


def _show_hit(hit: Hit, asked_kind: str, speaker: Words) -> None:
    wording = Wording(speaker)
    notice = "" if hit.notice is None else f"  {speaker.value('notice', hit.notice)}"
    OUT.print(
        f"\n  [bold]{escape(speaker.kind(hit.kind))}[/] {escape(hit.source_id or hit.record)}  "
        f"{escape(speaker.value('certainty', wording.certainty(hit.score)))} {wording.sureness(hit)} %"
        f"[bold]{escape(notice)}[/]"
    )
    OUT.print(f"  {escape(said('What to do'))}: {escape(speaker.value('action', hit.action))}")
    OUT.print(
        f"  {escape(said('Confirm with'))}: {escape(speaker.value('country', hit.owner))} ({hit.owner})"
    )
    if hit.reliability is not None:
        OUT.print(f"  {escape(grades_text(hit.reliability, hit.handling_code))}")
    if hit.is_review_due:
        sentence = "The owner has let the review date of this record pass. Take it with care."
        OUT.print(f"  [bold yellow]{escape(said(sentence))}[/]")
    if not hit.agreements:
        return
    heads = ("Field", "Verdict", "Asked", "Held", "Why")
    table = Table(*(escape(speaker.say(head)) for head in heads), box=None, pad_edge=True)
    for step in wording.steps(hit, asked_kind):
        row = (step.label, speaker.value("verdict", step.verdict), step.asked, step.held, step.reason)
        table.add_row(*(escape(cell) for cell in row))
    OUT.print(table)


def grades_text(reliability: str, handling_code: str | None) -> str:
    """Return how far a record is to be trusted and how it may be used, in the terminal's language."""
    speaker = speaker_here()
    told = (
        f"{reliability} - {speaker.value('reliability', reliability)}",
        f"{handling_code} - {speaker.value('handling', handling_code)}",
    )
    labels = (speaker.say("Reliability"), speaker.say("Handling"))
    return "  ".join(f"{label}: {text}" for label, text in zip(labels, told, strict=True))


def show_pairs(values: Mapping[str, Json]) -> None:
    """Print names and values, one a line."""
    speaker = speaker_here()
    for name, value in values.items():
        OUT.print(f"{escape(speaker.label(name))}: {escape(told(speaker, name, value))}")


def show_statistics(counted: Mapping[str, Json]) -> None:
    """Print counts: how many in all, then by kind and by owner."""
    speaker = speaker_here()
    for name, value in counted.items():
        if not isinstance(value, dict):
            OUT.print(f"{escape(speaker.label(name))}: {value}")
            continue
        OUT.print(f"[bold]{escape(speaker.label(name))}[/]")
        group = "kind" if name == "kinds" else "country"
        for code, count in value.items():
            OUT.print(f"  {escape(speaker.value(group, code))}: {count}")


def told(speaker: Words, name: str, value: Json) -> str:
    """Return a value: a coded one by its word, the others as they are."""
    group = CODED.get(name)
    return str(value) if group is None or not isinstance(value, str) else speaker.value(group, value)


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
        speaker = speaker_here()
        table = Table(*(escape(speaker.label(name)) for name in rows[0]), box=None, pad_edge=False)
        for row in rows:
            table.add_row(*(escape(told(speaker, name, cell)) for name, cell in row.items()))
        OUT.print(table)
