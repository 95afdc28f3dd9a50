"""What a controller takes home: proofs that can be checked offline, with the node's public key alone."""

from collections.abc import Sequence
from typing import Annotated, Self

import msgspec

from comity.audit.entries import Entry, decode
from comity.audit.heads import Head, Verifier, verify_head
from comity.audit.merkle import is_consistent, is_included, leaf_hash
from comity.errors import DamagedError, MalformedError

# Up to what every JSON reader keeps exact (RFC 8259 section 6).
_Count = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value with a JSON form; hashes are in base64."""

    def to_json(self) -> bytes:
        """Return the JSON form."""
        return msgspec.json.encode(self, order="deterministic")

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Return the value of a JSON form. Raises `MalformedError(code="audit-proof", field="proof")`."""
        try:
            return msgspec.json.decode(text, type=cls)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise MalformedError("audit-proof", "proof") from error


class InclusionProof(_Document, frozen=True):
    """The hashes that lead from entry `seq` to the root of the first `size` entries, leaf side first."""

    seq: _Count
    size: _Count
    path: tuple[bytes, ...]


class ConsistencyProof(_Document, frozen=True):
    """The hashes that show the first `old_size` entries unchanged among the first `new_size`."""

    old_size: _Count
    new_size: _Count
    path: tuple[bytes, ...]


class EntryProof(_Document, frozen=True):
    """One entry with all that proves it: its sealed bytes, the proof, and the signed head it leads to."""

    entry: bytes
    proof: InclusionProof
    head: str

    def verify(self, verifier: Verifier) -> Entry:
        """Return the entry, proven. Raises as `verify_entry_included` does."""
        verify_entry_included(self.entry, self.proof, self.head, verifier)
        return decode(self.entry)


def verify_entry_included(
    entry_bytes: bytes, proof: InclusionProof, head_note: str, verifier: Verifier
) -> Head:
    """Return the head, having proven that this entry stands at `proof.seq` of the log that it signs.

    Raises `DamagedError`: "audit-head" where the head is not the node's, "audit-inclusion" where the entry,
    the proof and the head do not belong together, "audit-proof" where the path holds no hashes.
    """
    head = verify_head(head_note, verifier)
    if proof.size != head.size or not is_included(
        leaf_hash(entry_bytes), proof.seq, head.tree, _hashes(proof.path)
    ):
        raise DamagedError("audit-inclusion")
    return head


def verify_log_grown(
    old_note: str, new_note: str, proof: ConsistencyProof, verifier: Verifier
) -> tuple[Head, Head]:
    """Return both heads, having proven that the newer log begins with every entry of the older one.

    Raises `DamagedError`: "audit-head" where a head is not the node's, "audit-consistency" where the log was
    rewritten, shortened, or the proof is for other heads, "audit-proof" where the path holds no hashes.
    """
    old, new = verify_head(old_note, verifier), verify_head(new_note, verifier)
    sizes_agree = (proof.old_size, proof.new_size) == (old.size, new.size)
    if not sizes_agree or not is_consistent(old.tree, new.tree, _hashes(proof.path)):
        raise DamagedError("audit-consistency")
    return old, new


def _hashes(path: Sequence[bytes]) -> Sequence[bytes]:
    """Return the path, each part of which has the length of a hash; raise `DamagedError` otherwise."""
    if all(len(part) == 32 for part in path):
        return path
    raise DamagedError("audit-proof")
