"""`comity notice`: drafts, moves, review, sheets and exports of notices and diffusions."""

from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from comity.cli.place import HERE, Place, acting, operating
from comity.cli.show import OUT, show_json, show_pairs, show_rows
from comity.cli.speaking import said, speaker_here
from comity.errors import MalformedError
from comity.phrases.sheet_pdf import sheet_pdf
from comity.phrases.words import CODES, Words, words
from comity.procedures.desk import Desk
from comity.procedures.notices import drafting, expiring, exporting, moving, reading, reviewing
from comity.procedures.notices.exporting import PublicPage
from comity.procedures.notices.reading import NoticeRequest
from comity.records.fieldtype import Json
from comity.records.notices.colour import Finding
from comity.records.notices.states import Form
from comity.registry.notices import HeldNotice

NOTICE = App(name="notice", help="Notices and diffusions: draft, submit, review, print, export.")
Diffusion = Annotated[bool, Parameter(negative=())]


@NOTICE.command
def draft(file: Path, *, diffusion: Diffusion = False, place: Place = HERE) -> None:
    """Enter the request that FILE, a JSON object, states, as a draft of the account's bureau."""
    data = _read(file)
    with acting(place) as (node, officer, _purpose):
        held = drafting.draft(data, _form(is_diffusion=diffusion), officer, node.desk)
        _show_moved(held, node.desk, as_json=place.json)


@NOTICE.command
def amend(
    notice: str, file: Path, *, version: int, diffusion: Diffusion = False, place: Place = HERE
) -> None:
    """Amend a draft by what FILE states, or propose an update of what is in force."""
    data = _read(file)
    with acting(place) as (node, officer, _purpose):
        form = _form(is_diffusion=diffusion)
        held = drafting.amend(notice, form, version, data, officer, node.desk)
        _show_moved(held, node.desk, as_json=place.json)


@NOTICE.command
def move(  # noqa: PLR0913 - each is an option of the command
    notice: str,
    step: str,
    *,
    version: int,
    reasons: str | None = None,
    rules: str = "",
    checklist: str = "",
    diffusion: Diffusion = False,
    place: Place = HERE,
) -> None:
    """Move a request: STEP is submit, take, return, publish, refuse, suspend, resume or withdraw.

    --checklist yes answers every question so; --checklist article-2=yes,article-3=no each by itself.
    """
    with acting(place) as (node, officer, _purpose):
        form = _form(is_diffusion=diffusion)
        asked: dict[str, Json] = {"move": step, "version": version, "reasons": reasons}
        asked["rules"] = [one.strip() for one in rules.split(",") if one.strip()]
        if checklist:
            seen = reading.read_notice(notice, form, officer, None, node.desk)
            asked["checklist"] = _answers(checklist, (seen.pending or seen.content).colour.questions())
        held = moving.move(notice, form, asked, officer, node.desk)
        _show_moved(held, node.desk, as_json=place.json)


@NOTICE.command(name="list")
def list_(
    *,
    scope: str = "in_force",
    colour: str | None = None,
    limit: int = 50,
    after: str | None = None,
    diffusion: Diffusion = False,
    place: Place = HERE,
) -> None:
    """List requests: --scope in_force, own, or waiting for review."""
    request = NoticeRequest(_form(is_diffusion=diffusion), scope, colour, None, limit, after)
    with acting(place) as (node, officer, purpose):
        page = reading.list_notices(request, officer, purpose, node.desk)
    if place.json:
        show_json(page.to_json())
        return
    names = ("notice", "colour", "owner", "state", "since", "valid_until")
    show_rows([{name: one.summary()[name] for name in names} for one in page.seen], as_json=False)
    if page.next is not None:
        OUT.print(f"--after {page.next}")


@NOTICE.command
def show(notice: str, *, diffusion: Diffusion = False, place: Place = HERE) -> None:
    """Show a request as far as the account may see it."""
    with acting(place) as (node, officer, purpose):
        form = _form(is_diffusion=diffusion)
        seen = reading.read_notice(notice, form, officer, purpose, node.desk)
    if place.json:
        show_json(seen.to_json())
    else:
        show_pairs(seen.to_json())


