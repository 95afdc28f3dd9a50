"""Each connection keeps some of a large registry in memory: few pages where a node is served by many of them."""

from pathlib import Path

import pytest

from comity.app import init_node, open_node
from comity.registry.engine import PAGES_KIB, SERVED_PAGES_KIB


@pytest.mark.parametrize("pages_kib", [PAGES_KIB, SERVED_PAGES_KIB])
def test_a_connection_keeps_as_many_pages_as_it_is_told(tmp_path: Path, pages_kib: int) -> None:
    init_node(tmp_path, "Test")

    with open_node(tmp_path, pages_kib) as node, node.desk.registry.read() as connection:
        kept = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()

    assert kept == -pages_kib
