"""Keeping a node: building the index anew, examining it, verifying the log. Shows no police data."""

from collections.abc import Callable, Sequence

from comity.audit.inspection import AuditReport
from comity.index.store import Indexed
from comity.procedures.desk import Desk
from comity.procedures.follow import indexed
from comity.registry import audit_log, holdings

FETCH = 2000


def keep_going(_done: int, _total: int) -> bool:
    """Let the work go on."""
    return True


def rebuild(desk: Desk) -> int:
    """Build the index anew from every record, as one segment; return how many records it holds."""
    if desk.index.faults():
        desk.index.drop()
    desk.follower.catch_up()
    made: list[Indexed] = []
    after = 0
    with desk.registry.read() as connection:
        while rows := holdings.active_after(connection, after, FETCH):
            made.extend(indexed(held, held.number, audience) for held, audience in rows)
            after = rows[-1][0].number
    desk.index.save_whole(made)
    return len(made)


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
    desk.follower.catch_up()
    if desk.index.position != desk.registry.position():
        findings.append("index-behind-registry")
    with desk.registry.read() as connection:
        findings += holdings.disagreements(connection)
    return findings
