"""What a known caller gets wrong before any procedure sees it: logged here, then answered like all errors.

    header or address malformed, body too large -> an `invalid` line with the act meant -> problem+json

What procedures refuse, they have logged themselves. A caller without a valid key is nobody, and a path that
does not exist is no act: neither is logged.
"""

from collections.abc import Mapping
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from comity.access.acts import Act
from comity.access.people import Officer
from comity.api.problems import on_error
from comity.api.requests import PURPOSE_HEADER, UnreadError
from comity.errors import MalformedError
from comity.procedures.desk import Desk
from comity.procedures.noting import note_failure
from comity.records.fieldtype import Json

ACTS: Final[Mapping[tuple[str, str], Act]] = {
    ("POST", "/v1/checks"): Act.CHECK,
    ("POST", "/v1/checks/batch"): Act.CHECK,
    ("POST", "/v1/records"): Act.RECORD_SUBMIT,
    ("GET", "/v1/records/{record}"): Act.RECORD_READ,
    ("DELETE", "/v1/records/{record}"): Act.RECORD_WITHDRAW,
    ("GET", "/v1/records/{record}/versions"): Act.RECORD_READ,
    ("GET", "/v1/records/{record}/trail"): Act.AUDIT_HITS,
    ("GET", "/v1/records/{record}/holders"): Act.AUDIT_HITS,
    ("GET", "/v1/holders"): Act.AUDIT_HITS,
    ("GET", "/v1/reviews"): Act.RECORD_REVIEW,
    ("GET", "/v1/feed"): Act.FEED_READ,
    ("GET", "/v1/hits"): Act.HIT_READ,
    ("GET", "/v1/hits/{hit}"): Act.HIT_READ,
    ("POST", "/v1/hits/{hit}/question"): Act.HIT_ASK,
    ("POST", "/v1/hits/{hit}/answer"): Act.HIT_ANSWER,
    ("POST", "/v1/hits/{hit}/outcome"): Act.HIT_CLOSE,
    ("POST", "/v1/hits/{hit}/distinction"): Act.HIT_ANSWER,
    ("DELETE", "/v1/hits/{hit}/distinction"): Act.HIT_CLOSE,
    ("POST", "/v1/partner/checks"): Act.PARTNER_CHECK,
    ("GET", "/v1/watches"): Act.WATCH_SET,
    ("POST", "/v1/watches"): Act.WATCH_SET,
    ("GET", "/v1/watches/{watch}"): Act.WATCH_SET,
    ("DELETE", "/v1/watches/{watch}"): Act.WATCH_SET,
    ("GET", "/v1/duty"): Act.DUTY_SET,
    ("PUT", "/v1/duty"): Act.DUTY_SET,
    ("GET", "/v1/messages"): Act.MESSAGE_READ,
    ("POST", "/v1/messages"): Act.MESSAGE_SEND,
    ("GET", "/v1/messages/feed"): Act.MESSAGE_READ,
    ("POST", "/v1/messages/search"): Act.MESSAGE_READ,
    ("GET", "/v1/messages/owed"): Act.MESSAGE_READ,
    ("GET", "/v1/messages/phrases"): Act.MESSAGE_READ,
    ("POST", "/v1/messages/files"): Act.MESSAGE_SEND,
    ("GET", "/v1/messages/drafts"): Act.MESSAGE_SEND,
    ("POST", "/v1/messages/drafts"): Act.MESSAGE_SEND,
    ("GET", "/v1/messages/drafts/left"): Act.RECORD_RETAIN,
    ("POST", "/v1/messages/drafts/left/{draft}"): Act.RECORD_RETAIN,
    ("GET", "/v1/messages/drafts/{draft}"): Act.MESSAGE_SEND,
    ("PUT", "/v1/messages/drafts/{draft}"): Act.MESSAGE_SEND,
    ("DELETE", "/v1/messages/drafts/{draft}"): Act.MESSAGE_SEND,
    ("GET", "/v1/messages/threads/{thread}"): Act.MESSAGE_READ,
    ("GET", "/v1/messages/{message}"): Act.MESSAGE_READ,
    ("GET", "/v1/messages/{message}/receipts"): Act.MESSAGE_READ,
    ("POST", "/v1/messages/{message}/forward"): Act.MESSAGE_SEND,
    ("POST", "/v1/messages/{message}/leave"): Act.MESSAGE_SEND,
    ("GET", "/v1/messages/{message}/files/{place}"): Act.MESSAGE_READ,
    ("GET", "/v1/keys"): Act.KEY_READ,
    ("POST", "/v1/keys"): Act.KEY_PUBLISH,
    ("GET", "/v1/keys/{key}/proof"): Act.AUDIT_PROVE,
    ("GET", "/v1/proposals"): Act.PROPOSAL_DECIDE,
    ("POST", "/v1/proposals"): Act.PROPOSAL_MAKE,
    ("GET", "/v1/proposals/{proposal}"): Act.PROPOSAL_MAKE,
    ("DELETE", "/v1/proposals/{proposal}"): Act.PROPOSAL_MAKE,
    ("POST", "/v1/proposals/{proposal}/decision"): Act.PROPOSAL_DECIDE,
    ("GET", "/v1/access-requests"): Act.ACCESS_DECIDE,
    ("POST", "/v1/access-requests"): Act.ACCESS_REQUEST,
    ("GET", "/v1/access-requests/{access}"): Act.ACCESS_REQUEST,
    ("DELETE", "/v1/access-requests/{access}"): Act.ACCESS_REQUEST,
    ("POST", "/v1/access-requests/{access}/decision"): Act.ACCESS_DECIDE,
    ("POST", "/v1/access-requests/{access}/end"): Act.ACCESS_DECIDE,
    ("GET", "/v1/statistics"): Act.STATISTICS_READ,
    ("GET", "/v1/statistics/picture"): Act.STATISTICS_READ,
    ("GET", "/v1/statistics/picture/{chart}"): Act.STATISTICS_READ,
    ("GET", "/v1/retention"): Act.RECORD_REVIEW,
    ("GET", "/v1/retention/receipts"): Act.RECORD_REVIEW,
    ("POST", "/v1/retention/{record}"): Act.RECORD_RETAIN,
    ("GET", "/v1/retention/{record}/proof"): Act.AUDIT_PROVE,
    ("GET", "/v1/redress/cases"): Act.REDRESS_HANDLE,
    ("POST", "/v1/redress/cases"): Act.REDRESS_HANDLE,
    ("GET", "/v1/redress/cases/{case}"): Act.REDRESS_HANDLE,
    ("POST", "/v1/redress/cases/{case}/search"): Act.REDRESS_HANDLE,
    ("GET", "/v1/redress/cases/{case}/export"): Act.REDRESS_HANDLE,
    ("POST", "/v1/redress/cases/{case}/close"): Act.REDRESS_HANDLE,
    ("PUT", "/v1/redress/cases/{case}/records/{record}"): Act.REDRESS_HANDLE,
    ("POST", "/v1/redress/cases/{case}/records/{record}/block"): Act.REDRESS_HANDLE,
    ("POST", "/v1/redress/cases/{case}/records/{record}/questions"): Act.REDRESS_HANDLE,
    ("POST", "/v1/redress/cases/{case}/records/{record}/decision"): Act.REDRESS_HANDLE,
    ("POST", "/v1/redress/cases/{case}/records/{record}/settle"): Act.REDRESS_HANDLE,
    ("GET", "/v1/redress/questions"): Act.REDRESS_ANSWER,
    ("POST", "/v1/redress/questions/{case}/{record}"): Act.REDRESS_ANSWER,
    ("GET", "/v1/audit"): Act.AUDIT_OWN,
    ("GET", "/v1/audit/hits"): Act.AUDIT_HITS,
    ("GET", "/v1/audit/head"): Act.AUDIT_PROVE,
    ("GET", "/metrics"): Act.NODE_OPERATE,
    **{
        (method, path + rest): act
        for path in ("/v1/notices", "/v1/diffusions")
        for method, rest, act in (
            ("GET", "", Act.NOTICE_READ),
            ("POST", "", Act.NOTICE_DRAFT),
            ("GET", "/{notice}", Act.NOTICE_READ),
            ("PUT", "/{notice}", Act.NOTICE_DRAFT),
            ("POST", "/{notice}/moves", Act.NOTICE_READ),
            ("GET", "/{notice}/review", Act.NOTICE_REVIEW),
            ("GET", "/{notice}/sheet", Act.NOTICE_READ),
        )
    },
    ("GET", "/v1/public-notices/{colour}"): Act.NOTICE_EXPORT,
    ("GET", "/v1/public-notices/{colour}/{notice}"): Act.NOTICE_EXPORT,
    ("GET", "/v1/refused-notices"): Act.NOTICE_REVIEW,
}
"""The act that each route with a key is for; a test holds the table to the routes."""


