"""The topics of the console beside sign-in, checks and trails: one file of pages each."""

from collections.abc import Callable

from starlette.routing import Route

from comity.console.accounts import account_routes
from comity.console.entry import entry_routes
from comity.console.hits import hit_routes
from comity.console.messages import message_routes
from comity.console.notices import notice_routes
from comity.console.owners import owner_routes
from comity.console.partner import partner_page_routes
from comity.console.reception import Reception
from comity.console.records import record_routes
from comity.console.redress import redress_routes
from comity.console.retention import retention_routes
from comity.console.statistics import statistics_routes
from comity.console.watches import watch_routes

TOPICS: tuple[Callable[[Reception], list[Route]], ...] = (
    record_routes,
    entry_routes,
    account_routes,
    notice_routes,
    retention_routes,
    redress_routes,
    statistics_routes,
    message_routes,
    owner_routes,
    hit_routes,
    watch_routes,
    partner_page_routes,
)
