"""What `node.toml` says of retention."""

from pathlib import Path

import pytest
from tests.copies import copy_node

from comity.app import open_node
from comity.errors import MalformedError
from comity.records.retention import BORDER


def test_a_node_may_go_by_the_periods_of_a_border_system(tmp_path: Path) -> None:
    copy_node(tmp_path / "node")
    settings = tmp_path / "node" / "node.toml"
    settings.write_text(settings.read_text("utf-8").replace('"secretariat"', '"border"'), "utf-8")
    with open_node(tmp_path / "node") as node:
        assert node.desk.retention is BORDER


def test_a_profile_that_is_none_is_told(tmp_path: Path) -> None:
    copy_node(tmp_path / "node")
    settings = tmp_path / "node" / "node.toml"
    settings.write_text(settings.read_text("utf-8").replace('"secretariat"', '"for-ever"'), "utf-8")
    with pytest.raises(MalformedError), open_node(tmp_path / "node"):
        pass
