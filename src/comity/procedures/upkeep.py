"""Keeping a node: building the index anew, examining it, verifying the log. Shows no police data."""

from collections.abc import Callable, Iterator, Sequence

from comity.audit.inspection import AuditReport
from comity.index.store import Indexed, NewBlock
from comity.procedures.desk import Desk
from comity.procedures.follow import PACKS, blocks_of, indexed, without
from comity.registry import audit_log, holdings, mention_keys, packs, soundness

FETCH = 2000


def keep_going(_done: int, _total: int) -> bool:
    """Let the work go on."""
    return True


def rebuild(desk: Desk) -> int:
    """Build the index anew from every record, as one segment; return how many records it holds."""
    if desk.index.faults():
        desk.index.drop()
    desk.follower.catch_up()
    desk.index.save_whole(_everything(desk))
    return sum(count for _kind, _owner, _audience, count in desk.registry.counts())


def mend(desk: Desk) -> None:
    """Put one segment, made of every record, in the place of segments of which one is damaged, and others above it."""
    desk.follower.catch_up()
    desk.index.save_whole(_everything(desk))


def _everything(desk: Desk) -> Iterator[Indexed | NewBlock]:
    """Yield every active record as the index is to find it: those with rows of their own, then packs.

    A record that has changed beyond the index's position, while others write, is left out: it is followed into the
    index, which would hold it twice otherwise.
    """
    position, after = desk.index.position, 0
    with desk.registry.read() as connection:
        while rows := holdings.active_after(connection, after, FETCH):
            newer = mention_keys.changed_since(connection, [held.number for held, _ in rows], position)
            for held, audience in rows:
                if held.number not in newer:
                    yield indexed(held.record, held.number, audience)
            after = rows[-1][0].number
        after = 0
        while packed := packs.all_after(connection, after, PACKS):
            first, last = packed[0].first_record, packed[-1].first_record + packed[-1].count - 1
            apart = packs.unpacked_between(connection, first, last)
            for block in blocks_of([pack for pack in packed if pack.first_change <= position]):
                yield from without(block, apart)
            after = packed[-1].first_record


def verify_log(
    desk: Desk, progress: Callable[[int, int], bool] = keep_going, known: Sequence[str] = ()
) -> AuditReport:
    """Return what a whole verification of the audit log finds; `known` are heads that were kept elsewhere."""
    desk.registry.settle()
    with desk.registry.read() as connection:
        return audit_log.verify(connection, desk.registry.signer.verifier, progress, known)


def examine(desk: Desk, known: Sequence[str] = ()) -> list[str]:
    """Return what is wrong with the node, as codes with places; nothing where all is well.

    `known` are heads of the audit log that were kept elsewhere: the log must begin with what they sign.
    """
    findings = [f"{fault.code} {fault.place}" for fault in verify_log(desk, known=known).faults]
    findings += desk.registry.journal_faults()
    findings += desk.index.faults()
    if desk.index.is_outdated():
        findings.append("index-of-other-readings")
    desk.follower.catch_up()
    if desk.index.position != desk.registry.position():
        findings.append("index-behind-registry")
    with desk.registry.read() as connection:
        findings += soundness.disagreements(connection)
    clock = desk.guard.look()
    if not clock.is_followed:
        findings.append(f"clock-{clock.standing.value} {clock.wall.isoformat(timespec='seconds')}")
    return findings
