"""Which stretches of a text may be a name in another spelling or script? Those whose words sound like its own.

texts -> pieces that may be names, with their sounds -> those that sound like a word of the name
      -> stretches in which enough of its words are heard -> to be compared with it
"""

from collections.abc import Iterator, Sequence
from typing import Final

from comity.names.hearing import Piece, pieces

WORDS_NEEDED: Final = 2
"""So many words of a name must be heard, or its only one."""

STRETCHES_MAX: Final = 20
"""So many stretches of a message are compared for each name."""


class Heard:
    """A name as it is heard: the sounds of each of its words, and how many of these must be heard."""

    def __init__(self, words: Sequence[frozenset[str]]) -> None:
        self.words = tuple(words)
        self.needed = min(WORDS_NEEDED, len(self.words))
        self.sounds = frozenset[str]().union(*self.words)

    def meets(self, piece: Piece) -> frozenset[int]:
        """Return which words of the name a piece of a text sounds like."""
        if self.sounds.isdisjoint(piece.sounds):
            return frozenset()
        return frozenset(
            place for place, sounds in enumerate(self.words) if not sounds.isdisjoint(piece.sounds)
        )


def spellings(texts: Sequence[str], names: Sequence[Heard]) -> list[str]:
    """Return the stretches of these texts that may be one of these names."""
    if not names:
        return []
    found: dict[str, None] = {}
    for text in texts:
        some = list(pieces(text))
        for name in names:
            for place, stretch in enumerate(_stretches(some, name)):
                if place == STRETCHES_MAX:
                    break
                found[stretch] = None
    return list(found)


def _stretches(some: Sequence[Piece], name: Heard) -> Iterator[str]:
    met = [(piece, words) for piece in some if (words := name.meets(piece))]
    for place, (first, words) in enumerate(met):
        if len(words) >= name.needed:
            yield first.text
        heard, texts, end = set(words), [first.text], first.end
        for piece, others in met[place + 1 :]:
            if piece.start > end + 1 or piece.end > first.start + len(name.words) + 2:
                break
            if piece.start < end or others <= heard:
                continue
            heard |= others
            texts.append(piece.text)
            end = piece.end
            if len(heard) >= name.needed:
                yield " ".join(texts)
