"""The page on the audit log: its example runs, and its table of faults is whole."""

import re
from pathlib import Path

from comity.audit.inspection import Fault

PAGE = (Path(__file__).parents[3] / "docs" / "audit.md").read_text(encoding="utf-8")


def test_the_example_runs():
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(example, "docs/audit.md", "exec"), names)
    assert "proven" in names


def test_every_fault_is_explained():
    codes = set(re.findall(r"^    ([a-z]+-?[a-z]*)  ", Fault.__doc__ or "", re.MULTILINE))
    table = set(re.findall(r"`([a-z-]+)`", "".join(re.findall(r"^\| `.*$", PAGE, re.MULTILINE))))
    assert codes
    assert codes <= table
