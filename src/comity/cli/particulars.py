"""What few messages need: an option set of the commands that write one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter

from comity.errors import MalformedError
from comity.records.fieldtype import Json


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Particulars:
    """What a message is about, in which language, how far to trust it, what restricts it."""

    about: Annotated[
        tuple[str, ...],
        Parameter(negative=(), help="What it is about: record=ID, notice=ID, hit=ID or message=ID."),
    ] = ()
    language: Annotated[
        str | None, Parameter(name="--language-of-text", help="The language of the text, as ara or eng.")
    ] = None
    reliability: Annotated[str | None, Parameter(help="How far to trust it: A1 to X4.")] = None
    restriction: Annotated[
        str | None, Parameter(help="The words of the restriction, with --handling H3.")
    ] = None
    within: Annotated[int | None, Parameter(help="Minutes within which an answer is due.")] = None
    open_list: Annotated[
        bool, Parameter(name="--shows-recipients", negative=(), help="Recipients see each other.")
    ] = False

    def content(self) -> Mapping[str, Json]:
        """Return what of this its readers alone need; raises `MalformedError` for what names nothing."""
        referred: list[Json] = []
        for one in self.about:
            kind, mark, named = one.partition("=")
            if not mark:
                raise MalformedError("value-missing", "about")
            referred.append({"kind": kind, "id": named})
        stated: dict[str, Json] = {"language": self.language, "reliability": self.reliability}
        return {**stated, "references": referred or None}

    def header(self) -> Mapping[str, Json]:
        """Return what of this stands in the header. A time to answer asks for an answer."""
        asks = None if self.within is None else True
        shows = self.open_list or None
        return {
            "handling_note": self.restriction,
            "answer_within": self.within,
            "asks": asks,
            "shows_recipients": shows,
        }


USUAL = Particulars()
