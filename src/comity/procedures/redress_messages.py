"""Which of all messages are to be shown to a controller: the likeliest, without reading what cannot be among them.

    those that keys lead to -> pages of them -> sieved -> read, unless found by words it would come after those
    there are -> the likeliest

Where everything names the person, most messages are passed over unread: what stands by words alone is ordered by
identifiers, and once there are enough, only a smaller one can still come among them. The answer is the same as if
all had been read.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from sqlalchemy import Connection

from comity.procedures.desk import Desk
from comity.procedures.message_keys import Led, led_to
from comity.procedures.redress_words import Among, Sieved, Sought, found_in
from comity.registry import messages_held
from comity.registry.messages_held import MessageText

AT_ONCE = 2000
THREADS_MAX = 1000
"""For the sealed messages of so many threads the database is asked by thread."""


class _Likeliest:
    """The likeliest so far, `limit` at most; of the same likelihood those with the smaller identifiers."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._found: list[tuple[float, str, int, str]] = []

    def add(self, sure: float, public_id: str, number: int, by: str) -> None:
        insort(self._found, (-sure, public_id, number, by))
        del self._found[self._limit :]

    def has_room(self, public_id: str) -> bool:
        """Return whether what is found by words would come among them."""
        return len(self._found) < self._limit or (0.0, public_id) < self._found[-1][:2]

    @property
    def last_id(self) -> str:
        """The identifier of the last of them; there is one."""
        return self._found[-1][1]

    def by_number(self) -> dict[int, tuple[float, str]]:
        return {number: (-less, by) for less, _, number, by in self._found}


def search_messages(
    sought: Sought, limit: int, connection: Connection, desk: Desk
) -> dict[int, tuple[float, str]]:
    """Return the likeliest messages by number, `limit` at most: how surely each is meant, and by what it was found.

    Sealed messages of the threads of those that are found are among them: by `thread`, and never surely.
    """
    likeliest, threads = _Likeliest(limit), set[str]()
    unread: defaultdict[str, list[int]] = defaultdict(list)
    led = led_to(sought, connection, desk)
    for start in range(0, len(led.numbers), AT_ONCE):
        page = messages_held.texts_at(connection, led.numbers[start : start + AT_ONCE])
        wanted: list[MessageText] = []
        sieved = _sieved(page, sought, led)
        among = Among(frozenset(one.message.number for one in sieved if one.may_name), led.spelt)
        for one, is_by_words_at_most, _ in sieved:
            if is_by_words_at_most and not likeliest.has_room(one.public_id):
                unread[one.thread].append(one.number)
            else:
                wanted.append(one)
        for one, sure, by in found_in(wanted, sought, among, desk):
            threads.add(one.thread)
            likeliest.add(sure, one.public_id, one.number, by)
    for public_id, place, thread in _sealed({*threads, *unread}, likeliest, connection):
        if not likeliest.has_room(public_id):
            break
        if thread not in threads and unread[thread]:
            texts = messages_held.texts_at(connection, unread.pop(thread))
            may = Among(frozenset(one.number for one in texts), led.spelt)
            threads |= {thread for _ in found_in(texts, sought, may, desk)}
        if thread in threads:
            likeliest.add(0.0, public_id, place, "thread")
    return likeliest.by_number()


def _sieved(page: Sequence[MessageText], sought: Sought, led: Led) -> list[Sieved]:
    """Return those of a page that may be about the person, as they are written or in another spelling."""
    written = sought.sieved(page)
    numbers = {one.message.number for one in written}
    others = [one for one in page if one.number in led.spelt and one.number not in numbers]
    return [*written, *(Sieved(one, is_by_words_at_most=True, may_name=False) for one in others)]


def _sealed(
    threads: AbstractSet[str], likeliest: _Likeliest, connection: Connection
) -> Iterable[tuple[str, int, str]]:
    """Return the sealed messages of these threads that may come among the likeliest, by identifier."""
    if len(threads) <= THREADS_MAX:
        return sorted(messages_held.sealed_in(connection, [*threads]))
    # So many threads are of many messages that were found: few identifiers are before the last of the likeliest.
    before = messages_held.sealed_before(connection, likeliest.last_id)
    return (one for one in before if one[2] in threads)