class Faults:
    """Answers errors, having logged those that only the door has seen. `paths` is by endpoint."""

    def __init__(self, desk: Desk, paths: Mapping[object, str]) -> None:
        self._desk, self._paths = desk, paths

    async def on_error(self, request: Request, error: Exception) -> Response:
        """Answer an error in the one form."""
        officer = getattr(request.state, "officer", None)
        path = self._paths.get(request.scope.get("endpoint"), "")
        act = ACTS.get(("GET" if request.method == "HEAD" else request.method, path))
        fault = _unseen(error)
        if fault is not None and act is not None and isinstance(officer, Officer):
            asked: dict[str, Json] = {"path": path, fault.field: _stated(request, fault.field)}
            await run_in_threadpool(note_failure, fault, officer, act, self._desk, asked)
        return await on_error(request, error)


def _unseen(error: Exception) -> MalformedError | None:
    """Return the fault that no procedure has logged; None for any other error."""
    if isinstance(error, UnreadError):
        return error
    is_too_large = isinstance(error, HTTPException) and error.status_code == 413
    return MalformedError("body-too-large", "body") if is_too_large else None


def _stated(request: Request, field: str) -> str | None:
    if field == "purpose":
        return request.headers.get(PURPOSE_HEADER)
    return request.query_params.get(field)
