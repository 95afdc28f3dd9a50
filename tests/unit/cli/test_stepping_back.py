"""Processes that answer nobody by themselves step back behind those that do."""

import os
import subprocess
import sys

import pytest

ASKED = """
import os
from comity.cli.serving import _step_back
_step_back(5)
print(os.getpriority(os.PRIO_PROCESS, 0) - {before}, os.sched_getscheduler(0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="tells of Linux's own policies")
def test_one_that_steps_back_is_nicer_and_takes_the_processor_from_nobody_when_it_is_woken() -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    asked = ASKED.format(before=before)
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == [str(min(5, 19 - before)), str(os.SCHED_BATCH)]
