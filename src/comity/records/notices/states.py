"""Where a notice or diffusion stands, and who may move it: one table.

    draft -> submitted -> in_review -> published <-> updated
      ^                    |     |      |
      +----- returned -----+   refused  suspended -> published        withdrawn, expired: the end

`updated` is a notice in force of which a newer content waits for review: what was reviewed last stays in force.
A diffusion is in force from `submitted` on, and reviewed all the same; one that was refused or suspended before
waits for review like a notice. What is suspended may be amended: published, it is in force again as it says then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """A notice goes to all bureaus, after review; a diffusion to chosen ones at once."""

    NOTICE = "notice"
    DIFFUSION = "diffusion"


class NoticeState(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    UPDATED = "updated"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Move(StrEnum):
    """What may be done to a request that stands."""

    AMEND = "amend"
    SUBMIT = "submit"
    TAKE = "take"  # a reviewer takes it up, or over from another
    RETURN = "return"  # with questions, back to its owner
    PUBLISH = "publish"
    REFUSE = "refuse"
    SUSPEND = "suspend"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


class Side(StrEnum):
    """Who moves it."""

    OWNER = "owner"
    REVIEWER = "reviewer"
    NODE = "node"  # when its day has come


@dataclass(frozen=True, slots=True)
class Way:
    """Where a move leads, and who may make it."""

    after: NoticeState
    sides: frozenset[Side]


def _way(after: NoticeState, *sides: Side) -> Way:
    return Way(after, frozenset(sides))


WAYS: Mapping[tuple[NoticeState, Move], Way] = {
    (NoticeState.DRAFT, Move.AMEND): _way(NoticeState.DRAFT, Side.OWNER),
    (NoticeState.DRAFT, Move.SUBMIT): _way(NoticeState.SUBMITTED, Side.OWNER),
    (NoticeState.DRAFT, Move.WITHDRAW): _way(NoticeState.WITHDRAWN, Side.OWNER),
    (NoticeState.SUBMITTED, Move.TAKE): _way(NoticeState.IN_REVIEW, Side.REVIEWER),
    (NoticeState.SUBMITTED, Move.WITHDRAW): _way(NoticeState.WITHDRAWN, Side.OWNER),
    (NoticeState.SUBMITTED, Move.EXPIRE): _way(NoticeState.EXPIRED, Side.NODE),  # a diffusion in force
    (NoticeState.IN_REVIEW, Move.EXPIRE): _way(NoticeState.EXPIRED, Side.NODE),  # the same
    (NoticeState.IN_REVIEW, Move.TAKE): _way(NoticeState.IN_REVIEW, Side.REVIEWER),
    (NoticeState.IN_REVIEW, Move.RETURN): _way(NoticeState.DRAFT, Side.REVIEWER),
    (NoticeState.IN_REVIEW, Move.PUBLISH): _way(NoticeState.PUBLISHED, Side.REVIEWER),
    (NoticeState.IN_REVIEW, Move.REFUSE): _way(NoticeState.REFUSED, Side.REVIEWER),
    (NoticeState.IN_REVIEW, Move.WITHDRAW): _way(NoticeState.WITHDRAWN, Side.OWNER),
    (NoticeState.REFUSED, Move.AMEND): _way(NoticeState.DRAFT, Side.OWNER),
    (NoticeState.PUBLISHED, Move.AMEND): _way(NoticeState.UPDATED, Side.OWNER),
    (NoticeState.PUBLISHED, Move.SUSPEND): _way(NoticeState.SUSPENDED, Side.OWNER, Side.REVIEWER),
    (NoticeState.PUBLISHED, Move.WITHDRAW): _way(NoticeState.WITHDRAWN, Side.OWNER, Side.REVIEWER),
    (NoticeState.PUBLISHED, Move.EXPIRE): _way(NoticeState.EXPIRED, Side.NODE),
    (NoticeState.UPDATED, Move.AMEND): _way(NoticeState.UPDATED, Side.OWNER),
    (NoticeState.UPDATED, Move.TAKE): _way(NoticeState.UPDATED, Side.REVIEWER),
    (NoticeState.UPDATED, Move.PUBLISH): _way(NoticeState.PUBLISHED, Side.REVIEWER),
    (NoticeState.UPDATED, Move.REFUSE): _way(NoticeState.PUBLISHED, Side.REVIEWER),
    (NoticeState.UPDATED, Move.SUSPEND): _way(NoticeState.SUSPENDED, Side.OWNER, Side.REVIEWER),
    (NoticeState.UPDATED, Move.WITHDRAW): _way(NoticeState.WITHDRAWN, Side.OWNER, Side.REVIEWER),
    (NoticeState.UPDATED, Move.EXPIRE): _way(NoticeState.EXPIRED, Side.NODE),
    (NoticeState.SUSPENDED, Move.AMEND): _way(NoticeState.SUSPENDED, Side.OWNER),
    (NoticeState.SUSPENDED, Move.TAKE): _way(NoticeState.SUSPENDED, Side.REVIEWER),
    (NoticeState.SUSPENDED, Move.PUBLISH): _way(NoticeState.PUBLISHED, Side.REVIEWER),
    (NoticeState.SUSPENDED, Move.REFUSE): _way(NoticeState.SUSPENDED, Side.REVIEWER),
    (NoticeState.SUSPENDED, Move.RESUME): _way(NoticeState.PUBLISHED, Side.REVIEWER),
    (NoticeState.SUSPENDED, Move.WITHDRAW): _way(NoticeState.WITHDRAWN, Side.OWNER, Side.REVIEWER),
    (NoticeState.SUSPENDED, Move.EXPIRE): _way(NoticeState.EXPIRED, Side.NODE),
}
"""Every move there is. What does not stand here cannot be done by anybody."""

REVIEWED = frozenset({NoticeState.PUBLISHED, NoticeState.UPDATED})
WAITING = frozenset({NoticeState.SUBMITTED, NoticeState.IN_REVIEW, NoticeState.UPDATED})
"""What waits for a reviewer."""

DECIDING = frozenset({Move.RETURN, Move.PUBLISH, Move.REFUSE})
"""Moves for which a reviewer must first have taken the request up."""


REVIEWING = frozenset({Move.TAKE, Move.PUBLISH, Move.REFUSE})
"""Moves on a newer content of what is suspended: where none waits there is nothing to review, only to resume."""


def way(state: NoticeState, move: Move, *, is_pending: bool = True) -> Way | None:
    """Return where a move leads from a state, or None where it leads nowhere.

    `is_pending`: a newer content waits for review.
    """
    if state is NoticeState.SUSPENDED and move in REVIEWING and not is_pending:
        return None
    return WAYS.get((state, move))


def is_in_force(form: Form, state: NoticeState, *, is_held: bool) -> bool:
    """Return whether checks meet the request's record. `is_held`: it was refused or suspended before."""
    if state in REVIEWED:
        return True
    waits = {NoticeState.SUBMITTED, NoticeState.IN_REVIEW}
    return form is Form.DIFFUSION and not is_held and state in waits
