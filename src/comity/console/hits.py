"""The pages about hits: the bureau's inbox with its clocks, one hit, who stands in when the bureau is silent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from comity.access.people import Officer
from comity.console.forms import read_form, whole_typed
from comity.console.reception import Reception
from comity.console.rendering import Page
from comity.console.visitor import Visitor, check_post
from comity.errors import ConflictError, MalformedError, RefusedError, UnknownError
from comity.procedures.check import action_for, summary_of
from comity.procedures.desk import Desk
from comity.procedures.distinctions import agree_distinction, undo_distinction
from comity.procedures.duties import read_duty, set_duty
from comity.procedures.hits import HitLine, HitPage, HitsAsked, list_hits, read_hit
from comity.procedures.hits_acts import answer_hit, ask_confirmation, close_hit
from comity.records.fieldtype import Json
from comity.records.handling import Purpose, View
from comity.records.hits import Closing, HitState, OpenedHit, Outcome, Priority, Reason, Reply, Word
from comity.records.kinds import KINDS

LINES = 50
PROMISES_MIN = (10, 30, 60, 240, 720, 1440)
"""After how many minutes an owner can say that it will answer."""

SOON = timedelta(minutes=5)
"""From when on a clock says that its time is nearly over."""

Step = Callable[[str, Json, Officer, Desk], HitPage]


def hit_routes(reception: Reception) -> list[Route]:
    """Return the routes of these pages."""
    pages = HitPages(reception)
    return [
        Route("/inbox", pages.inbox, methods=["GET"]),
        Route("/inbox/{hit}", pages.hit, methods=["GET"]),
        Route("/inbox/{hit}/question", pages.question, methods=["POST"]),
        Route("/inbox/{hit}/answer", pages.answer, methods=["POST"]),
        Route("/inbox/{hit}/outcome", pages.outcome, methods=["POST"]),
        Route("/inbox/{hit}/distinction", pages.distinction, methods=["POST"]),
        Route("/inbox/{hit}/distinction/end", pages.undistinguish, methods=["POST"]),
        Route("/duty", pages.duty, methods=["GET", "POST"]),
    ]


UNSEEN = "no-longer-seen"
"""What to do where whoever checked can see the record no more."""


@dataclass(frozen=True, slots=True)
class Clock:
    """How a hit's time stands: `over`, `soon` or `running`, how long, and until when. Words say it, not colour."""

    state: str
    length: timedelta
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened to a hit: its sentence's code and value, when, by whom, in which words.

    `behalf_of` is the owner for whom another bureau acted; `account` is known to the bureau that acted alone.
    """

    group: str
    code: str
    at: datetime
    bureau: str | None = None
    note: str = ""
    unit: str | None = None
    behalf_of: str | None = None
    on_duty: bool = False
    account: str | None = None


def clock_of(line: HitLine) -> Clock | None:
    """Return the clock of a hit, or None where none runs."""
    left, due_at = line.left, line.hit.due_at
    if left is None or due_at is None:
        return None
    state = "over" if left <= timedelta() else "soon" if left <= SOON else "running"
    return Clock(state, abs(left), due_at)


def history(line: HitLine) -> list[Moment]:
    """Return what happened to a hit, in order, as its reader's side may know it."""
    hit = line.hit
    moments = [Moment("hit_origin", hit.meeting.origin.value, hit.opened_at, hit.meeting.bureau)]
    if hit.question is not None:
        asked = hit.question
        bureau = hit.meeting.bureau
        account = line.account_of(bureau, asked.account)
        code = asked.priority.value
        moments.append(
            Moment("hit_priority", code, asked.at, bureau, asked.note, asked.unit, account=account)
        )
    if hit.escalated_at is not None:
        moments.append(Moment("event", "hit.overdue", hit.escalated_at, hit.second))
    if hit.unseen_at is not None and line.is_asker:
        moments.append(Moment("event", "hit.unseen", hit.unseen_at, None))
    if hit.reply is not None:
        given = hit.reply
        code = "promised" if given.word is Word.LATER else given.word.value
        moments.append(Moment("hit_state", code, given.at, given.bureau, given.note, *_actor(line, given)))
    if hit.closing is not None:
        end = hit.closing
        note = "" if hit.reply is not None and hit.reply.at == end.at else end.note
        code = end.outcome.value
        moments.append(Moment("hit_outcome", code, end.at, end.bureau, note, *_actor(line, end)))
    return sorted(moments, key=lambda moment: moment.at)


def _actor(line: HitLine, done: Reply | Closing) -> tuple[str | None, str | None, bool, str | None]:
    return done.unit, line.behalf_of(done), done.on_duty, line.account_of(done.bureau, done.account)


