"""Ten thousand inputs for each parser, twenty at a time, read out of bytes.

What Hypothesis does to draw an input takes several times what parsing it does, and most of its examples are an earlier
one in which one piece stands in the place of another: of ten thousand texts typed for sharing 1,263 differed. Here it
draws bytes, and what reads them says which input they stand for: each example has twenty inputs of its own. What fails
is still shrunk, since smaller bytes stand for less.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from struct import unpack
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

Read = TypeVar("Read")

INPUTS, AT_A_TIME = 10_000, 20
BYTES_AN_INPUT = 60
MANY = settings(
    max_examples=INPUTS // AT_A_TIME,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
BY_HYPOTHESIS = settings(MANY, max_examples=MANY.max_examples // 5)
"""For the same inputs drawn by Hypothesis's own strategies, which know of texts and numbers that often do harm."""

HARMFUL = (
    *(
        "",
        " ",
        "\x00",
        "\ud800",
        "\ufeff",
        "\u202e",
        "\u200f",
        "\U0001f468\u200d\U0001f469",
        "﷽",
        "İ",
        "ß",
        "ﬁ",
        "e\u0301",
    ),
    *("0", "-1", "+1", "1e999", "NaN", "null", "None", "True", "0x10", "٣", "½", "Ⅷ", "1" * 5000),
    *("%00", "%s", "{}", "../..", "'", '"', "\\", "<b>", "\r\n", "\t", "\u2028", ","),
)
NUMBERS = (0, 1, -1, 255, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**400, 10**5000)
ODD = (float("inf"), float("-inf"), float("nan"), -0.0, 5e-324, 1e308)


@dataclass
class Drawn:
    """Bytes that stand for inputs, read one after another; where there are no more, zeros, which stand for least."""

    content: bytes
    place: int = 0

    def number(self, below: int) -> int:
        """Read a number."""
        count = 1 if below <= 256 else 3
        taken = self.content[self.place : self.place + count]
        self.place += count
        return int.from_bytes(taken, "little") % below

    def one_of(self, choices: Sequence[Read]) -> Read:
        """Read which of these."""
        return choices[self.number(len(choices))]

    def some(self, read: Callable[[], Read], most: int) -> list[Read]:
        """Read up to so many."""
        return [read() for _ in range(self.number(most + 1))]

    def raw(self, most: int) -> bytes:
        """Read up to so many bytes."""
        return bytes(self.some(lambda: self.number(256), most))

    def char(self) -> str:
        """Read a character: four of five of the first 256, the others of all there are but surrogates."""
        place = self.number(256) if self.number(5) else self.number(0x110000)
        return chr(place) if not 0xD800 <= place < 0xE000 else "\ufffd"

    def text(self, most: int, words: Sequence[str] = ()) -> str:
        """Read a text: characters, often one of these words, at times one that does harm, or two of those together."""
        kind = self.number(8)
        if kind < 3 or (kind < 6 and not words):
            return "".join(self.some(self.char, most))
        if kind < 6:
            return self.one_of(words)
        harmful = self.one_of(HARMFUL)
        return harmful if kind == 6 else harmful + self.text(min(most, 5), words)

    def scalar(self, words: Sequence[str] = (), most: int = 20) -> str | float | bool | None:
        """Read what is no list and no object; two of three times a text."""
        match self.number(12):
            case 0:
                return None
            case 1:
                return bool(self.number(2))
            case 2:
                return self.one_of(NUMBERS)
            case 3:
                return self.number(2**24) - 2**23 if self.number(4) else self.number(130)
            case 4:
                taken = self.content[self.place : self.place + 8].ljust(8, b"\0")
                self.place += 8
                return float(unpack("<d", taken)[0]) if self.number(3) else self.one_of(ODD)
            case _:
                return self.text(most, words)

    def value(self, words: Sequence[str] = (), names: Sequence[str] = (), depth: int = 3) -> object:
        """Read anything that JSON can say; objects have these names, mostly, where any are given."""
        kind = self.number(8)
        if kind < 5 or not depth:
            return self.scalar(words)
        if kind < 6:
            return self.some(lambda: self.value(words, names, depth - 1), 3)
        return self.fields(names, words, names, 3, depth - 1)

    def fields(
        self, own: Sequence[str], words: Sequence[str], names: Sequence[str], most: int, depth: int = 3
    ) -> Mapping[str, object]:
        """Read an object of up to so many of these fields, at times of any name; objects in it have other names."""
        return {
            self.one_of(own) if own and self.number(5) else self.text(20, words): self.value(
                words, names, depth
            )
            for _ in range(self.number(most + 1))
        }


def several(read: Callable[[Drawn], Read], size: int = BYTES_AN_INPUT) -> st.SearchStrategy[list[Read]]:
    """Return what reads as many inputs as an example has, out of some `size` bytes for each."""

    def inputs(content: bytes) -> list[Read]:
        drawn = Drawn(content)
        return [read(drawn) for _ in range(AT_A_TIME)]

    # Of one length, so that there are bytes for the last input, too.
    return st.binary(min_size=size * AT_A_TIME, max_size=size * AT_A_TIME).map(inputs)


def several_by_hypothesis(inputs: st.SearchStrategy[Read]) -> st.SearchStrategy[list[Read]]:
    """Return what draws as many inputs as an example has with a strategy of Hypothesis."""
    return st.lists(inputs, min_size=AT_A_TIME, max_size=AT_A_TIME)
