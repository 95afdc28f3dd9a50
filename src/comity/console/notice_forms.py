"""The form of a request: its subject, the colour's particulars, its addressees; and what it states."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from comity.console.forms import codes_typed
from comity.console.record_form import Block, blocks, runs, stated
from comity.records.fieldtype import Json
from comity.records.kind import Field, Kind, searched_fields
from comity.records.kinds import KINDS
from comity.records.notices.colour import Colour
from comity.records.notices.content import Content
from comity.records.notices.states import Form

BYTES_MAX = 256 * 1024
FIELDS_MAX = 1200
FRAME = ("reference", "language", "valid_until", "view", "reliability", "handling_code")
"""What is asked of every request beside whom it is for. Who amends it states all of it anew: what the form left out
would fall back to what holds where nothing is said, and open to all what was shown in part."""

Run: TypeAlias = tuple[Block, ...]
"""Blocks that stand side by side, or one group."""


@dataclass(frozen=True, slots=True)
class NoticeForm:
    """A request's form as it was filled in."""

    form: Form
    colour: Colour
    kind: Kind
    subject: Sequence[Run]
    more: Sequence[Run]
    particulars: Sequence[Run]
    frame: Mapping[str, str]
    fault: tuple[str, str] | None

    @property
    def fault_is_framed(self) -> bool:
        """Whether what is wrong belongs to no input that is shown with it."""
        shown = (*self.subject, *self.more, *self.particulars)
        return self.fault is not None and not any(_has_error(block) for run in shown for block in run)

    @property
    def is_open(self) -> bool:
        """Whether something stands in the further fields of the subject, so that they are shown."""
        return any(block.is_filled for run in self.more for block in run)


def _has_error(block: Block) -> bool:
    return block.error is not None or any(one.error for row in block.rows for one in row)


def notice_form(
    colour: Colour,
    form: Form,
    kind_code: str,
    data: Mapping[str, Json],
    fault: tuple[str, str] | None = None,
) -> NoticeForm:
    """Return the form with what a request states; the fields that matter most come first."""
    kind = KINDS[kind_code]
    record, particulars = _object(data.get("record")), _object(data.get("particulars"))
    first, more = _parted(kind)
    return NoticeForm(
        form=form,
        colour=colour,
        kind=kind,
        subject=runs(blocks(first, record, "record.", fault)),
        more=runs(blocks(more, record, "record.", fault)),
        particulars=runs(blocks(colour.fields, particulars, "particulars.", fault)),
        frame=_frame(data),
        fault=fault,
    )


def _parted(kind: Kind) -> tuple[list[Field], list[Field]]:
    """Return the fields that lead to the record or stand in its summary, and the others."""
    leading = {field.name for field in searched_fields(kind.fields)} | set(kind.summary)
    usual = leading - {"charges", "phones", "emails"}
    first = [field for field in kind.fields if field.name in usual]
    return first, [field for field in kind.fields if field.name not in usual]


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _frame(data: Mapping[str, Json]) -> dict[str, str]:
    share = data.get("share")
    word: str = share if isinstance(share, str) else ""
    codes: list[Json] = []
    for restriction, listed in share.items() if isinstance(share, dict) else ():
        word, codes = restriction, listed if isinstance(listed, list) else []
    named = ", ".join(str(code) for code in codes)
    shown = {name: str(data.get(name) or "") for name in FRAME}
    return {
        **shown,
        "bureaus": named,
        "restriction": word,
        "is_public": "yes" if data.get("is_public") else "",
    }


def stated_content(colour: Colour, form: Form, kind_code: str, posted: Mapping[str, str]) -> dict[str, Json]:
    """Return the content that a posted form states, as it was typed."""
    record = stated(KINDS[kind_code].fields, posted, "record.")
    content: dict[str, Json] = {
        "colour": colour.code,
        "record": {"kind": kind_code, **record},
        "particulars": stated(colour.fields, posted, "particulars."),
        "is_public": posted.get("is_public") == "yes",
    }
    for name in FRAME:
        if posted.get(name, "").strip():
            content[name] = posted[name].strip()
    codes: list[Json] = [*codes_typed(posted.get("bureaus", ""))]
    if form is Form.DIFFUSION:
        content["share"] = {"only": codes} if codes else "owner"
    else:
        content["share"] = {"except": codes} if codes else "all"
    return content


def content_data(content: Content, reference: str) -> dict[str, Json]:
    """Return a content as its form shows it."""
    return {**content.to_json(), "reference": reference}
