"""A worker that holds more connections than its share lets some go, until it holds its share."""

import numpy as np

from comity.cli.evenness import PAUSE_S, Share, whole


def test_a_worker_with_its_share_lets_none_go() -> None:
    counts = np.zeros(2, dtype=np.int64)
    first, second = Share(counts, 0), Share(counts, 1)
    first.note(52)
    second.note(48)
    assert not first.is_exceeded(1.0)
    assert not second.is_exceeded(1.0)


def test_a_worker_with_more_lets_one_go_at_a_time() -> None:
    counts = np.zeros(2, dtype=np.int64)
    survivor, newcomer = Share(counts, 0), Share(counts, 1)
    survivor.note(100)
    newcomer.note(0)
    assert survivor.is_exceeded(1.0)
    assert not survivor.is_exceeded(1.0 + PAUSE_S / 2)
    assert survivor.is_exceeded(1.0 + PAUSE_S)
    assert not newcomer.is_exceeded(1.0)


def test_a_worker_begins_with_none() -> None:
    counts = np.array([70, 30], dtype=np.int64)
    Share(counts, 0)
    assert counts.tolist() == [0, 30]


def test_a_worker_alone_lets_none_go() -> None:
    alone = whole()
    alone.note(4000)
    assert not alone.is_exceeded(1.0)
