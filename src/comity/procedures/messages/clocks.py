"""What happens by the clock alone: an answer that does not come, and the second addressee who is asked then."""

from datetime import datetime

from sqlalchemy import Connection

from comity.access.acts import Act
from comity.audit.entries import Entry, new_nonce
from comity.procedures.desk import Desk
from comity.procedures.messages.sending import TOPIC
from comity.records.messages.message import header_from_bytes
from comity.registry import attachments, events, messages
from comity.registry.events import Event
from comity.registry.messages import SECOND, Boxed, Party

AT_ONCE_MAX = 100


def pass_on_overdue(desk: Desk) -> int:
    """Give every message whose time has passed without an answer to its second addressee; return how many.

    It is what the author ordered when it was sent, so the log names the author's account, and the node as its
    door. Done before anybody reads, and by the node's clock: whoever looks sees what the clock says.
    """
    now, count = desk.clock(), 0
    with desk.registry.read() as connection:
        overdue = {one.number for one in messages.waiting_to_pass_on(connection, now, AT_ONCE_MAX)}
    for number in sorted(overdue):
        with desk.registry.write() as connection:
            # Read again under the lock: another process may have been first, or an answer.
            waiting = messages.waiting_to_pass_on(connection, now, AT_ONCE_MAX)
            message = next((one for one in waiting if one.number == number), None)
            if message is not None:
                _pass_on(message, now, connection, desk)
                count += 1
    return count


def _pass_on(message: Boxed, now: datetime, connection: Connection, desk: Desk) -> None:
    header = header_from_bytes(message.header)
    second, within = header.second, header.answer_within
    assert second is not None, "only messages with a second addressee wait"
    assert within is not None, "only messages that ask for an answer wait"
    messages.passed_on(connection, message.number, now)
    if messages.message_in(connection, second, message.public_id) is None:
        messages.put(connection, message.number, message, Party(second, SECOND, now + within))
        files = attachments.files_of(connection, [message.number]).get(message.number, [])
        attachments.hold(connection, [second], [one.digest for one in files])
    told = (second, message.author)
    events.tell(connection, [Event(one, TOPIC, "passed-on", message.public_id, now) for one in told])
    desk.registry.append(connection, _entry(message, second, now))


def _entry(message: Boxed, second: str, now: datetime) -> Entry:
    header = header_from_bytes(message.header)
    return Entry(
        at=now,
        act=Act.MESSAGE_SEND.value,
        account=message.account,
        bureau=message.author,
        unit=message.unit,
        purpose=header.purpose.value,
        query={"message": message.public_id, "second": second},
        outcome="passed-on",
        door="node",
        nonce=new_nonce(),
    )
