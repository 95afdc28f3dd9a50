"""Words that compiled code has read, cut out of what lies end to end: their forms, and what pairs are made of."""

from itertools import pairwise
from typing import NamedTuple

from comity.index.names.asked_parts import LINE, Packed
from comity.names.forms import RULES, Form
from comity.names.sounds import letters_of


class ReadWord(NamedTuple):
    """What is known of a word beside its part: its own forms, whether it may have variants, its lead with prices."""

    forms: tuple[Form, ...]
    varies: bool
    lead: bytes
    prices: tuple[float, ...]


def read_words(packed: Packed, count: int) -> list[ReadWord]:
    """Return what is known of so many words; their forms are named as those of words in plain Latin letters are."""
    letters, small, numbers, _, _, exact = packed
    figures: list[int] = numbers.tolist()
    start = len(figures) - count * LINE
    lines = [figures[at : at + LINE] for at in range(start, len(figures), LINE)]
    spelt, rest, prices = letters_of(letters.tobytes()), small.tobytes(), exact.tolist()
    forms_count = sum([forms for forms, *_ in lines])
    rules = lines[-1][2] + forms_count
    leads = rules + forms_count
    begin = bound = own_first = lead_begin = 0
    found: list[ReadWord] = []
    for forms, letters_end, _, _, varies, lead_end, own, first in lines:
        if own == 1:
            read: tuple[Form, ...] = (Form(spelt[begin : begin + first], prices[own_first], RULES[0]),)
        else:
            read = tuple(
                [
                    Form(
                        spelt[begin + left : begin + right],
                        prices[own_first + place],
                        RULES[rest[rules + place]],
                    )
                    for place, (left, right) in enumerate(pairwise(figures[bound : bound + own + 1]))
                ]
            )
        lead = rest[leads + lead_begin : leads + lead_end]
        found.append(ReadWord(read, bool(varies), lead, tuple(prices[own_first : own_first + lead[0]])))
        begin, lead_begin = letters_end, lead_end
        bound, own_first, rules = bound + 2 * (forms + 1), own_first + own, rules + forms
    return found
