"""`comity message, keys`: writing to bureaus, sealed or plain, and the keys that a bureau holds itself."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.markup import escape

from comity.access.bureau_keys import KeyPair, new_pair, publication, revocation
from comity.access.credentials import Secret
from comity.access.key_file import read_pair, write_pair
from comity.cli import sealed as sealing
from comity.cli.drafts import DRAFT
from comity.cli.keeping import asked_passphrase, passphrase_in
from comity.cli.message_door import Answer, Door, door_to
from comity.cli.message_files import files_of, handed_in, save_file
from comity.cli.message_shown import show_lines, show_message
from comity.cli.particulars import USUAL, Particulars
from comity.cli.place import HERE, Place
from comity.cli.show import OUT, show_json, show_pairs, show_rows
from comity.cli.speaking import said
from comity.errors import MalformedError
from comity.records.fieldtype import Json
from comity.records.handling import bureau_code
from comity.records.messages.message import parse_content, parse_header

MESSAGE = App(name="message", help="Messages between bureaus.")
KEYS = App(name="keys", help="The keys that a bureau holds itself.")
MESSAGE.command(DRAFT)


@KEYS.command
def new(file: Path, *, bureau: str, passphrase_file: Path | None = None, place: Place = HERE) -> None:
    """Make a pair of keys for a bureau in a new FILE that a passphrase opens. The file stays with the bureau."""
    pair = new_pair(bureau_code(bureau, "bureau"))
    write_pair(file, pair, _passphrase(passphrase_file))
    _show({"bureau": pair.bureau, "key": pair.public.id, "file": str(file)}, place)


@KEYS.command
def publish(
    file: Path,
    *,
    previous: Path | None = None,
    passphrase_file: Path | None = None,
    url: str | None = None,
    place: Place = HERE,
) -> None:
    """Publish the pair in FILE in the node's key directory; --previous names the file that vouches for it."""
    passphrase = _passphrase(passphrase_file)
    pair = read_pair(file, passphrase)
    before = None if previous is None else read_pair(previous, passphrase)
    with door_to(url, place) as (door, _purpose):
        made = door.publish(publication(pair, datetime.now(UTC), before).decode())
    _show(made, place)


@KEYS.command(name="revoke")
def revoke_key(  # noqa: PLR0913 - each is an option of the command
    key: str,
    *,
    bureau: str,
    reason: str,
    file: Path | None = None,
    passphrase_file: Path | None = None,
    url: str | None = None,
    place: Place = HERE,
) -> None:
    """Revoke a published key of a bureau, with its own signature where --file has it."""
    pair = None if file is None else read_pair(file, _passphrase(passphrase_file))
    statement = revocation(bureau_code(bureau, "bureau"), key, datetime.now(UTC), reason, pair)
    with door_to(url, place) as (door, _purpose):
        made = door.publish(statement.decode())
    _show(made, place)


@KEYS.command(name="show")
def show_keys(*, known: Path | None = None, url: str | None = None, place: Place = HERE) -> None:
    """Prove the key directory, and list its keys; --known names a key file beside which stands what was seen."""
    with door_to(url, place) as (door, _purpose):
        shown = door.directory()
    seen = sealing.Known() if known is None else sealing.read_known(sealing.known_path(known))
    sealing.trusted_directory(shown, seen)
    if known is not None:
        sealing.write_known(sealing.known_path(known), seen)
    keys = shown["keys"]
    rows: list[dict[str, Json]] = (
        [one for one in keys if isinstance(one, dict)] if isinstance(keys, list) else []
    )
    show_rows(rows, as_json=place.json)


