"""Roots of the reference tree, and proofs that must fail."""

import pytest

from comity.audit.merkle import (
    EMPTY_ROOT,
    Frontier,
    Tree,
    grow,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    root_of,
)

# The eight test inputs of certificate transparency's reference tests, and the roots over the first n.
LEAVES = [
    leaf_hash(bytes.fromhex(text))
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_the_root_of_the_reference_tree(size):
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]


def test_the_empty_tree_has_the_hash_of_nothing():
    assert root_of([]) == EMPTY_ROOT


def test_a_frontier_has_one_peak_for_each_bit_of_its_size():
    with pytest.raises(AssertionError):
        Frontier(3, (bytes(32),))


def test_subtrees_are_given_once_they_are_complete():
    _, completed = grow(grow(Frontier(), LEAVES[:1] * 200).frontier, LEAVES[:1] * 400)
    assert (completed[8].start, len(completed[8].roots), 16 in completed) == (0, 2, False)


def test_a_path_of_another_leaf_proves_nothing():
    tree = Tree(2, root_of(LEAVES[:2]))
    assert not is_included(LEAVES[2], 0, tree, (LEAVES[1],))


def test_a_place_outside_the_tree_proves_nothing():
    tree = Tree(1, LEAVES[0])
    assert [is_included(LEAVES[0], seq, tree, ()) for seq in (-1, 0, 1)] == [False, True, False]


def test_a_path_too_long_proves_nothing():
    tree = Tree(1, node_hash(LEAVES[0], LEAVES[1]))
    assert not is_included(LEAVES[0], 0, tree, (LEAVES[1],))


def test_a_path_too_short_proves_nothing():
    assert not is_included(LEAVES[0], 0, Tree(2, LEAVES[0]), ())


def test_the_same_tree_is_consistent_with_itself():
    tree = Tree(3, root_of(LEAVES[:3]))
    assert is_consistent(tree, tree, ())


def test_two_trees_of_one_size_are_not_consistent():
    assert not is_consistent(Tree(1, LEAVES[0]), Tree(1, LEAVES[1]), ())


def test_a_smaller_tree_does_not_follow_a_larger_one():
    assert not is_consistent(Tree(2, root_of(LEAVES[:2])), Tree(1, LEAVES[0]), (LEAVES[1],))


def test_the_empty_tree_begins_every_tree():
    assert is_consistent(Tree(0, EMPTY_ROOT), Tree(8, root_of(LEAVES)), ())


def test_an_empty_tree_with_another_root_begins_none():
    assert not is_consistent(Tree(0, bytes(32)), Tree(8, root_of(LEAVES)), ())


def test_no_path_proves_no_growth():
    assert not is_consistent(Tree(3, root_of(LEAVES[:3])), Tree(8, root_of(LEAVES)), ())
