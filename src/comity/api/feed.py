"""The route of the feed: what one's own bureau was told, by a cursor."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from comity.api.problems import json_response
from comity.api.requests import LINES_DEFAULT, officer_asking, whole_number
from comity.api.schemas import MOMENT, TEXT, WHOLE, closed, listed
from comity.api.topic import KEYED, Described, Topic
from comity.procedures.desk import Desk
from comity.procedures.events import feed


def feed_routes(desk: Desk) -> list[Route]:
    """Return the route, around one desk."""

    async def events(request: Request) -> Response:
        """Show the events after a cursor, oldest first."""
        officer = await run_in_threadpool(officer_asking, request, desk)
        limit = whole_number(request, "limit", LINES_DEFAULT)
        assert limit is not None, "a default is given"
        after = request.query_params.get("after")
        found = await run_in_threadpool(feed, after, limit, officer, desk)
        return json_response(found.to_json())

    return [Route("/v1/feed", events, methods=["GET"])]


FEED = Topic(
    feed_routes,
    (
        Described(
            "get",
            "/v1/feed",
            "What one's own bureau was told",
            "Feed",
            errors=(*KEYED, 422),
            parameters=("after", "limit"),
        ),
    ),
    {
        "Feed": closed(
            {
                "events": listed(
                    closed(
                        {
                            "number": WHOLE,
                            "at": MOMENT,
                            "topic": TEXT,
                            "what": TEXT,
                            "about": TEXT,
                            "link": TEXT,
                        }
                    )
                ),
                "next": TEXT,
            }
        )
    },
)
