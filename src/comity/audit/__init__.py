"""Who did what, for whom, and why? Entries, and the tree that seals them.

    Entry -> canonical bytes -> leaf -> Merkle tree -> signed head -> proof -> checked by anyone, offline

`entries` says what a line of the log holds and its one byte form; `lines` how it is stored; `merkle` grows
the tree of RFC 6962 and proves things about it; `heads` signs its size and root; `proofs` are what a
controller takes home; `inspection` checks a whole stored log. All of it is pure: `registry.audit_log` stores.
"""
