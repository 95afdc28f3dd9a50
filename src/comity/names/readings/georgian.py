"""Georgian: the national romanisation of 2002 without its apostrophes; a foreign name ends in an i of its own."""

from comity.names.readings.reading import Reading, best_paths, choice_table, ranked

_LETTERS = choice_table(
    "ა a, ბ b, გ g, დ d, ე e, ვ v, ზ z, თ t, ი i, კ k c:0.1, ლ l, მ m, ნ n, ო o, პ p, "
    "ჟ zh j:0.3, რ r, ს s, ტ t, უ u, ფ p f:0.3 ph:0.2, ქ k q:0.1, ღ gh g:0.3, ყ q k:0.5, "
    "შ sh, ჩ ch, ც ts c:0.2, ძ dz, წ ts, ჭ ch, ხ kh h:0.2, ჯ j dj:0.2, ჰ h, ჲ y, ჳ w, ჴ q, "
    "ჵ o"
)
_VOWELS = frozenset("აეიოუ")
_NATIVE_ENDINGS = ("შვილი", "ძე", "ური", "ული", "ელი", "ავა", "უა", "იანი")


def read_georgian(word: str) -> tuple[Reading, ...]:
    """Return the readings of a Georgian word.

    >>> read_georgian("შავგულიძე")[0].text
    'shavgulidze'
    """
    lowered = word.lower()
    places = [_LETTERS[letter] for letter in lowered if letter in _LETTERS]
    foreign = len(lowered) > 3 and lowered.endswith("ი") and lowered[-2] not in _VOWELS
    if foreign and places:
        # The ending of the nominative: part of a Georgian surname, none of a foreign one.
        native = lowered.endswith(_NATIVE_ENDINGS)
        places[-1] = (("i", 1.0), ("", 0.2)) if native else (("i", 1.0), ("", 0.8))
    return ranked(Reading(text, weight, "georgian-national") for text, weight in best_paths(places, 10))
