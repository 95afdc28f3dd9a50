"""A large array that a clock's round needed is given back to the system when it is let go."""

import subprocess
import sys

import pytest

TRIED = """
from pathlib import Path
import numpy as np
from comity.cli.ticking import let_arrays_go

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

{first}
np.ones(20_000_000, np.uint8)[::4096].sum()  # teaches the allocator to keep what is smaller
before = held()
arrays, kept = [], []
for _ in range(20):
    arrays.append(np.ones(2_000_000, np.uint8))
    kept.append(bytearray(100_000))  # lies behind it, where both lie in one heap
del arrays
print(held() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="tells of the system's own figures")
def test_no_more_is_held_after_large_arrays_than_before() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", TRIED.format(first="let_arrays_go()")],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip

    assert int(ran.stdout) < 4_000_000
