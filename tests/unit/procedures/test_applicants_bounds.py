"""What an applicant is told of things that are no records: of no account, and of no record that another owner holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.procedures.gathered import File, file
from tests.unit.procedures.offices import officer

from comity.procedures import redress_owner
from comity.procedures.redress_export import applicants_file
from comity.procedures.redress_owner import OwnersAnswer


@pytest.fixture
def made(tmp_path: Path) -> Iterator[File]:
    with file(tmp_path) as filled:
        yield filled


def told_of(made: File, one: str, owner: str) -> str:
    """Return the applicant's file, to which one owner alone has agreed."""
    ccf, desk = officer(made.node, "ccf"), made.node.desk
    made.attach(one)
    redress_owner.consult(made.case, one, "May they be told?", 30, ccf, desk)
    answer = OwnersAnswer(made.case, one, 1, "They may.", may_disclose=True)
    redress_owner.answer_question(answer, officer(made.node, owner), desk)
    told = applicants_file(made.case, ccf, desk).to_json()
    assert len(told["records"]) == 1  # type: ignore[arg-type]
    return repr(told)


def test_who_set_a_standing_check_is_not_told(made: File) -> None:
    assert "bra-registrar" not in told_of(made, made.made["watch"], "bra-registrar")


def test_who_set_a_traveller_apart_and_from_which_record_is_not_told(made: File) -> None:
    told = told_of(made, made.distinguish("Q7000001"), "ken-registrar")
    assert [word for word in ("ken-officer", made.made["record"]) if word in told] == []
