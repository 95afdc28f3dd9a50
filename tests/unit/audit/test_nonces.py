"""Nonces: 16 bytes, none twice, not in a forked process either."""

import os

from comity.audit.entries import new_nonce


def test_no_nonce_comes_twice() -> None:
    assert len({new_nonce() for _ in range(2000)}) == 2000


def test_a_forked_process_draws_its_own_nonces() -> None:
    new_nonce()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, b"".join(new_nonce() for _ in range(300)))
        os._exit(0)
    os.waitpid(child, 0)
    drawn = os.read(reading, 300 * 16)
    os.close(reading)
    os.close(writing)
    theirs = {drawn[at : at + 16] for at in range(0, len(drawn), 16)}
    assert (len(theirs), theirs & {new_nonce() for _ in range(300)}) == (300, set())
