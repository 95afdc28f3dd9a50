"""Compiling the kernels of search and matching before the first check has to wait for them.

invented records in a passing index -> searched as fresh and as saved, scored -> nothing of it is kept
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from comity.access.acts import Act
from comity.access.decide import authorise
from comity.access.masks import audience_of
from comity.access.people import Bureau, Officer
from comity.access.roles import role_named
from comity.index.store import Index, IndexChange, Indexed
from comity.matching.profiles import BORDER
from comity.matching.score import score
from comity.procedures.likeliest import FORETOLD, terms_of
from comity.records.check import parse_check
from comity.records.handling import Handling, Purpose, Restriction, Share
from comity.records.kind import search_terms
from comity.records.kinds import KINDS
from comity.records.record import Record, parse_record

_QUERIES = ("Tarek Mansour Elhadidy", "Сергей Лозинцев", "طارق", "טארק", "塔里克", "タレク", "타레크", "X")
"""One in each script that has a learnt table, which is read at its first use."""


def warm_up() -> None:
    """Run every kernel of a person's search once: compiled at the first run, read from a cache later.

    Works on a passing index and the declarations' own invented examples; no node is touched.
    """
    bureau = Bureau("XXX", 0, "organisation")
    share = Handling(share=Share(Restriction.ALL))
    examples = KINDS["person"].examples
    people = [parse_record({**one, "kind": "person"}, share.share, default_id="none") for one in examples]
    with TemporaryDirectory() as directory:
        index = Index(Path(directory), bytes(32))
        index.learn_audiences({0: audience_of("XXX", share, {"XXX": bureau})})
        half = len(people) // 2
        _enter(index, people[:half], 1)
        _search(index, people, bureau)
        index.save()
        _enter(index, people[half:], half + 1)
        _search(index, people, bureau)
        # Withdrawn again, one that is saved and one that is not: their words are counted no more.
        last = len(people)
        gone = [IndexChange(last + place, number, 0, None) for place, number in enumerate((1, last), 1)]
        index.apply(gone, [Indexed(number, 0, None, is_open=False) for number in (1, last)])
        _search(index, people, bureau)


def _enter(index: Index, people: list[Record], first: int) -> None:
    numbered = list(enumerate(people, first))
    index.apply(
        [IndexChange(number, number, None, 0) for number, _ in numbered],
        [Indexed(number, 0, search_terms(one.kind, one.data), is_open=True) for number, one in numbered],
    )


def _search(index: Index, people: list[Record], bureau: Bureau) -> None:
    officer = Officer("warm-up", bureau, role_named("officer"), door="node")
    for name in _QUERIES:
        check = parse_check({"kind": "person", "name": name, "floor": 0})
        grant = authorise(officer, Act.CHECK, Purpose.BORDER)
        index.promising(terms_of(check), grant, FORETOLD)
        for one in people:
            score(check, one, BORDER, index)
