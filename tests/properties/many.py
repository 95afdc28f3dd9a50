"""Ten thousand inputs for each parser, twenty at a time.

What Hypothesis does around an example takes longer than drawing and parsing an input: five hundred examples of twenty
inputs each are as many inputs, each drawn by itself, at less than half the cost. What fails is shrunk as before.
"""

from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

Drawn = TypeVar("Drawn")

INPUTS, AT_A_TIME = 10_000, 20
MANY = settings(
    max_examples=INPUTS // AT_A_TIME,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)


def several(inputs: st.SearchStrategy[Drawn]) -> st.SearchStrategy[list[Drawn]]:
    """Return what draws as many inputs as an example has."""
    return st.lists(inputs, min_size=AT_A_TIME, max_size=AT_A_TIME)
