"""Laws 1, 6 and 7 of the house, each as a property that can fail."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.copies import copy_node

from comity.access.acts import OPERATING_ACTS, READING_ACTS, Act
from comity.access.decide import authorise
from comity.access.masks import audience_of
from comity.access.people import Bureau, Officer
from comity.access.roles import ROLES, may_manage, role_named
from comity.access.visibility import may_see
from comity.app import Node, open_node
from comity.errors import UnknownError
from comity.procedures import submit as submitting
from comity.procedures import upkeep
from comity.procedures.check import run_check
from comity.procedures.sign_in import officer_named
from comity.procedures.statistics import statistics
from comity.records.handling import Handling, Purpose, Restriction, Share
from comity.records.kinds import KINDS

CODES = ("EGY", "FRA", "BRA", "KEN")
BUREAUS = {code: Bureau(code, bit, "europe") for bit, code in enumerate(CODES)}
EXAMPLES = [
    {**example, "kind": kind.code, "source_id": f"{kind.code}-{place}"}
    for kind in KINDS.values()
    for place, example in enumerate(kind.examples)
]
QUERIES = [
    {"kind": "person", "name": "Tarek Mansour Elhadidy", "floor": 0, "limit": 100},
    {"kind": "person", "name": "Eleni Papakallia"},
    {"kind": "person", "name": "Sergei Lozintsev", "document": "A1234567"},
    {"kind": "travel_document", "number": "A1234567"},
    {"kind": "vehicle", "plate": "B-XY 1234"},
    {"kind": "vessel", "name": "Northern Lantern", "floor": 0},
    {"kind": "artwork", "title": "Ferry at the Salt Quay", "floor": 0},
    {"kind": "organisation", "name": "Halcyon Meridian Trading"},
    {"kind": "person", "name": ""},
    {"kind": "device", "imei": "490154203237518"},
]

shares = st.one_of(
    st.sampled_from([Share(Restriction.ALL), Share(Restriction.OWNER)]),
    st.builds(
        Share,
        st.sampled_from([Restriction.ONLY, Restriction.EXCEPT]),
        st.frozensets(st.sampled_from([*CODES, "XYZ"]), min_size=1),
    ),
)
handlings = st.builds(Handling, share=shares, purposes=st.frozensets(st.sampled_from(list(Purpose))))


@settings(max_examples=1000)
@given(
    handling=handlings,
    owner=st.sampled_from(CODES),
    asker=st.sampled_from(CODES),
    purpose=st.none() | st.sampled_from(list(Purpose)),
)
def test_the_mask_is_the_rule(handling: Handling, owner: str, asker: str, purpose: Purpose | None) -> None:
    officer = Officer("one", BUREAUS[asker], role_named("registrar"))
    grant = authorise(officer, Act.STATISTICS_READ, purpose)
    admitted = audience_of(owner, handling, BUREAUS).admits(grant)
    assert admitted == (may_see(grant, owner, handling) is not None)


@pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.code)
def test_no_role_both_runs_the_node_and_reads_police_data(role: object) -> None:
    acts = role.acts
    assert not (acts & OPERATING_ACTS and acts & READING_ACTS)


@pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.code)
def test_nobody_manages_their_own_rank(role: object) -> None:
    assert not may_manage(role, role)


@contextmanager
def a_node() -> Iterator[Node]:
    with tempfile.TemporaryDirectory() as directory:
        copy_node(Path(directory) / "node", tuple((code.lower(), code, "registrar") for code in CODES))
        with open_node(Path(directory) / "node") as node:
            yield node


def enter(node: Node, record: dict[str, object], owner: str) -> str:
    officer = officer_named(owner.lower(), node.desk)
    return submitting.submit(record, officer, node.desk).receipt.public_id


def everything_said_to(node: Node, bureau: str, asked: str) -> bytes:
    """Return every response to one bureau, as bytes."""
    officer = officer_named(bureau.lower(), node.desk)
    said: list[object] = [run_check(query, officer, Purpose.BORDER, node.desk).to_json() for query in QUERIES]
    said.append(statistics(officer, Purpose.BORDER, node.desk))
    try:
        submitting.read_record(asked, officer, Purpose.BORDER, node.desk)
    except UnknownError as error:
        said.append([error.code, dict(error.data)])
    else:
        said.append("shown")
    return msgspec.json.encode(said)


HIDING = [
    {"share": "owner"},
    {"share": {"only": ["BRA"]}},
    {"share": {"except": ["FRA"]}},
    {"share": "all", "purposes": ["wanted"]},
    {"share": {"only": ["KEN"]}, "view": "pointer"},
]


@settings(max_examples=12, deadline=None)
@given(
    shared=st.lists(st.sampled_from(EXAMPLES), max_size=6, unique_by=lambda record: str(record["source_id"])),
    withheld=st.lists(st.sampled_from(EXAMPLES), min_size=1, max_size=6),
    hiding=st.sampled_from(HIDING),
    is_saved=st.booleans(),
)
def test_a_withheld_record_leaves_no_trace(
    shared: list[dict[str, object]],
    withheld: list[dict[str, object]],
    hiding: dict[str, object],
    is_saved: bool,
) -> None:
    with a_node() as node:
        for record in shared:
            enter(node, {**record, "share": "all"}, "EGY")
        unheld = "A" * 20
        before = everything_said_to(node, "FRA", unheld)
        ids = [
            enter(node, {**record, **hiding, "source_id": f"hidden-{place}"}, "EGY")
            for place, record in enumerate(withheld)
        ]
        if is_saved:
            node.desk.follower.catch_up()
            node.desk.index.save()
        after = everything_said_to(node, "FRA", ids[0])
    assert after.replace(ids[0].encode(), unheld.encode()) == before


@settings(max_examples=8, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(EXAMPLES),
            st.sampled_from(["enter", "amend", "withdraw", "save"]),
            st.sampled_from([{"share": "all"}, *HIDING]),
        ),
        max_size=14,
    )
)
def test_a_rebuilt_index_answers_as_the_followed_one(
    steps: list[tuple[dict[str, object], str, dict[str, object]]],
) -> None:
    with a_node() as node:
        egypt = officer_named("egy", node.desk)
        for record, step, handling in steps:
            public_id = enter(node, {**record, **handling}, "EGY")
            if step == "amend":
                enter(node, {**record, **handling, "notice": "blue"}, "EGY")
            if step == "withdraw":
                submitting.withdraw(public_id, None, egypt, node.desk)
            if step == "save":
                node.desk.follower.catch_up()
                node.desk.index.save()
        followed = [everything_said_to(node, code, "A" * 20) for code in CODES]
        upkeep.rebuild(node.desk)
        assert [everything_said_to(node, code, "A" * 20) for code in CODES] == followed
