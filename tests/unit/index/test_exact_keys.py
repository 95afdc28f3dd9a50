"""Exact keys: the hash against a plain one, tables and layers against dictionaries."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import DamagedError
from comity.index.exact import (
    ExactLayers,
    HashKey,
    LayerView,
    RecentTable,
    build_table,
    hash_key,
    hash_packed,
    merge_pairs,
    open_table,
    packed_keys,
    save_table,
    sorted_pairs,
)
from comity.index.exact.layers import stacked

EVERYBODY = np.ones(2, np.bool_)
ONLY_SECOND = np.array([False, True])
NONE = np.zeros(0, np.uint32)
MASK = (1 << 64) - 1

# Hashes of few different halves: buckets overflow, tags meet in one bucket, keys are shared.
halves = st.sampled_from([0, 1, 2, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF])
hashes = st.builds(lambda high, low: high << 32 | low, halves, halves | st.integers(0, 0xFFFFFFFF))
pairs_lists = st.lists(st.tuples(hashes, st.integers(1, 40)), max_size=120)


def plain_siphash(key: HashKey, text: bytes, rounds: tuple[int, int] = (1, 3)) -> int:
    """SipHash as its paper states it, without any haste."""
    v = [
        key.low ^ 0x736F6D6570736575,
        key.high ^ 0x646F72616E646F6D,
        key.low ^ 0x6C7967656E657261,
        key.high ^ 0x7465646279746573,
    ]

    def rotated(word: int, bits: int) -> int:
        return (word << bits | word >> (64 - bits)) & MASK

    def mix(count: int) -> None:
        for _ in range(count):
            v[0] = (v[0] + v[1]) & MASK
            v[1] = rotated(v[1], 13) ^ v[0]
            v[0] = rotated(v[0], 32)
            v[2] = (v[2] + v[3]) & MASK
            v[3] = rotated(v[3], 16) ^ v[2]
            v[0] = (v[0] + v[3]) & MASK
            v[3] = rotated(v[3], 21) ^ v[0]
            v[2] = (v[2] + v[1]) & MASK
            v[1] = rotated(v[1], 17) ^ v[2]
            v[2] = rotated(v[2], 32)

    padded = text + bytes(7 - len(text) % 8) + bytes([len(text) & 255])
    for place in range(0, len(padded), 8):
        word = int.from_bytes(padded[place : place + 8], "little")
        v[3] ^= word
        mix(rounds[0])
        v[0] ^= word
    v[2] ^= 255
    mix(rounds[1])
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def table_of(pairs: list[tuple[int, int]]):
    found = np.array([pair[0] for pair in pairs], np.uint64), np.array([pair[1] for pair in pairs], np.uint32)
    return sorted_pairs(*found)


def view_of(pairs: list[tuple[int, int]], replaced: set[int] = frozenset()) -> LayerView:
    held = sorted({record for _, record in pairs})
    runs = stacked([(record, record + 1, record % 2) for record in held])
    return LayerView(build_table(table_of(pairs)), runs, np.array(sorted(replaced), np.uint32))


def test_the_plain_hash_gives_what_its_paper_says() -> None:
    key = HashKey(int.from_bytes(bytes(range(8)), "little"), int.from_bytes(bytes(range(8, 16)), "little"))
    assert plain_siphash(key, bytes(range(15)), (2, 4)) == 0xA129CA6149BE45E5


@given(st.binary(max_size=40), st.integers(0, MASK), st.integers(0, MASK))
def test_the_compiled_hash_is_the_plain_one(text: bytes, low: int, high: int) -> None:
    assert hash_key(HashKey(low, high), text) == plain_siphash(HashKey(low, high), text)


@given(st.lists(st.binary(max_size=30).map(lambda text: text.replace(b"\0", b"0")), max_size=150))
def test_hashes_of_many_keys_are_those_of_each(texts: list[bytes]) -> None:
    key = HashKey.of(b"secret")
    assert hash_packed(key, packed_keys(texts), len(texts)).tolist() == [
        hash_key(key, text) for text in texts
    ]


def test_another_secret_gives_another_hash() -> None:
    assert hash_key(HashKey.of(b"one"), b"A1") != hash_key(HashKey.of(b"two"), b"A1")


@settings(max_examples=300)
@given(pairs=pairs_lists, others=st.lists(hashes, max_size=10))
def test_every_record_under_a_hash_is_found_and_no_other(
    pairs: list[tuple[int, int]], others: list[int]
) -> None:
    layers = ExactLayers(HashKey(1, 2), (view_of(pairs),), RecentTable())
    for asked in {*others, *(pair[0] for pair in pairs)}:
        # Two keys of one bucket's reach and one tag are told apart by the record alone: none may be missing.
        found = set(layers.find_hash(asked, EVERYBODY))
        expected = {record for hashed, record in pairs if hashed == asked}
        alike = {record for hashed, record in pairs if hashed & 0xFFFFFFFF == asked & 0xFFFFFFFF}
        assert expected <= found <= alike


@given(pairs=pairs_lists)
def test_a_record_of_an_audience_that_is_not_admitted_is_not_found(pairs: list[tuple[int, int]]) -> None:
    layers = ExactLayers(HashKey(1, 2), (view_of(pairs),), RecentTable())
    found = {record for hashed, _ in pairs for record in layers.find_hash(hashed, ONLY_SECOND)}
    assert found == {record for _, record in pairs if record % 2 == 1}


@given(older=pairs_lists, newer=pairs_lists, replaced=st.sets(st.integers(1, 40)))
def test_what_a_newer_layer_replaced_is_not_found_in_an_older_one(
    older: list[tuple[int, int]], newer: list[tuple[int, int]], replaced: set[int]
) -> None:
    layers = ExactLayers(HashKey(1, 2), (view_of(older), view_of(newer, replaced)), RecentTable())
    found = {record for hashed, _ in older + newer for record in layers.find_hash(hashed, EVERYBODY)}
    kept = {record for _, record in older} - replaced
    assert found == kept | {record for _, record in newer}


@given(sources=st.lists(pairs_lists, max_size=4), gone=st.sets(st.integers(0, 40)))
def test_merged_pairs_are_those_of_all_sources_in_order(
    sources: list[list[tuple[int, int]]], gone: set[int]
) -> None:
    marked = np.isin(np.arange(41), list(gone))
    made = merge_pairs([table_of(source) for source in sources], [marked] * len(sources))
    expected = sorted({pair for source in sources for pair in source if pair[1] not in gone})
    assert list(zip(made.hashes.tolist(), made.records.tolist(), strict=True)) == expected


@given(
    steps=st.lists(
        st.tuples(st.integers(1, 9), st.integers(0, 1), st.lists(hashes, max_size=3, unique=True)),
        max_size=60,
    )
)
def test_recent_changes_are_found_as_they_stand_last(steps: list[tuple[int, int, list[int]]]) -> None:
    recent, held = RecentTable(), dict[int, tuple[int, list[int]]]()
    for record, audience, under in steps:
        recent.put(record, audience, tuple(under))
        if record in held:
            recent.remove(record, tuple(held[record][1]))
        held[record] = audience, under
    layers = ExactLayers(HashKey(1, 2), (), recent)
    for asked in {hashed for _, _, under in steps for hashed in under}:
        found = sorted(layers.find_hash(asked, ONLY_SECOND))
        assert found == sorted(one for one, (audience, under) in held.items() if audience and asked in under)


def test_recent_changes_outgrow_their_first_room() -> None:
    recent = RecentTable()
    for record in range(1, 5000):
        recent.put(record, 0, (record * 0x9E3779B97F4A7C15 & MASK,))
        recent.bury(record)
    layers = ExactLayers(HashKey(1, 2), (), recent)
    found = [layers.find_hash(record * 0x9E3779B97F4A7C15 & MASK, EVERYBODY) for record in range(1, 5000)]
    assert found == [[record] for record in range(1, 5000)]


def test_a_key_of_very_many_records_leads_to_all() -> None:
    layers = ExactLayers(HashKey(1, 2), (view_of([(7, record) for record in range(1, 3000)]),), RecentTable())
    assert layers.find_hash(7, EVERYBODY) == list(range(1, 3000))


@given(st.lists(st.sampled_from([b"A%d" % number for number in range(60)]), max_size=200))
def test_a_batch_finds_what_its_keys_find_one_by_one(asked: list[bytes]) -> None:
    key = HashKey.of(b"secret")
    pairs = [(hash_key(key, b"A%d" % number), 1 + number % 35) for number in range(50)]
    layers = ExactLayers(key, (view_of(pairs),), RecentTable())
    places, records = layers.find_packed(packed_keys(asked), len(asked), EVERYBODY)
    one_by_one = [
        (place, record) for place, one in enumerate(asked) for record in layers.find(one, EVERYBODY)
    ]
    assert list(zip(places.tolist(), records.tolist(), strict=True)) == one_by_one


def test_a_table_opened_is_the_one_written(tmp_path: Path) -> None:
    pairs = table_of([(number << 40 | number % 3, number) for number in range(1, 500)])
    save_table(tmp_path, build_table(pairs), pairs)
    opened = open_table(tmp_path)
    assert (opened.buckets == build_table(pairs).buckets).all()


def test_a_table_whose_last_bucket_is_not_empty_is_not_read(tmp_path: Path) -> None:
    pairs = table_of([(1, 1)])
    table = build_table(pairs)
    table.buckets[-1] = 1
    save_table(tmp_path, table, pairs)
    with pytest.raises(DamagedError):
        open_table(tmp_path)


def test_a_million_keys_take_ten_to_twelve_bytes_each() -> None:
    rng = np.random.default_rng(1)
    pairs = sorted_pairs(
        rng.integers(0, 1 << 64, 1_000_000, dtype=np.uint64), np.arange(1, 1_000_001, dtype=np.uint32)
    )
    assert build_table(pairs).bytes_count / 1_000_000 < 12
