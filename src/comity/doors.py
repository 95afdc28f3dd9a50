"""How do others come in? The API and the console, joined over a desk; what serves a node alone has them built."""

from starlette.types import ASGIApp, Receive, Scope, Send

from comity.api import Api, Express, Process, build_api
from comity.console import build_console
from comity.procedures.desk import Desk


class BothDoors:
    """Both doors of a node as one application: the API under its own paths, the console elsewhere."""

    def __init__(self, api: Api, console: ASGIApp) -> None:
        self._api, self._console = api, console
        self._api_heads = {str(getattr(route, "path", "")).split("/")[1] for route in api.routes}

    @property
    def express(self) -> Express:
        """What answers plain checks from the bytes of their requests, for a server that can."""
        return self._api.express

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        is_console = (
            scope["type"] == "http" and scope["path"].partition("/")[2].split("/")[0] not in self._api_heads
        )
        await (self._console if is_console else self._api)(scope, receive, send)


def build_doors(desk: Desk, process: Process | None = None) -> BothDoors:
    """Return both doors of a node."""
    return BothDoors(build_api(desk, process), build_console(desk))