@MESSAGE.command
def send(  # noqa: PLR0913 - each is an option of the command
    *,
    to: str,
    subject: str | None = None,
    text: str | None = None,
    phrase: str | None = None,
    value: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    answers: str | None = None,
    thread: str | None = None,
    priority: str | None = None,
    handling: str | None = None,
    second: str | None = None,
    asks: Annotated[bool, Parameter(negative=())] = False,
    seal: Annotated[bool, Parameter(negative=())] = False,
    key: Path | None = None,
    attach: Annotated[tuple[Path, ...], Parameter(negative=())] = (),
    as_draft: Annotated[bool, Parameter(negative=())] = False,
    accept: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    passphrase_file: Path | None = None,
    url: str | None = None,
    more: Particulars = USUAL,
    place: Place = HERE,
) -> None:
    """Send a message to bureaus; with --seal and --key FILE only they can read it, sealed here before it leaves.

    With --as-draft it is kept on the node for later, open, and not sent.
    """
    if seal and as_draft:
        raise MalformedError("draft-never-sealed", "as-draft")
    codes: list[Json] = [bureau_code(one, "to") for one in to.split(",")]
    head = _stated(
        {
            "priority": priority,
            "handling_code": handling,
            "second": second,
            "answers": answers,
            "thread": thread,
            **more.header(),
        }
    )
    head["to"] = codes
    said = {"subject": subject, "text": text, "phrase": _phrase(phrase, value)}
    content = _stated({**said, **more.content()})
    stated = parse_content(content).stated
    if asks or (stated is not None and stated.phrase.asks):
        head["asks"] = True
    usual = None if stated is None else stated.phrase.answer_within
    if usual is not None and head.get("asks"):
        head.setdefault("answer_within", int(usual.total_seconds() // 60))
    pair = _own_pair(key, passphrase_file) if seal else None
    with door_to(url, place) as (door, purpose):
        head["purpose"] = purpose
        if pair is None or key is None:
            files = handed_in(attach, door)
            made = (door.save_draft if as_draft else door.send)({**head, **content, **files})
        else:
            readers = [str(one) for one in codes] + ([second] if second else [])
            made = _send_sealed(door, head, (content, attach), (pair, key), (readers, accept))
    _show(made, place)


def _send_sealed(
    door: Door,
    head: dict[str, Json],
    said: tuple[dict[str, Json], tuple[Path, ...]],
    held: tuple[KeyPair, Path],
    wanted: tuple[list[str], tuple[str, ...]],
) -> Answer:
    (content, files), (pair, key), (bureaus, accepted) = said, held, wanted
    path = sealing.known_path(key)
    known = sealing.read_known(path)
    directory = sealing.trusted_directory(door.directory(), known)
    readers = sealing.readers_keys(bureaus, directory, known, accepted)
    sealing.write_known(path, known)
    if len(readers) > 1:
        # Every reader sees in the envelope to whom it is sealed, and cannot open it otherwise.
        head = {**head, "shows_recipients": True}
    header = parse_header(head)
    envelope = sealing.sealed_message(content, files, pair, readers, header, datetime.now(UTC))
    return door.send({**head, "sealed": envelope})


@MESSAGE.command(name="list")
def list_messages(
    which: str = "all", *, limit: int = 50, url: str | None = None, place: Place = HERE
) -> None:
    """List the bureau's threads: all, unread, or due an answer."""
    with door_to(url, place) as (door, _purpose):
        found = door.inbox(which, limit)
    if place.json:
        show_json(dict(found))
        return
    show_lines(found["threads"], ("at", "author", "message", "priority", "subject", "phrase", "due_at"))


@MESSAGE.command
def find(  # noqa: PLR0913 - each is an option of the command
    text: str = "",
    *,
    bureau: str | None = None,
    refers_to: str | None = None,
    limit: int = 50,
    before: str | None = None,
    url: str | None = None,
    place: Place = HERE,
) -> None:
    """Find messages of the account's bureau in which all words and numbers of TEXT stand, the newest first.

    --bureau keeps those from or to a bureau, --refers-to those about a record, notice, hit or message.
    """
    asked = _stated({"text": text or None, "bureau": bureau, "about": refers_to, "before": before})
    with door_to(url, place) as (door, _purpose):
        found = door.search({**asked, "limit": limit})
    if place.json:
        show_json(dict(found))
        return
    show_lines(found["messages"], ("at", "author", "message", "subject", "phrase", "excerpt"))
    if found["next"] is not None:
        OUT.print(f"{escape(said('More'))}: --before {found['next']}")


@MESSAGE.command
def owed(*, limit: int = 50, url: str | None = None, place: Place = HERE) -> None:
    """List what other bureaus owe: answers, confirmations of hits, decisions of owners, the most pressing first."""
    with door_to(url, place) as (door, _purpose):
        found = door.owed(limit)
    if place.json:
        show_json(dict(found))
        return
    show_lines(found["owed"], ("due_at", "is_overdue", "what", "id", "bureau", "kind", "subject", "phrase"))


@MESSAGE.command
def read(  # noqa: PLR0913 - each is an option of the command
    message: str,
    *,
    key: Path | None = None,
    save: Path | None = None,
    accept: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    passphrase_file: Path | None = None,
    url: str | None = None,
    place: Place = HERE,
) -> None:
    """Show a message, its files saved in the directory --save; a sealed one is opened here with --key FILE."""
    pair = None if key is None else _own_pair(key, passphrase_file)
    with door_to(url, place) as (door, _purpose):
        found = door.message(message)
        shown: sealing.Opened | None = None
        if found["sealed"] is not None and pair is not None and key is not None:
            known = sealing.read_known(sealing.known_path(key))
            directory = sealing.trusted_directory(door.directory(), known)
            shown = sealing.opened_message(found, pair, directory, known, accept)
            sealing.write_known(sealing.known_path(key), known)
        files = shown.files if shown is not None else () if save is None else files_of(found, door)
    if save is not None:
        for name, body in files:
            save_file(save, name, body)
    if place.json:
        show_json({**found, "opened": None if shown is None else shown.to_json()})
        return
    show_message(found, shown)


def _stated(values: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in values.items() if value is not None}


def _phrase(code: str | None, values: tuple[str, ...]) -> Json:
    if code is None:
        return None
    pairs = [one.partition("=") for one in values]
    if any(not mark for _name, mark, _text in pairs):
        raise MalformedError("value-missing", "value")
    filled: dict[str, Json] = {name: text for name, _mark, text in pairs}
    return {"code": code, "values": filled}


def _own_pair(key: Path | None, passphrase_file: Path | None) -> KeyPair:
    if key is None:
        raise MalformedError("field-missing", "key")
    return read_pair(key, _passphrase(passphrase_file))


def _passphrase(file: Path | None) -> Secret:
    return passphrase_in(file) if file else asked_passphrase()


def _show(made: Answer, place: Place) -> None:
    show_json(dict(made)) if place.json else show_pairs(made)
