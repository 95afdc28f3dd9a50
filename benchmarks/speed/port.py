"""The loopback port at which a benchmark serves a node, and the wait until it answers."""

import socket
import time

START_S_MAX = 300.0


def free_port() -> int:
    """Return a port that nothing listens at."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def wait_for(port: int) -> None:
    """Return once something listens at the port; fails after five minutes."""
    until = time.monotonic() + START_S_MAX
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.1)
        else:
            return
