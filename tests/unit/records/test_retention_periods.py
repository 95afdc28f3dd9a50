"""Every kind of record has a period in every profile: none is kept for ever for want of a line."""

import pytest

from comity.records.kinds import KINDS
from comity.records.retention import PROFILES


@pytest.mark.parametrize("code", PROFILES)
def test_every_kind_has_a_period(code: str) -> None:
    assert sorted(kind for kind in KINDS if (kind, None) not in PROFILES[code].months) == []


@pytest.mark.parametrize("code", PROFILES)
def test_every_period_says_by_which_rule(code: str) -> None:
    assert [period.kind for period in PROFILES[code].periods if not period.source] == []