@NOTICE.command
def review(notice: str, *, diffusion: Diffusion = False, place: Place = HERE) -> None:
    """Show a reviewer what is missing, and what else there is on the same person or object."""
    with acting(place) as (node, officer, purpose):
        form = _form(is_diffusion=diffusion)
        found = reviewing.review(notice, form, officer, purpose, node.desk)
    if place.json:
        show_json(found.to_json())
        return
    _show_findings(found.findings)
    for flag in found.flags:
        show_pairs(flag.to_json())
    show_rows([one.to_json() for one in found.related], as_json=False)
    show_pairs({hit.record: f"{hit.kind} {hit.owner} {hit.score:.2f}" for hit in found.hits})


@NOTICE.command
def refused(*, limit: int = 50, after: str | None = None, place: Place = HERE) -> None:
    """List refused requests, and what has come since by other doors on the same person or object."""
    with acting(place) as (node, officer, purpose):
        found = reviewing.returns(limit, after, officer, purpose, node.desk)
    if place.json:
        show_json(found.to_json())
        return
    for one in found.returned:
        show_pairs(one.to_json())


@NOTICE.command
def sheet(
    notice: str,
    file: Path,
    *,
    language: str | None = None,
    diffusion: Diffusion = False,
    place: Place = HERE,
) -> None:
    """Print a request into FILE, a PDF, in the terminal's language or another of the four."""
    speaker = speaker_here() if language is None else _speaker(language)
    with acting(place) as (node, officer, purpose):
        form = _form(is_diffusion=diffusion)
        seen = reading.print_notice(notice, form, officer, purpose, node.desk)
        file.write_bytes(sheet_pdf(seen, speaker, node.desk.clock()))
    OUT.print(str(file), markup=False)


@NOTICE.command
def export(
    colour: str, *, notice: str | None = None, page: int = 1, size: int = 20, place: Place = HERE
) -> None:
    """Print the notices that their owners made public, in the shape of the public notices service: red, yellow, un."""
    with acting(place) as (node, officer, _purpose):
        if notice is not None:
            show_json(exporting.public_notice(colour, notice, officer, node.desk))
        else:
            asked = PublicPage(colour, page, size)
            show_json(exporting.public_list(asked, officer, node.desk))


@NOTICE.command
def expire(*, place: Place = HERE) -> None:
    """End the notices and diffusions whose last day has passed; for whoever runs the node, once a day."""
    with operating(place) as (node, officer):
        count = expiring.expire_due(officer, node.desk)
    if place.json:
        show_json({"expired": count})
    else:
        OUT.print(said("{count} notices and diffusions have expired.", count=count))


def _form(*, is_diffusion: bool) -> Form:
    return Form.DIFFUSION if is_diffusion else Form.NOTICE


def _read(file: Path) -> Json:
    try:
        data: Json = msgspec.json.decode(file.read_bytes())
    except OSError:
        raise MalformedError("file-unreadable", "file") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise MalformedError("json-form", "file") from None
    return data


def _speaker(language: str) -> Words:
    if language not in CODES:
        raise MalformedError("not-a-choice", "language")
    return words(language)


def _answers(text: str, questions: tuple[str, ...]) -> dict[str, Json]:
    """Return the answers to a checklist: one word for all, or a word for each."""
    if "=" not in text:
        return dict.fromkeys(questions, text)
    pairs = (one.partition("=") for one in text.split(","))
    return {name.strip(): answer.strip() for name, _, answer in pairs}


def _show_moved(held: HeldNotice, desk: Desk, *, as_json: bool) -> None:
    findings = reviewing.missing(held.latest, desk)
    shown: dict[str, Json] = {
        "notice": held.id,
        "form": held.form.value,
        "state": held.state.value,
        "version": held.version,
        "in_force": held.since is not None,
    }
    if as_json:
        show_json({**shown, "findings": [one.to_json() for one in findings]})
        return
    show_pairs(shown)
    _show_findings(findings)


def _show_findings(findings: tuple[Finding, ...]) -> None:
    speaker = speaker_here()
    for one in findings:
        verdict = speaker.value("notice_verdict", one.verdict.value)
        sentence = speaker.value("condition", one.condition.code)
        OUT.print(f"  {one.condition.rule}  {verdict}: {sentence}", markup=False)
