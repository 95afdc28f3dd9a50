"""Templates to pages. What varies by language comes through `say`; nothing is trusted to be markup."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from comity.access.acts import Act
from comity.console.forms import OBJECTS, SEXES, TABS, kinds_beside, tab_of
from comity.console.navigation import places_for
from comity.console.visitor import Visitor
from comity.phrases.speech import Speech
from comity.phrases.wording import Wording
from comity.procedures.node_clock import NodeClock, Standing

STATIC: Final = Path(__file__).parent / "static"
STATIC_FILES: Final = frozenset({"console.css", "console.js", "mark.svg"})


@dataclass(frozen=True, slots=True)
class Page:
    """One page to show: its template, the values it needs, its status."""

    template: str
    values: Mapping[str, object]
    status: int = 200


@cache
def digest_of(name: str) -> str:
    """Return what one of our own files is known by: another content has another address, so browsers may keep each."""
    return sha256((STATIC / name).read_bytes()).hexdigest()[:16]


def _address_of(name: str) -> str:
    return f"/static/{name}?is={digest_of(name)}"


@cache
def _templates() -> Environment:
    """Return the templates: one set a process, since compiling them all takes about a second."""
    return Environment(
        loader=PackageLoader("comity.console"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class Renderer:
    """Renders pages for visitors."""

    def __init__(self, speech: Speech, clock: NodeClock) -> None:
        self._speech, self._clock = speech, clock
        self._templates = _templates()

    def render(self, page: Page, request: Request, visitor: Visitor) -> Response:
        """Return the page in the visitor's language."""
        speaker = self._speech.speaker(visitor.language)
        officer = visitor.officer
        acts = frozenset[Act]() if officer is None else officer.acts()
        values = {
            "say": speaker.say,
            "speaker": speaker,
            "static": _address_of,
            "wording": Wording(speaker),
            "languages": self._speech.languages,
            "officer": officer,
            "acts": acts,
            "clock_stands": self._standing(acts),
            "places": places_for(acts),
            "form_token": visitor.form_token,
            "path": request.url.path,
            "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            "tabs": TABS,
            "first_object": OBJECTS[0],
            "tab_of": tab_of,
            "kinds_beside": kinds_beside,
            "sexes": SEXES,
            **page.values,
        }
        return HTMLResponse(self._templates.get_template(page.template).render(values), page.status)

    def _standing(self, acts: frozenset[Act]) -> str:
        """Return how a clock stands that is not proven, for who runs the node; nothing for all others."""
        standing = self._clock.look().standing if Act.NODE_OPERATE in acts else Standing.PROVEN
        return "" if standing is Standing.PROVEN else standing.value
