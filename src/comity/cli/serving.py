"""Serving a node's console and HTTP API on loopback."""

from pathlib import Path

import uvicorn

from comity.app import build_doors, open_node


def run_server(directory: Path, port: int) -> None:
    """Serve until interrupted."""
    with open_node(directory) as node:
        node.desk.follower.catch_up()
        uvicorn.run(
            build_doors(node.desk), host="127.0.0.1", port=port, log_level="warning", server_header=False
        )
