"""Forms of the console as its pages show them, filled in as nobody should: for tests that post them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from random import Random
from urllib.parse import urlencode

from tests.journeys.asking import Asker, Call, Told

ODD: Sequence[str] = (
    *(
        "",
        " ",
        "\x00",
        "a\x00b",
        "\ud800",
        "\u202e\u200b",
        "\x1b[31m\x9b",
        "<script>alert(1)</script>",
        "{{ 7 * 7 }}",
    ),
    *("-1", "0", "1e400", "NaN", "٣", "9" * 30, "2147483648", "9223372036854775808", "1.5"),
    *(
        "0001-01-01",
        "9999-12-31",
        "2027-02-29",
        "2026-11",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
    ),
    *("'; DROP TABLE hits; --", "%00", "../../etc/passwd", "EGY", "egy fra ken", "ZZZ", "A" * 20, "é" * 3000),
    *(
        "﷽" * 40,
        "שלום\r\nBcc: a@b.example",
        "all",
        "yes",
        "on",
        '["a"]',
        '{"to":["EGY"]}',
        "0" * 64 + " a.pdf",
    ),
)
"""Values that fields do not expect, or that some database, mail or page does not take."""

HEADERS: Mapping[str, str] = {"Content-Type": "application/x-www-form-urlencoded"}
_FORM = re.compile(r'<form\b[^>]*method="post"[^>]*>.*?</form>', re.DOTALL)
_CONTROL = re.compile(r"<(?:input|select|textarea|button)\b[^>]*>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_TEXT = re.compile(r'<textarea\b[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', re.DOTALL)
_OPTIONS = re.compile(r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
LEFT_OUT = ("/sign-out", "/language")
"""Forms that every page has, and that end the visit or turn its language."""


@dataclass(frozen=True)
class ShownForm:
    """A form: where it goes, what it says as it is shown, what each field could say besides."""

    action: str
    values: Mapping[str, str]
    choices: Mapping[str, tuple[str, ...]]


def forms_of(path: str, page: str) -> Iterator[ShownForm]:
    """Yield the forms of a page, but for those that every page has."""
    for text in _FORM.findall(page):
        action = unescape(dict(_ATTRIBUTE.findall(text[: text.index(">")])).get("action", path))
        if action.startswith(LEFT_OUT):
            continue
        choices: dict[str, tuple[str, ...]] = {}
        for tag in _CONTROL.findall(text):
            stated = {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag)}
            if "name" in stated:
                choices[stated["name"]] = (*choices.get(stated["name"], ()), stated.get("value", ""))
        choices |= {name: (unescape(value),) for name, value in _TEXT.findall(text)}
        for name, options in _OPTIONS.findall(text):
            choices[name] = tuple(unescape(one) for one in re.findall(r'value="([^"]*)"', options))
        values = {name: some[0] if some else "" for name, some in choices.items()}
        yield ShownForm(action.partition("#")[0], values, choices)


def filled(form: ShownForm, chance: Random) -> dict[str, str]:
    """Return what might be posted in a form's place: chosen, odd or left out, field by field; the token is kept."""
    said: dict[str, str] = {}
    for name, choices in form.choices.items():
        draw = chance.random()
        if name == "token" or draw < 0.4:
            said[name] = form.values[name]
        elif draw < 0.6:
            said[name] = chance.choice(choices or ("",))
        elif draw < 0.95:
            said[name] = chance.choice(ODD)
    if chance.random() < 0.2:
        said[chance.choice(ODD) or "x"] = chance.choice(ODD)
    return said


def post(asker: Asker, action: str, said: Mapping[str, str]) -> Told:
    """Return the answer to a form."""
    body = urlencode(said, errors="surrogatepass").encode()
    return asker.ask([Call("POST", action, body=body, headers=HEADERS)])[0]
