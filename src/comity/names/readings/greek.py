"""Greek: ELOT 743 first, then what people make of its double letters (αυ, ευ, ου, γγ, μπ, ντ)."""

import unicodedata

from comity.names.readings.reading import Choice, Reading, best_paths, choice_table, ranked

_LETTERS = choice_table(
    "α a, β v b:0.3, γ g y:0.1, δ d dh:0.1, ε e, ζ z, η i e:0.3 ee:0.05, θ th t:0.15, ι i, "
    "κ k c:0.25, λ l, μ m, ν n, ξ x ks:0.3, ο o, π p, ρ r, σ s sh:0.06, ς s, τ t, "
    "υ y i:0.5 u:0.2, φ f ph:0.4, χ ch h:0.6 kh:0.3, ψ ps, ω o, αι ai e:0.5, ει ei i:0.8, "
    "οι oi i:0.5, υι yi i:0.5, ου ou u:0.8, γγ ng gg:0.3, γκ gk g:0.9 nk:0.3 ng:0.3, "
    "γχ nch nh:0.3, γξ nx, μπ b mp:0.9, ντ nt d:0.8, τσ ts ch:0.5, τζ tz dz:0.3 j:0.6, "
    "τσι tsi ci:0.1 chi:0.3, ια ia ya:0.15, ϊ i, ϋ y u:0.3, κσ x ks:0.5, σσ ss s:0.7 sh:0.1, "
    "λλ ll l:0.5"
)
_VOICED = frozenset("αεηιουωβγδζλμνρ")
_FALLING = {"αυ": ("a", "av", "af", "au"), "ευ": ("e", "ev", "ef", "eu"), "ηυ": ("i", "iv", "if", "iu")}


def _falling(pair: str, following: str) -> tuple[Choice, ...]:
    """αυ and ευ sound v before a voiced letter and f before others; scholars write u."""
    _, voiced, voiceless, scholarly = _FALLING[pair]
    first, second = (voiced, voiceless) if following in _VOICED and following else (voiceless, voiced)
    return ((first, 1.0), (second, 0.4), (scholarly, 0.4))


def _places(word: str) -> list[tuple[Choice, ...]]:
    places: list[tuple[Choice, ...]] = []
    place = 0
    while place < len(word):
        pair = word[place : place + 2]
        if pair in _FALLING:
            places.append(_falling(pair, word[place + 2 : place + 3]))
            place += 2
            continue
        length = next((size for size in (3, 2) if word[place : place + size] in _LETTERS), 1)
        found = _LETTERS.get(word[place : place + length], ())
        if word[place : place + length] in {"μπ", "ντ", "γκ"} and place == 0:
            # At the beginning of a word these write b, d and g, and nothing else.
            found = tuple(sorted(found, key=lambda choice: len(choice[0])))
            found = ((found[0][0], 1.0), *((piece, 0.3) for piece, _ in found[1:]))
        places.append(found)
        place += length
    return [found for found in places if found]


def fold_greek(word: str) -> str:
    """Return the word without accents; a diaeresis stays, it keeps two vowels apart."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    bare = "".join(letter for letter in decomposed if letter == "̈" or not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare)


def read_greek(word: str) -> tuple[Reading, ...]:
    """Return the readings of a Greek word.

    >>> read_greek("παπανδρέου")[0].text
    'papandreou'
    """
    paths = best_paths(_places(fold_greek(word)), 10)
    return ranked(
        Reading(text, weight, "greek-elot" if rank == 0 else "greek-usual")
        for rank, (text, weight) in enumerate(paths)
    )
