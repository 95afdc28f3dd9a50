"""Warming up leaves nothing to compile for the first check of a person."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
from comity.index.names import approach, asked, burial, dates, days, enough, foretell, gather, glance, lookup, matches
from comity.index.names import rarities, rows, table
from comity.index.names import spellings, weights
from comity.matching import name_evidence
from comity.matching.names import doubts, meetings, packing, pairing
from comity.names import likeness
from comity.procedures.warming import warm_up

def compiled():
    modules = (approach, asked, burial, dates, days, enough, foretell, gather, glance, lookup, matches, rarities, rows)
    modules += (spellings, table, weights)
    modules += (likeness, doubts, meetings, packing, pairing, name_evidence)
    parts = [one for module in modules for one in vars(module).values()]
    return sum(len(getattr(one, "signatures", ())) for one in parts)

warm_up()
before = compiled()
warm_up()
print(before > 0, compiled() == before)
"""


def test_a_second_search_compiles_nothing_more(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, cwd=tmp_path, timeout=250
    )
    assert done.stdout.split() == ["True", "True"]
