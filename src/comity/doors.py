"""How do others come in? The API and the console, joined over a desk; what serves a node alone has them built."""

from starlette.types import ASGIApp, Receive, Scope, Send

from comity.api import Process, build_api
from comity.console import build_console
from comity.procedures.desk import Desk


def build_doors(desk: Desk, process: Process | None = None) -> ASGIApp:
    """Return both doors of a node as one application: the API under its own paths, the console elsewhere."""
    api, console = build_api(desk, process), build_console(desk)
    api_heads = {str(getattr(route, "path", "")).split("/")[1] for route in api.routes}

    async def doors(scope: Scope, receive: Receive, send: Send) -> None:
        is_console = (
            scope["type"] == "http" and scope["path"].partition("/")[2].split("/")[0] not in api_heads
        )
        await (console if is_console else api)(scope, receive, send)

    return doors
