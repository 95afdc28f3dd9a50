"""The topics of the console beside sign-in, checks and trails: one file of pages each."""

from collections.abc import Callable

from starlette.routing import Route

from comity.console.reception import Reception
from comity.console.records import record_routes

TOPICS: tuple[Callable[[Reception], list[Route]], ...] = (record_routes,)
