"""How much memory do the words take that somebody asked for, as more and more are?

    python benchmarks/speed/words_kept.py [--words 70000]

invented words of four scripts, each asked once, every other one with a neighbour -> memory beyond that at the start

What is kept of words spares reading them again; it must not grow for as long as a node is served.
"""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

from comity.index.names.query import pair_part, word_part

STEPS = 7
PAGE_BYTES = 4096
LETTERS: Sequence[tuple[str, str, int, int]] = (
    ("latin", "abcdefghiklmnoprstuvyz", 4, 9),
    ("latin", "aeioubdgklmnrst", 4, 9),
    ("arabic", "ابتثجحدرزسشصطعفقكلمنهوي", 3, 6),
    ("cyrillic", "абвгдеиклмнопрстухшя", 4, 8),
    ("hangul", "".join(chr(0xAC00 + place * 97 % 11_172) for place in range(400)), 1, 3),
)
"""A script, its letters, and of how many a word is made."""


def memory_mb() -> float:
    """Return what of this process is in memory."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * PAGE_BYTES / 1e6


def ask(drawn: random.Random, count: int) -> None:
    """Ask for so many words, and for half as many pairs of two others."""
    for place in range(count):
        word_part(*_word(drawn))
        if place % 2:
            pair_part(*_word(drawn), *_word(drawn))


def _word(drawn: random.Random) -> tuple[str, str]:
    script, letters, least, most = drawn.choice(LETTERS)
    return "".join(drawn.choices(letters, k=drawn.randint(least, most))), script


def main() -> None:
    """Print a line a step."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--words", type=int, default=70_000)
    each = options.parse_args().words // STEPS
    drawn = random.Random(5)  # invented words
    ask(drawn, 100)
    before = memory_mb()
    print(f"{'words asked for':>16}{'MB':>8}")
    for step in range(1, STEPS + 1):
        ask(drawn, each)
        print(f"{step * each:>16,}{memory_mb() - before:>8.0f}", flush=True)


if __name__ == "__main__":
    main()
