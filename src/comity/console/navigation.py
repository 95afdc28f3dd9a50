"""The main pages, in the order of the navigation: where they lie, what they are called, who may open them."""

from dataclasses import dataclass

from comity.access.acts import Act


@dataclass(frozen=True, slots=True)
class Place:
    """One main page. `label` is a sentence of the phrases; without an act, everyone may open it."""

    path: str
    label: str
    act: Act | None = None
    below: str | None = None

    def is_here(self, path: str) -> bool:
        """Return whether the path shown belongs to this place."""
        return path == self.path if self.below is None else path.startswith(self.below)


PLACES = (
    Place("/check/person", "Check", Act.CHECK, below="/check"),
    Place("/partner", "Check a document", Act.PARTNER_CHECK),
    Place("/inbox", "Inbox", Act.HIT_READ, below="/inbox"),
    Place("/enter", "Enter a record", Act.RECORD_SUBMIT, below="/enter"),
    Place("/messages", "Messages", Act.MESSAGE_READ, below="/messages"),
    Place("/notices", "Notices", Act.NOTICE_READ, below="/notices"),
    Place("/diffusions", "Diffusions", Act.NOTICE_READ, below="/diffusions"),
    Place("/refused-notices", "Refused requests", Act.NOTICE_REVIEW),
    Place("/watches", "Standing checks", Act.WATCH_SET, below="/watches"),
    Place("/trail", "My acts", Act.AUDIT_OWN),
    Place("/trail/hits", "Who met our records", Act.AUDIT_HITS),
    Place("/holders", "Who holds our records", Act.AUDIT_HITS),
    Place("/reviews", "Due for review", Act.RECORD_REVIEW),
    Place("/retention", "Kept or let go", Act.RECORD_RETAIN, below="/retention"),
    Place("/redress/questions", "Redress questions", Act.REDRESS_ANSWER, below="/redress/questions"),
    Place("/redress", "Redress", Act.REDRESS_HANDLE, below="/redress"),
    Place("/statistics", "The picture", Act.STATISTICS_READ, below="/statistics"),
    Place("/trail/record", "Who met one record", Act.AUDIT_RECORD),
    Place("/accounts", "Accounts", Act.ACCOUNT_MANAGE, below="/accounts"),
    Place("/accounts", "Accounts", Act.ACCOUNT_APPOINT, below="/accounts"),
    Place("/keys", "API keys", below="/keys"),
)


def places_for(acts: frozenset[Act]) -> list[Place]:
    """Return the pages that these acts open."""
    return [place for place in PLACES if place.act is None or place.act in acts]