class HitPages:
    """The routes' own functions."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._desk = reception.desk

    async def inbox(self, request: Request) -> Response:
        """Show the hits of one box, those that press first at the head."""
        visitor, officer = await self._reception.inside(request)
        asked = HitsAsked(request.query_params.get("box") or "", LINES, request.query_params.get("after"))
        if not asked.box:
            asked = HitsAsked("answer" if "hit:answer" in officer.acts() else "ours", LINES, asked.after)
        page = await run_in_threadpool(list_hits, asked, officer, self._desk)
        values = {"page": page, "box": asked.box, "clock_of": clock_of}
        return self._reception.render(Page("inbox.html", values), request, visitor)

    async def hit(self, request: Request) -> Response:
        """Show one hit."""
        visitor, officer = await self._reception.inside(request)
        page = await run_in_threadpool(read_hit, request.path_params["hit"], officer, self._desk)
        return self._show(request, visitor, page)

    async def question(self, request: Request) -> Response:
        """Ask the owner for confirmation."""
        return await self._step(request, ask_confirmation, ("priority", "note"))

    async def answer(self, request: Request) -> Response:
        """Answer for the record."""
        return await self._step(request, answer_hit, ("answer", "reason", "note"))

    async def outcome(self, request: Request) -> Response:
        """Say what came of the hit."""
        return await self._step(request, close_hit, ("outcome", "note"))

    async def distinction(self, request: Request) -> Response:
        """Agree that whoever was checked is another."""
        return await self._step(request, _agree, ())

    async def undistinguish(self, request: Request) -> Response:
        """Let whoever was found to be another be stopped again."""
        return await self._step(request, _undo, ())

    async def _step(self, request: Request, step: Step, names: tuple[str, ...]) -> Response:
        visitor, officer = await self._reception.inside(request)
        posted = await read_form(request)
        check_post(request, visitor, posted.get("token", ""))
        one = request.path_params["hit"]
        try:
            await run_in_threadpool(step, one, self._stated(posted, names), officer, self._desk)
        except (MalformedError, ConflictError, RefusedError) as error:
            page = await run_in_threadpool(read_hit, one, officer, self._desk)
            code = error.code if isinstance(error, MalformedError) else error.rule
            speaker = self._reception.speech.speaker(visitor.language)
            return self._show(request, visitor, page, (speaker.error(code), posted, error.status))
        return RedirectResponse(f"/inbox/{one}", 303)

    def _stated(self, posted: Mapping[str, str], names: tuple[str, ...]) -> dict[str, Json]:
        """Return what a form states, as the procedure reads it."""
        stated: dict[str, Json] = {name: posted[name] for name in names if posted.get(name)}
        if stated.get("answer") != Word.REFUSED.value:
            stated.pop("reason", None)
        if stated.get("answer") == Word.LATER.value:
            minutes = posted.get("in_min", "")
            wait = timedelta(minutes=int(minutes) if minutes in map(str, PROMISES_MIN) else PROMISES_MIN[0])
            stated["by"] = (self._desk.clock() + wait).isoformat()
        if posted.get("distinguish"):
            stated["distinguish"] = True
        version = posted.get("version", "")
        if version.isascii() and version.isdigit() and len(version) < 10:
            stated["version"] = int(version)
        return stated

    def _show(
        self,
        request: Request,
        visitor: Visitor,
        page: HitPage,
        wrong: tuple[str, Mapping[str, str], int] = ("", {}, 200),
    ) -> Response:
        hit, seen = page.line.hit, page.seen
        view = View.POINTER if seen is None else seen.view
        notice = None if seen is None or view is View.POINTER else seen.held.record.notice
        fault, typed, status = wrong
        values = {
            "page": page,
            "line": page.line,
            "hit": hit,
            "clock": clock_of(page.line),
            "moments": history(page.line),
            "summary": {} if seen is None else summary_of(seen),
            "notice": notice,
            "action": UNSEEN
            if seen is None and hit.unseen_at
            else action_for(hit.meeting.kind, notice, view),
            "priorities": [*Priority],
            "words": [*Word],
            "reasons": [*Reason],
            "outcomes": _outcomes(hit),
            "promises": [(count, timedelta(minutes=count)) for count in PROMISES_MIN],
            "fault": fault,
            "typed": typed,
        }
        return self._reception.render(Page("hit.html", values, status), request, visitor)

    async def duty(self, request: Request) -> Response:
        """Show or set who stands in when the bureau is silent."""
        visitor, officer = await self._reception.inside(request)
        fault, status, posted = "", 200, dict[str, str]()
        if request.method == "POST":
            posted = await read_form(request)
            check_post(request, visitor, posted.get("token", ""))
            stated, seen = _duty_stated(posted), posted.get("seen")
            try:
                await run_in_threadpool(set_duty, stated, officer, self._desk, seen)
            except (MalformedError, UnknownError, ConflictError) as error:
                speaker = self._reception.speech.speaker(visitor.language)
                code = error.rule if isinstance(error, ConflictError) else error.code
                fault, status = speaker.error(code), error.status
            else:
                return RedirectResponse("/duty", 303)
        page = await run_in_threadpool(read_duty, officer, self._desk)
        shown = {"page": page, "purposes": [*Purpose], "kinds": list(KINDS)}
        values = {**shown, "fault": fault, "typed": posted}
        return self._reception.render(Page("duty.html", values, status), request, visitor)


def _agree(one: str, _data: Json, officer: Officer, desk: Desk) -> HitPage:
    return agree_distinction(one, officer, desk)


def _undo(one: str, _data: Json, officer: Officer, desk: Desk) -> HitPage:
    return undo_distinction(one, officer, desk)


def _outcomes(hit: OpenedHit) -> list[Outcome]:
    """Return what can be said of a hit by whoever checked, as it stands."""
    said = [Outcome.NOT_IDENTICAL, Outcome.NOT_PURSUED]
    return [Outcome.IDENTITY_CONFIRMED, *said] if hit.state is HitState.CONFIRMED else said


def _duty_stated(posted: Mapping[str, str]) -> dict[str, Json]:
    days = _days_stated(posted, "days", [purpose.value for purpose in Purpose])
    kinds = _days_stated(posted, "kind-days", list(KINDS))
    named: dict[str, Json] = {
        name: posted.get(name, "").strip() or None for name in ("account", "second", "contact")
    }
    return {**named, "days": days, "kinds": kinds}


def _days_stated(posted: Mapping[str, str], field: str, names: Sequence[str]) -> dict[str, Json]:
    typed = {name: text for name in names if (text := posted.get(f"{field}-{name}", "").strip())}
    counts = {name: whole_typed(text) for name, text in typed.items()}
    return {name: -1 if count is None else count for name, count in counts.items()}
