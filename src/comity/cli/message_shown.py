"""A message as the command line shows it: how it is carried, what it says and is about, what it passes on."""

from collections.abc import Mapping, Sequence

import msgspec
from rich.markup import escape

from comity.cli.message_files import listed
from comity.cli.sealed import Opened
from comity.cli.show import OUT, grades_text, show_pairs, show_rows
from comity.cli.speaking import speaker_here
from comity.phrases.coded import spoken
from comity.records.fieldtype import Json
from comity.records.messages.message import Content, content_from_bytes

HEAD = ("author", "at", "priority", "handling_note", "due_at", "withheld")


def show_message(found: Mapping[str, Json], opened: Opened | None) -> None:
    """Print a message that a node showed, and what its envelope says where it was opened."""
    show_pairs({name: found[name] for name in HEAD if found[name]})
    content = opened.content if opened is not None else _content(found["content"])
    if content is None:
        return
    OUT.print(escape(grades_text(content.reliability, str(found["handling_code"]))))
    if opened is not None:
        show_pairs(_of_envelope(opened))
    _show_content(content)
    _show_passed(found["forwarded"])
    files = (
        [name for name, _body in opened.files]
        if opened
        else [str(one["name"]) for one in listed(found["files"])]
    )
    for name in files:
        OUT.print(escape(name))


def show_lines(lines: Json, names: Sequence[str]) -> None:
    """Print these values of each line of a list, as a table."""
    rows: list[dict[str, Json]] = [
        {name: one.get(name) or "" for name in names}
        for one in (lines if isinstance(lines, list) else [])
        if isinstance(one, dict)
    ]
    show_rows(rows, as_json=False)


def _of_envelope(opened: Opened) -> dict[str, Json]:
    said: dict[str, Json] = {"sealed_at": opened.sealed_at, "key_revoked_at": opened.revoked_at}
    return {name: value for name, value in said.items() if value is not None}


def _content(said: Json) -> Content | None:
    return content_from_bytes(msgspec.json.encode(said)) if isinstance(said, dict) else None


def _show_content(content: Content) -> None:
    if content.subject is not None:
        OUT.print(f"[bold]{escape(content.subject)}[/]")
    if content.stated is not None:
        said = spoken(content.stated, speaker_here())
        OUT.print(f"[bold]{escape(said.title)}[/]\n{escape(said.sentence)}")
        for line in said.lines:
            OUT.print(f"  {escape(line.label)}: {escape(', '.join(line.values))}")
    if content.text is not None:
        OUT.print(escape(content.text))
    for one in content.references:
        OUT.print(f"  {escape(speaker_here().value('reference', one.kind))}: {one.id}")


def _show_passed(forwarded: Json) -> None:
    """Print what is passed on, each as its first author said it."""
    while isinstance(forwarded, dict):
        speaker = speaker_here()
        bureau = speaker.value("country", str(forwarded["author"]))
        heading = speaker.say("Passed on: {bureau} wrote this.", bureau=bureau)
        OUT.print(f"\n[bold]{escape(heading)}[/] {forwarded['handling_code']}")
        content = _content(forwarded["content"])
        if content is not None:
            _show_content(content)
        forwarded = forwarded["forwarded"]
