"""The outermost wall of the HTTP door: whatever was not foreseen ends here, and is logged without words.

An exception's message may hold what was asked, so neither the answer nor any log repeats it.
"""

import logging
import traceback

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from comity.api.problems import problem

LOGGER = logging.getLogger("comity.api")


class AnswerCutError(Exception):
    """An answer failed half way; the server closes the connection, so that its reader sees the cut."""


class Guard:
    """Answers 500 for an unexpected error; cuts the connection where an answer was under way."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_started = False

        async def noting_send(message: Message) -> None:
            nonlocal is_started
            is_started = True
            await send(message)

        try:
            await self._app(scope, receive, noting_send)
        except ClientDisconnect:
            LOGGER.debug("nobody is left to answer")
        except Exception as error:  # noqa: BLE001 - a door catches everything, here alone
            log_unexpected(error)
            if is_started:
                # Without its cause, whose words the server would log.
                raise AnswerCutError from None
            await problem("error", 500)(scope, receive, send)


def log_unexpected(error: Exception) -> None:
    """Log what was not foreseen: what it is and where, without its words."""
    # The framework wraps what fails half way; the cause says what it was.
    cause = error.__cause__ or error
    frames = traceback.extract_tb(cause.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "nowhere"
    LOGGER.error("unexpected %s at %s", type(cause).__name__, place)
