"""Reading Comity's own form."""

import gzip
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.sources import jsonl


def test_a_compressed_file_reads_as_the_plain_one(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.jsonl", tmp_path / "a.jsonl.gz"
    plain.write_bytes(b'{"kind":"person"}\n\n{"kind":"vehicle"}\n')
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert list(jsonl.read(plain)) == list(jsonl.read(packed))


def test_empty_lines_keep_the_count_of_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"kind":"person"}\n\n{"kind":"vehicle"}\n')
    assert [row.line for row in jsonl.read(path)] == [1, 3]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(content=st.binary(max_size=400))
def test_any_bytes_give_rows_or_errors(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "any.jsonl"
    path.write_bytes(content)
    assert all((row.data is None) == (row.error is not None) for row in jsonl.read(path))
