"""Serving a node's console and HTTP API on loopback."""

import time
from pathlib import Path

import uvicorn
from rich.markup import escape

from comity.app import build_doors, open_node
from comity.cli.show import ERRORS
from comity.cli.speaking import said
from comity.procedures.warming import warm_up


def run_server(directory: Path, port: int) -> None:
    """Serve until interrupted. Kernels are compiled first, so that no check waits for it."""
    with open_node(directory) as node:
        start = time.perf_counter()
        warm_up()
        node.desk.follower.catch_up()
        taken = f"{time.perf_counter() - start:.1f}"
        ERRORS.print(
            escape(
                said(
                    "Ready after {seconds} s; serving on {address}.",
                    seconds=taken,
                    address=f"127.0.0.1:{port}",
                )
            )
        )
        uvicorn.run(
            build_doors(node.desk), host="127.0.0.1", port=port, log_level="warning", server_header=False
        )
