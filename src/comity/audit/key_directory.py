"""The directory of the bureaus' keys, read as its readers must read it: proven from end to end.

    events, in order -> each signed by its bureau -> the leaves of a Merkle tree -> the root that the node signed

The directory is a log of its own, under the node's name with `/keys` behind it, so that everybody may read and
prove all of it; each event stands in the audit log too, with the directory's root. Who reads it keeps the
head: the next one must begin with the same events, so that no key is slipped in or taken back unseen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from comity.access.bureau_keys import (
    Publication,
    PublicKeys,
    Revocation,
    is_endorsed,
    is_signed,
    keys_of,
    read_statement,
)
from comity.audit.heads import Head, Signer, Verifier, verify_head
from comity.audit.merkle import Tree, leaf_hash, root_of
from comity.errors import ConflictError, DamagedError, MalformedError, UnknownError

SUFFIX: Final = "/keys"


@dataclass(frozen=True, slots=True)
class ListedKey:
    """One key of the directory: since when, until when, why no longer, and whether the one before vouches."""

    public: PublicKeys
    at: str
    is_endorsed: bool
    is_first: bool
    replaced_at: str | None = None
    revoked_at: str | None = None
    reason: str | None = None

    @property
    def is_current(self) -> bool:
        """Whether messages are sealed to it and signed by it now."""
        return self.replaced_at is None and self.revoked_at is None


@dataclass(frozen=True, slots=True)
class Directory:
    """Every key that bureaus have published, by its identifier."""

    keys: Mapping[str, ListedKey] = field(default_factory=dict[str, ListedKey])

    def current(self, bureau: str) -> ListedKey | None:
        """Return the key that a bureau uses now, or None where it has none."""
        return next(
            (key for key in self.keys.values() if key.public.bureau == bureau and key.is_current), None
        )

    def history(self, bureau: str) -> list[ListedKey]:
        """Return a bureau's keys, oldest first."""
        return [key for key in self.keys.values() if key.public.bureau == bureau]

    def key(self, key_id: str) -> ListedKey:
        """Return a key, current or not; raises `UnknownError`."""
        if key_id not in self.keys:
            raise UnknownError(what="key", name=key_id[:40])
        return self.keys[key_id]

    def with_event(self, event: bytes) -> "Directory":
        """Return the directory with one more event.

        Raises `MalformedError` for a statement that does not hold, and `ConflictError`: `exists` for a key that
        was published before, `key-unknown` for one to revoke that is not the bureau's or is revoked already.
        """
        said = read_statement(event)
        if isinstance(said, Publication):
            return self._published(said)
        return self._revoked(said)

    def _published(self, said: Publication) -> "Directory":
        if said.key in self.keys:
            raise ConflictError(what="key", rule="exists")
        history = self.history(said.bureau)
        last = history[-1] if history else None
        # A key that was revoked may be in other hands: what it vouches for counts for nothing.
        vouched = (
            last is not None
            and last.revoked_at is None
            and said.previous == last.public.id
            and is_endorsed(said, last.public)
        )
        changed = dict(self.keys)
        for key in history:
            if key.is_current:
                changed[key.public.id] = replace(key, replaced_at=said.at)
        changed[said.key] = ListedKey(keys_of(said), said.at, vouched, is_first=last is None)
        return Directory(changed)

    def _revoked(self, said: Revocation) -> "Directory":
        key = self.keys.get(said.key)
        if key is None or key.public.bureau != said.bureau or key.revoked_at is not None:
            raise ConflictError(what="key", rule="key-unknown")
        if said.signature and not is_signed(said, key.public):
            raise ConflictError(what="key", rule="key-signature")
        return Directory({**self.keys, said.key: replace(key, revoked_at=said.at, reason=said.reason)})


def directory_of(events: Sequence[bytes]) -> Directory:
    """Return the directory that these events make, in order; raises as `Directory.with_event`."""
    made = Directory()
    for event in events:
        made = made.with_event(event)
    return made


def directory_tree(events: Sequence[bytes]) -> Tree:
    """Return the size and root of the directory's Merkle tree."""
    return Tree(len(events), root_of([leaf_hash(event) for event in events]))


def directory_signer(signer: Signer) -> Signer:
    """Return what signs the directory's heads: the node's key under the directory's own name."""
    return replace(signer, node=signer.node + SUFFIX)


def directory_verifier(verifier: Verifier) -> Verifier:
    """Return what checks the directory's heads."""
    return Verifier(verifier.node + SUFFIX, verifier.key)


def verify_directory(
    events: Sequence[bytes], note: str, verifier: Verifier, before: Head | None = None
) -> tuple[Directory, Head]:
    """Return the directory and its head, proven; `before` is the head that the reader kept of the last time.

    Raises `DamagedError`: "audit-head" where the node has not signed it, "key-directory" where the events are not
    those of the head, or a bureau has not signed its own, "key-directory-rewritten" where it does not begin with
    what the reader saw before.
    """
    head = verify_head(note, directory_verifier(verifier))
    if directory_tree(events) != head.tree:
        raise DamagedError("key-directory")
    if before is not None and directory_tree(events[: before.size]) != before.tree:
        raise DamagedError("key-directory-rewritten")
    try:
        return directory_of(events), head
    except (ConflictError, MalformedError):
        raise DamagedError("key-directory") from None
