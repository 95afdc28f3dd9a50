"""Requests with idempotency keys in any order: sent, sent again, altered, cut off before and after their act.

Whatever comes, an act is done once at most under a key, is done exactly once where the first answer said so, and
is told again in the same words as long as its answer is kept.
"""

import json
import tempfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests.journeys.asking import Asker, Call, Told
from tests.properties.lives import run_lives
from tests.unit.procedures.hit_desk import hit_desk

from comity.api import build_api
from comity.procedures import idempotency, people, sign_in
from comity.procedures.messages import sending
from comity.registry import attachments
from comity.registry.messages import MESSAGES

KEYS = st.sampled_from(["one", "two", "three"])
ACCOUNTS = ("egy-registrar", "fra-registrar")
SUBJECTS = st.sampled_from(["A trailer", "A vessel"])
CRASHES = ("none", "before", "in", "after")
"""Where a process dies: before its act, in its transaction, between that and the keeping of the answer."""


class CutError(Exception):
    """A process dies here: whatever it has not committed is gone."""


@dataclass
class Known:
    """What the model knows of a key: the request that took it, its answer where one was kept, when it was taken."""

    subject: str
    answer: bytes | None
    taken_at: float


class Lives(RuleBasedStateMachine):
    """A node, what was sent to it, and what is known of each key of each account."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.known: dict[tuple[str, str], Known] = {}
        self.done = Counter[str]()
        directory = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.desk = self.stack.enter_context(hit_desk(Path(directory)))
        api = build_api(self.desk.desk)
        self.askers = {name: Asker(api, {"Authorization": f"Bearer {self._key(name)}"}) for name in ACCOUNTS}

    def _key(self, name: str) -> str:
        return people.new_key(sign_in.officer_named(name, self.desk.desk), self.desk.desk).reveal()

    def teardown(self) -> None:
        self.stack.close()

    @rule(account=st.sampled_from(ACCOUNTS), key=KEYS, subject=SUBJECTS, crash=st.sampled_from(CRASHES))
    def send(self, account: str, key: str, subject: str, crash: str) -> None:
        told = self._sent(account, key, subject, crash)
        known = self.known.get((account, key))
        if known is None:
            self._first((account, key), subject, crash, told)
        else:
            self._again(known, subject, told)

    def _sent(self, account: str, key: str, subject: str, crash: str) -> Told:
        body = {"to": ["KEN"], "purpose": "investigation", "subject": subject, "text": "Is this yours?"}
        call = Call("POST", "/v1/messages", body=json.dumps(body).encode(), headers={"Idempotency-Key": key})
        with pytest.MonkeyPatch.context() as cutting:
            if crash == "before":
                cutting.setattr(sending, "new_id", cut)
            elif crash == "in":
                cutting.setattr(attachments, "hold", cut)
            elif crash == "after":
                cutting.setattr("comity.api.idempotency.keep", cut)
            (told,) = self.askers[account].ask([call])
        return told

    def _first(self, name: tuple[str, str], subject: str, crash: str, told: Told) -> None:
        if crash in {"before", "in"}:
            assert told.status_code == 500
            return
        assert (told.status_code, "idempotency-replayed" in told.headers) == (201, False)
        self.done[subject] += 1
        kept = told.content if crash == "none" else None
        self.known[name] = Known(subject, kept, self.desk.clock().timestamp())

    def _again(self, known: Known, subject: str, told: Told) -> None:
        code = json.loads(told.content).get("code")
        if known.subject != subject:
            assert (told.status_code, code) == (422, "idempotency-key-reused")
        elif known.answer is not None:
            assert (told.status_code, told.content, told.headers["idempotency-replayed"]) == (
                201,
                known.answer,
                "true",
            )
        else:
            is_late = self.desk.clock().timestamp() >= known.taken_at + 60
            assert (told.status_code, code) == (
                409,
                "idempotency-unknown" if is_late else "idempotency-under-way",
            )

    @rule(seconds=st.sampled_from([1, 59, 3600, 86399, 86400]))
    def time_goes_on(self, seconds: int) -> None:
        self.desk.clock.pass_on(seconds=seconds)
        now, lasting = self.desk.clock().timestamp(), idempotency.KEPT_FOR.total_seconds()
        self.known = {name: one for name, one in self.known.items() if now < one.taken_at + lasting}

    @invariant()
    def each_act_is_done_as_often_as_was_answered(self) -> None:
        with self.desk.desk.registry.read() as connection:
            subjects = connection.execute(MESSAGES.select()).all()
        assert Counter(row.subject for row in subjects) == self.done


def cut(*_given: object, **_named: object) -> None:
    raise CutError


def test_whatever_is_sent_is_done_once_under_its_key() -> None:
    run_lives(Lives, lives=30, steps=20)
