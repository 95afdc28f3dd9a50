"""What a bureau is told, as one sentence: what became of what, and nothing of a person or a record."""

from comity.phrases.speech import Speaker
from comity.registry.events import CASE, Event

REQUESTS = frozenset({"notice", "diffusion"})


def code_of(event: Event) -> str:
    """Return the code of an event's sentence; what a redress case does is said alike of everything."""
    return f"case.{event.what}" if event.what in CASE else f"{event.topic}.{event.what}"


def sentence(event: Event, speaker: Speaker) -> str:
    """Return what happened, in the language of a speaker."""
    if event.topic in REQUESTS and event.what not in CASE:
        form, move = speaker.value("notice_form", event.topic), speaker.value("notice_move", event.what)
        return f"{form}: {move}"
    return speaker.value("event", code_of(event))
