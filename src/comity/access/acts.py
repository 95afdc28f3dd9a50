"""The acts: one list for leave and log alike, in order. Retired ones stay, marked."""

from enum import StrEnum


class Act(StrEnum):
    """Everything that an account can be allowed to do, and that the audit log names."""

    CHECK = "check:make"
    RECORD_READ = "record:read"
    RECORD_SUBMIT = "record:submit"
    RECORD_WITHDRAW = "record:withdraw"
    RECORD_SUBMIT_FOR = "record:submit-for"  # enter lists for another bureau, by its leave
    RECORD_REVIEW = "record:review"  # which of one's own bureau's records are due for review
    STATISTICS_READ = "statistics:read"
    AUDIT_OWN = "audit:own"  # one's own acts
    AUDIT_HITS = "audit:hits"  # who met the records of one's own bureau
    AUDIT_RECORD = "audit:record"  # who met any one record, by an order that the log names
    AUDIT_PROVE = "audit:prove"  # heads and proofs of the whole log
    ACCOUNT_MANAGE = "account:manage"  # accounts of one's own bureau, of lower rank
    ACCOUNT_APPOINT = "account:appoint"  # the administrators of every bureau, and nobody else
    NODE_OPERATE = "node:operate"
    SIGN_IN = "session:open"
    SIGN_OUT = "session:close"
    FEED_READ = "feed:read"  # what one's own bureau was told: identifiers, never data
    HIT_READ = "hit:read"
    HIT_ASK = "hit:ask"  # for confirmation, with a priority that starts a clock
    HIT_ANSWER = "hit:answer"  # as the owner, or as the second addressee once the clock has run out
    HIT_CLOSE = "hit:close"  # with an outcome
    HIT_ESCALATE = "hit:escalate"  # by the node's clock alone
    DUTY_SET = "duty:set"  # whom a silent bureau's hits go to, and what of its checks new records meet
    WATCH_SET = "watch:set"  # standing checks
    ALERT_MEET = "alert:meet"  # a new record meets an earlier or standing check: by the node's clock alone
    PARTNER_CHECK = "partner:check"  # a document's number, type and issuer; the answer is go or wait
    ADDRESS_SET = "address:set"  # where one's bureau is told of events; the operator allows it
    RECORD_RETAIN = "record:retain"  # answer whether one's own bureau's records are kept beyond their period
    RETENTION_RUN = "retention:run"  # ask owners, suspend, purge: the node's own clock, shown no record
    REDRESS_HANDLE = "redress:handle"  # the controller's files: find, block, consult, decide, erase
    REDRESS_ANSWER = "redress:answer"  # answer the controller on records of one's own bureau
    MESSAGE_READ = "message:read"  # the bureau's inbox, threads, receipts, attachments
    MESSAGE_SEND = "message:send"  # send, answer, pass on; drafts and attachments on the way there
    KEY_READ = "key:read"  # the directory of the bureaus' keys
    KEY_PUBLISH = "key:publish"  # one's own bureau's keys: publish, replace, revoke
    PROPOSAL_MAKE = "proposal:make"  # propose a correction of a record to its owner
    PROPOSAL_DECIDE = "proposal:decide"  # take or refuse what is proposed to one's own bureau
    ACCESS_REQUEST = "access:request"  # ask an owner to see a record whole
    ACCESS_DECIDE = "access:decide"  # open one's own bureau's records to who asks, or refuse
    NOTICE_READ = "notice:read"
    NOTICE_DRAFT = "notice:draft"  # enter and amend requests of one's own bureau
    NOTICE_SUBMIT = "notice:submit"
    NOTICE_WITHDRAW = "notice:withdraw"  # by the owner, or by the secretariat
    NOTICE_SUSPEND = "notice:suspend"  # and resume
    NOTICE_REVIEW = "notice:review"  # take a request up, look into it, send it back with questions
    NOTICE_PUBLISH = "notice:publish"
    NOTICE_REFUSE = "notice:refuse"
    NOTICE_EXPIRE = "notice:expire"  # what the node does when a notice's day has come
    NOTICE_EXPORT = "notice:export"  # the notices that their owners made public


READING_ACTS = frozenset(
    {Act.CHECK, Act.RECORD_READ, Act.RECORD_SUBMIT, Act.RECORD_SUBMIT_FOR, Act.RECORD_REVIEW}
    | {Act.AUDIT_HITS, Act.AUDIT_RECORD, Act.FEED_READ, Act.HIT_READ, Act.HIT_ASK, Act.HIT_ANSWER}
    | {Act.HIT_CLOSE, Act.DUTY_SET, Act.WATCH_SET, Act.PARTNER_CHECK}
    | {Act.RECORD_RETAIN, Act.REDRESS_HANDLE, Act.REDRESS_ANSWER}
    | {Act.MESSAGE_READ, Act.MESSAGE_SEND}
    | {Act.PROPOSAL_MAKE, Act.PROPOSAL_DECIDE, Act.ACCESS_REQUEST, Act.ACCESS_DECIDE}
    | {Act.NOTICE_READ, Act.NOTICE_DRAFT, Act.NOTICE_SUBMIT, Act.NOTICE_WITHDRAW, Act.NOTICE_SUSPEND}
    | {Act.NOTICE_REVIEW, Act.NOTICE_PUBLISH, Act.NOTICE_REFUSE, Act.NOTICE_EXPORT}
)
"""Acts that show or hold police data: none of them goes with running the node (law 7)."""

OPERATING_ACTS = frozenset({Act.NODE_OPERATE, Act.RETENTION_RUN})
"""Acts that run the node."""

OVERSIGHT_ACTS = frozenset({Act.REDRESS_HANDLE})
"""Acts that see records whatever their owner says of sharing: a controller must find what others may not."""

OPEN_ACTS = frozenset({Act.SIGN_IN, Act.SIGN_OUT, Act.AUDIT_OWN})
"""Acts that every account may do, for which no purpose is asked."""

SECRETARIAT_ACTS = frozenset({Act.NOTICE_REVIEW, Act.NOTICE_PUBLISH, Act.NOTICE_REFUSE})
"""Acts for which the role is not enough: only accounts of the general secretariat do them."""
