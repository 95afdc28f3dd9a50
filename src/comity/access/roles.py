"""Roles: sets of acts with a rank. Nobody may grant, reset or impersonate their own rank or above."""

from collections.abc import Mapping
from dataclasses import dataclass

from comity.access.acts import Act
from comity.errors import MalformedError


@dataclass(frozen=True, slots=True)
class Role:
    """A set of acts. `rank` orders who may manage whom: 0 is the lowest."""

    code: str
    rank: int
    acts: frozenset[Act]


_MEETING = frozenset({Act.HIT_READ, Act.HIT_ASK, Act.HIT_CLOSE})
"""What goes with checking: one's own hits, their confirmation, what became of them."""

_DUTY = _MEETING | {Act.HIT_ANSWER, Act.FEED_READ, Act.DUTY_SET, Act.WATCH_SET}
"""What a bureau's desk does with the hits of the whole bureau."""
BUREAU_NOTICES = frozenset(
    {
        *(Act.NOTICE_READ, Act.NOTICE_DRAFT, Act.NOTICE_SUBMIT),
        *(Act.NOTICE_WITHDRAW, Act.NOTICE_SUSPEND, Act.NOTICE_EXPORT),
    }
)
"""What a bureau does with its own notices and diffusions."""

_ASKING = frozenset({Act.PROPOSAL_MAKE, Act.ACCESS_REQUEST})
"""What anyone who sees a record may ask of its owner."""

_WRITING = _ASKING | {
    *(Act.MESSAGE_READ, Act.MESSAGE_SEND, Act.KEY_READ, Act.KEY_PUBLISH),
    *(Act.PROPOSAL_DECIDE, Act.ACCESS_DECIDE),
}
"""What bureaus do with each other, by those who speak for one."""

_REGISTRY = (
    _DUTY
    | _WRITING
    | BUREAU_NOTICES
    | {
        *(Act.CHECK, Act.RECORD_READ, Act.RECORD_SUBMIT, Act.RECORD_WITHDRAW, Act.RECORD_REVIEW),
        *(Act.RECORD_RETAIN, Act.REDRESS_ANSWER, Act.STATISTICS_READ, Act.AUDIT_OWN, Act.AUDIT_HITS),
    }
)
"""What those who enter records for a bureau do."""

ROLES: Mapping[str, Role] = {
    role.code: role
    for role in (
        Role("partner", 0, frozenset({Act.PARTNER_CHECK})),
        Role("officer", 0, _MEETING | _ASKING | {Act.CHECK, Act.RECORD_READ, Act.AUDIT_OWN, Act.NOTICE_READ}),
        Role("system", 0, _MEETING | {Act.CHECK, Act.AUDIT_OWN, Act.FEED_READ}),
        Role("official", 0, frozenset({Act.STATISTICS_READ, Act.AUDIT_OWN})),
        Role("registrar", 1, _REGISTRY),
        # The secretariat's command line: enters lists for bureaus, and checks.
        Role("desk", 1, _REGISTRY | {Act.RECORD_SUBMIT_FOR}),
        Role(
            "reviewer",  # of the secretariat: weighs requests against the rules, never its own
            1,
            frozenset(
                {
                    Act.CHECK,
                    Act.RECORD_READ,
                    Act.AUDIT_OWN,
                    Act.FEED_READ,
                    Act.NOTICE_READ,
                    Act.NOTICE_REVIEW,
                    Act.NOTICE_PUBLISH,
                    Act.NOTICE_REFUSE,
                    Act.NOTICE_SUSPEND,
                    Act.NOTICE_WITHDRAW,
                    Act.NOTICE_EXPORT,
                }
            ),
        ),
        Role(
            "controller",
            2,
            frozenset(
                {
                    Act.AUDIT_OWN,
                    Act.AUDIT_RECORD,
                    Act.AUDIT_PROVE,
                    Act.STATISTICS_READ,
                    Act.REDRESS_HANDLE,
                    Act.KEY_READ,
                }
            ),
        ),
        Role("administrator", 3, frozenset({Act.ACCOUNT_MANAGE, Act.ADDRESS_SET, Act.AUDIT_OWN})),
        Role(
            "operator",
            4,
            frozenset(
                {
                    Act.NODE_OPERATE,
                    Act.NOTICE_EXPIRE,
                    Act.RETENTION_RUN,
                    Act.ACCOUNT_APPOINT,
                    Act.AUDIT_OWN,
                    Act.AUDIT_PROVE,
                }
            ),
        ),
    )
}


def role_named(code: str, field: str = "role") -> Role:
    """Return the role; raises `MalformedError` `unknown-role`."""
    if code not in ROLES:
        raise MalformedError("unknown-role", field)
    return ROLES[code]


def may_manage(managing: Role, managed: Role) -> bool:
    """Return whether an account of the first role may create, reset or close one of the second.

    An administrator manages the lower ranks; who runs the node appoints administrators and nobody else.
    """
    if Act.ACCOUNT_APPOINT in managing.acts:
        return Act.ACCOUNT_MANAGE in managed.acts and managed.rank < managing.rank
    return Act.ACCOUNT_MANAGE in managing.acts and managed.rank < managing.rank
