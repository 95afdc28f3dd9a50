"""Whether a line asks for a name is seen before it is glanced at, and again where a glance settles nothing."""

import pytest

from comity.procedures.weighing import asks_a_name, decoded, states_a_name


@pytest.mark.parametrize(
    ("line", "is_stated", "is_asked"),
    [
        (b'{"kind":"person","name":"Odessa Marlowe"}', True, True),
        (b'{"name" : "Odessa Marlowe", "kind": "person"}', True, True),
        (b'{"kind":"person","n\\u0061me":"Odessa Marlowe"}', False, True),
        (b'{"kind":"person","born":"1990"}', False, False),
        (b'{"kind":"firearm","serial":"X","make":"\\"name\\""}', False, False),
        (b'{"kind":"firearm","serial":"X","make":"name"}', True, False),
        (b'{"kind":"firearm","serial":"X"}', False, False),
    ],
)
def test_a_line_that_states_a_name_is_worth_reading_first(
    line: bytes, is_stated: bool, is_asked: bool
) -> None:
    assert (states_a_name(line), asks_a_name(decoded(line))) == (is_stated, is_asked)
