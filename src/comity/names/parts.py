"""Which parts does a name have? Words with their script and their role, and other ways to cut it.

    text -> folded -> words -> look-alike digits put right -> roles by custom and place -> Name

`parse_name` is bounded: at most 1,000 characters and 40 words are taken, more is an error.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, NamedTuple, get_args

from comity.errors import MalformedError
from comity.names.customs import FILIATIONS, PARTICLES, PATRONYMIC_ENDINGS, SUFFIXES, TITLES
from comity.names.fold import fold
from comity.names.readings import (
    language_cuts,
    may_be_family,
    name_splits,
    says_more,
    transcribed_splits,
    vietnamese_particles,
    vietnamese_words,
)
from comity.names.scripts import IDEOGRAPHS, LATIN_CHINESE, TRANSCRIBED, script_of
from comity.names.spoken_letters import LETTER_SPOKEN

Role = Literal["", "given", "family", "patronymic", "particle", "title", "suffix", "initial", "forebear"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)

LETTERS_MAX: Final = 1000
WORDS_MAX: Final = 40
_WORD_LETTERS_MAX: Final = 60

_APOSTROPHE_SCRIPTS: Final = frozenset({"hebrew"})
_UNSPACED: Final = frozenset({"han", "kana", "hangul"})
_JOINERS: Final = r"\-\u2010\u2011\u2012\u2013\u30a0"
_SCANNED_DIGITS: Final = str.maketrans("01358", "oiesb")
# Nobody writes two i: beside one a scanner's 1 is an l.
_ONE_FOR_L: Final = re.compile("1(?=i)|(?<=i)1")
_SPLITS_MAX: Final = 4
_ARTICLES: Final = frozenset("al el ul ad ed ud".split())
_FAITH: Final = frozenset("din dine deen dein addin".split())
_SERVANT: Final = "abd"
_SERVANT_ARTICLES: Final = frozenset("al el ul ad ar as ash at an az ed er es ech en ez et".split())
_DUTCH_ARTICLES: Final = frozenset("de den der het la las los".split())
_FOREIGN_LETTERS_MIN: Final = 5
_PATRONYMIC_LETTERS: Final = 6
_CUSTOMARY: Final = frozenset({*TITLES, *SUFFIXES, *PARTICLES, *FILIATIONS})
_WRITTEN_ON: Final = frozenset({*_ARTICLES, *_DUTCH_ARTICLES, _SERVANT})
_WITHOUT_FOREBEARS_MAX: Final = 3
_SYLLABIC_WORDS_MAX: Final = 3
_ELSEWHERE: Final = frozenset({"title", "particle", "initial"})
# Degrees that follow a name: at its beginning they are families, one of China's most usual among them.
_DEGREES: Final = frozenset({"ma", "ba"})
# Wade-Giles has an apostrophe behind what is aspirated, which is handed on as ħ.
_ASPIRATED: Final = re.compile(r"(ch|t[sz]|[ptk])['\u2018\u2019\u02bb\u02bc\u02bd`\u00b4](?=[aeiouh\u00fc])")


class Word(NamedTuple):
    """One word of a name: folded text, script, role where custom or place tells it.

    `joined` says that no blank, only a hyphen or nothing at all, parted it from the word before.
    """

    text: str
    script: str
    role: Role = ""
    joined: bool = False

    @property
    def bears_identity(self) -> bool:
        """Whether this word tells people apart: not a title, a particle or a generational suffix."""
        return self.role not in {"title", "particle", "suffix"}


@dataclass(frozen=True, slots=True)
class Name:
    """A parsed name: its folded text, its words, and for unspaced scripts other plausible cuts.

    `cuts` always begins with `words`.
    """

    text: str
    words: tuple[Word, ...]
    cuts: tuple[tuple[Word, ...], ...]

    @property
    def core(self) -> tuple[Word, ...]:
        """The words that tell people apart, or all words where there are no such."""
        return core_words(self.words)


def core_words(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return the words that tell people apart, or all of them where there are no such."""
    return tuple(word for word in words if word.bears_identity) or words


def parse_name(text: str, field: str = "name") -> Name:
    """Return the parts of a name in any script and any of the usual orders.

    Raises `MalformedError` with code `name-empty` (no letter or digit in it), `name-too-long` (over 1,000
    characters) or `name-too-many-words` (over 40), at `field`.

    >>> [word.role for word in parse_name("Dr. Ivan Petrovich DE VRIES").words]
    ['title', 'given', 'patronymic', 'particle', 'family']
    """
    words = parse_words(text, field)
    if is_plain_han(text):
        return Name(text, words, _unspaced_cuts(words, words[0]))
    return Name(" ".join(word.text for word in words), words, (*_cuts(words), *_aspirated_cuts(text)))


def parse_words(text: str, field: str = "name") -> tuple[Word, ...]:
    """Return the `words` of `parse_name` alone, in half the time; raises as it does."""
    if is_plain_han(text):
        # Most names in Han characters: nothing parts them, and no custom knows the word.
        return (Word(text, "han"),)
    if len(text) > LETTERS_MAX:
        raise MalformedError("name-too-long", field)
    pieces = _pieces(text if text.isascii() else _plainer(text))
    if not pieces:
        raise MalformedError("name-empty", field)
    if len(pieces) > WORDS_MAX:
        raise MalformedError("name-too-many-words", field)
    return _with_roles(pieces)


def is_plain_han(text: str) -> bool:
    """Return whether a name is some of the usual Han characters and no word that custom knows."""
    return (
        1 < len(text) <= _WORD_LETTERS_MAX
        and IDEOGRAPHS.fullmatch(text) is not None
        and text not in _CUSTOMARY
    )


class _Piece(NamedTuple):
    """A word as it stands in a text. `is_plain` says that no custom gives it a role, wherever it stands."""

    text: str
    script: str
    joined: bool
    capitals: bool
    before_comma: bool
    dotted: bool
    is_plain: bool
    word: Word


def _piece(text: str, script: str, *, joined: bool, capitals: bool, dotted: bool) -> _Piece:
    is_plain = (
        len(text) > 1
        and text not in _CUSTOMARY
        and not (len(text) > _PATRONYMIC_LETTERS and text.endswith(PATRONYMIC_ENDINGS))
    )
    return _Piece(
        text,
        script,
        joined,
        capitals,
        False,
        dotted,
        is_plain,
        Word(text, script, "", joined),  # noqa: FBT003
    )


_PARTING: Final = r",;:/\\()\[\]{}\"“”«»„<>|+&*?!=_~^#@%$§·・‧･•،؛။།"
_TOKEN: Final = re.compile(rf"[^\s{_PARTING}]+|,|،")
# What stands in brackets after a name in Han characters tells namesakes apart; it is no part of the name.
_REMARK: Final = re.compile(r"(?<=[\u3400-\u9fff])\s*\([\u3400-\u9fff]+\)")
# The Church romanisation of Hokkien writes nasal vowels so; passports write nothing.
_NASAL: Final = "\u207f"
_FOREIGN_DOT: Final = re.compile("[\u3400-\u9fff]\\s*[·・‧•∙⋅.=]|[·・‧•∙⋅.=]\\s*[\u3400-\u9fff]")
_SIGN: Final = re.compile(rf"[{_PARTING}.∙⋅]")
"""What says more than that two words are two: most names have none of these."""
_BREAK: Final = re.compile(rf"[.{_JOINERS}]")


def _plainer(text: str) -> str:
    """Return a text with compatibility forms joined, without remarks and signs of nasal vowels."""
    return _REMARK.sub("", unicodedata.normalize("NFKC", text.replace(_NASAL, "")))


def _pieces(text: str) -> list[_Piece]:
    """Cut a text into words; punctuation is dropped, what it said is kept."""
    if not _SIGN.search(text):
        return [piece for chunk in text.split() for piece in _chunk_pieces(chunk)]
    found: list[_Piece] = []
    comma_at = -1
    for token in _TOKEN.finditer(text.replace("<", " ")):
        chunk = token.group()
        if chunk in {",", "،"}:
            if comma_at < 0 and found:
                comma_at = len(found)
            continue
        found.extend(_chunk_pieces(chunk))
    if _FOREIGN_DOT.search(text):
        found = [_transcribed(piece) if piece.script == "han" else piece for piece in found]
    if 0 < comma_at < len(found):
        found = [piece._replace(before_comma=place < comma_at) for place, piece in enumerate(found)]
    return found


def _transcribed(piece: _Piece) -> _Piece:
    return piece._replace(script=TRANSCRIBED, word=piece.word._replace(script=TRANSCRIBED))


@lru_cache(maxsize=16_384)
def _chunk_pieces(chunk: str) -> tuple[_Piece, ...]:
    """Cut what stands between two blanks at hyphens and dots."""
    if chunk.isascii() and chunk.isalpha():
        # Most words: plain letters alone, which need no folding but to lower case.
        text = chunk.lower()[:_WORD_LETTERS_MAX]
        capitals = len(text) > 1 and chunk.isupper() and text not in TITLES
        return (_piece(text, "latin", joined=False, capitals=capitals, dotted=False),)
    pieces: list[_Piece] = []
    whole = fold(chunk)
    if whole in TITLES or whole.strip(".") in TITLES:
        text, script = whole.strip("."), script_of(whole)
        dotted = chunk.endswith(".")
        return (_piece(text, script, joined=False, capitals=False, dotted=dotted),)
    dots = [match.group() == "." for match in _BREAK.finditer(chunk)]
    for place, part in enumerate(_BREAK.split(chunk)):
        text, script = _clean(whole if part == chunk else fold(part))
        if text:
            capitals = len(text) > 1 and part.isupper() and not part.islower()
            dotted = place < len(dots) and dots[place]
            if dotted and text in LETTER_SPOKEN:
                text, script = LETTER_SPOKEN[text], "latin"
            pieces.append(_piece(text, script, joined=bool(pieces), capitals=capitals, dotted=dotted))
    return tuple(pieces)


def _clean(word: str) -> tuple[str, str]:
    """Return a word without signs that are neither letters nor digits, and its script."""
    script = script_of(word)
    if word.isalpha():
        return word[:_WORD_LETTERS_MAX], script
    keep = "'" if script in _APOSTROPHE_SCRIPTS else ""
    text = "".join(letter for letter in word if letter in keep or unicodedata.category(letter)[0] in "LMN")[
        :_WORD_LETTERS_MAX
    ]
    if keep:
        text = text.lstrip(keep)
    if script == "latin" and any(letter.isdigit() for letter in text) and not text.isdigit():
        # A scanner reads O as 0 and I as 1; no person's name mixes letters and digits. Vessels' do, with a
        # number at the end, which stays.
        stem = text.rstrip("0123456789")
        tail = text[len(stem) :]
        stem = _ONE_FOR_L.sub("l", stem)
        text = stem.translate(_SCANNED_DIGITS) + (tail if len(tail) > 1 else tail.translate(_SCANNED_DIGITS))
    return text, script


def _with_roles(pieces: list[_Piece]) -> tuple[Word, ...]:
    has_comma = True in [piece.before_comma for piece in pieces]
    mixed_case = len({piece.capitals for piece in pieces if len(piece.text) > 1}) > 1
    if not (has_comma or mixed_case or False in [piece.is_plain for piece in pieces]):
        return _with_forebears(tuple([piece.word for piece in pieces]))
    words: list[Word] = []
    for place, piece in enumerate(pieces):
        role = "" if piece.is_plain and not place else _role(piece, place, pieces)
        if not role and mixed_case:
            role = "family" if piece.capitals else "given"
        elif not role and has_comma:
            role = "family" if piece.before_comma else "given"
        words.append(Word(piece.text, piece.script, role, piece.joined))
    if not any(word.bears_identity for word in words):
        # "Le An", "San Ben": where nothing else remains, particles are names.
        words = [Word(word.text, word.script, "", word.joined) for word in words]
    return _with_forebears(tuple(words))


def _with_forebears(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return the words of a name in Arabic script, what stands between its second and its last marked as forebears.

    Father's and grandfather's names follow one's own without a sign; papers give three words of it, or five. The second
    word is the father's name or half of one's own: it tells people apart.
    """
    if len(words) <= _WITHOUT_FOREBEARS_MAX or words[-1].script != "arabic":
        return words
    core = [place for place, word in enumerate(words) if word.bears_identity]
    if len(core) <= _WITHOUT_FOREBEARS_MAX or any(words[place].script != "arabic" for place in core):
        return words
    between = {place for place in core[2:-1] if not words[place].role}
    return tuple(
        word._replace(role="forebear") if place in between else word for place, word in enumerate(words)
    )


def _role(piece: _Piece, place: int, pieces: list[_Piece]) -> Role:
    """Return the role that custom gives a word, "" where only its place or its capitals tell one."""
    last = place == len(pieces) - 1
    if piece.text in TITLES and (
        piece.dotted or (not last and not piece.joined and (place > 1 or piece.text not in _DEGREES))
    ):
        return "title"
    if piece.text in SUFFIXES and place >= 2:
        return "suffix"
    if piece.text in PARTICLES and not last and len(pieces) > 1:
        return "particle"
    if len(piece.text) == 1 and piece.script in {"latin", "cyrillic", "greek", "armenian", "georgian"}:
        return "initial"
    if place and pieces[place - 1].text in FILIATIONS:
        return "patronymic"
    if (
        place
        and len(pieces) > 2
        and piece.text.endswith(PATRONYMIC_ENDINGS)
        and len(piece.text) > _PATRONYMIC_LETTERS
    ):
        return "patronymic"
    return ""


def _written_on(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return the words with three of them written as one where many write them so.

    Saif al-Din is Seifeddine, the article taking the sound of the d; Abd al-Karim is Abdulkarim; Van Den Berghe is
    Vandenberghe.
    """
    for place in range(len(words) - 2):
        one, middle, last = words[place : place + 3]
        if not one.script == middle.script == last.script == "latin":
            continue
        if middle.text in _ARTICLES and last.text in _FAITH and one.bears_identity:
            text = one.text + "ed" + last.text
        elif one.text == _SERVANT and middle.text in _SERVANT_ARTICLES and len(last.text) > 2:
            text = one.text + "ul" + last.text
        elif one.text in {"van", "von", "de"} and middle.text in _DUTCH_ARTICLES and last.bears_identity:
            text = one.text + middle.text + last.text
        else:
            continue
        return (
            *words[:place],
            Word(text[:_WORD_LETTERS_MAX], "latin", last.role, one.joined),
            *words[place + 3 :],
        )
    return words


def _may_be_transcribed(core: tuple[Word, ...]) -> bool:
    """Whether words of Han characters parted by blanks are more than a native's name has."""
    return (
        all(word.script == "han" for word in core)
        and sum(len(word.text) for word in core) >= _FOREIGN_LETTERS_MIN
    )


def _has_role(words: tuple[Word, ...], role: Role) -> bool:
    return any(word.role == role for word in words)


def _syllabic_cuts(words: tuple[Word, ...]) -> tuple[tuple[Word, ...], ...]:
    """Return the words as family and given name where they may be a Chinese or Korean name in Latin letters.

    A Vietnamese one is cut into its syllables where some are written as one.

    What is a particle, an initial or a title elsewhere is a family there: An, Do, the Korean I, Tuan.
    """
    names = [word for word in words if word.role not in {"title", "suffix"}]
    if all(word.joined for word in names[1:]):
        names = [word for word in words if word.role != "suffix"]
    if _has_role(words, "particle") and vietnamese_particles([word.text for word in words]):
        return (tuple(Word(word.text, "latin") for word in words),)
    texts: list[str] = []
    for word in names:
        if word.joined and texts:
            texts[-1] += word.text
        else:
            texts.append(word.text)
    if not 2 <= len(texts) <= _SYLLABIC_WORDS_MAX:
        return ()
    apart = vietnamese_words(texts)
    cuts = [tuple(Word(text, "latin") for text in apart)] if apart else []
    if may_be_family(texts[0]) or may_be_family(texts[-1]):
        is_told = len(texts) > 2 or any(word.joined or word.role in _ELSEWHERE for word in names)
        cuts += [
            (Word(family, language), Word(given, language))
            for language, family, given in language_cuts(texts)
            if is_told or says_more(family, given, language)
        ]
    return tuple(cuts)


def _aspirated_cuts(text: str) -> tuple[tuple[Word, ...], ...]:
    """Return a Chinese name by Wade-Giles with its apostrophes read, nothing of other names: Ts'an, not Tsan."""
    lower = text.lower()
    if not _ASPIRATED.search(lower):
        return ()
    words = _with_roles(_pieces(_ASPIRATED.sub(r"\1ħ", lower)))
    return tuple(cut for cut in _syllabic_cuts(words) if cut[0].script == LATIN_CHINESE)


def _cuts(words: tuple[Word, ...]) -> tuple[tuple[Word, ...], ...]:
    """Return the words as they stand, then other cuts of a name written without blanks."""
    if _UNSPACED.isdisjoint([word.script for word in words]):
        syllabic = _syllabic_cuts(words)
        if syllabic or len(words) < 3 or _WRITTEN_ON.isdisjoint([word.text for word in words]):
            return (words, *syllabic)
    core = core_words(words)
    written_on = _written_on(words) if len(words) > 2 else words
    if written_on is not words:
        return words, written_on
    if len(core) > 1 and _may_be_transcribed(core):
        return words, tuple(
            word._replace(script=TRANSCRIBED) if word.script == "han" else word for word in words
        )
    if len(core) != 1 or core[0].script not in _UNSPACED or len(core[0].text) < 2:
        return (words,)
    return _unspaced_cuts(words, core[0])


def _unspaced_cuts(words: tuple[Word, ...], core: Word) -> tuple[tuple[Word, ...], ...]:
    """Return the words as they stand, then other cuts of the one that tells people apart, which has no blanks."""
    cuts = [words]
    text, script = core.text, core.script
    for split in name_splits(text)[:_SPLITS_MAX]:
        cut = _cut_into(split, script)
        if cut and cut not in cuts:
            cuts.append(cut)
    if script == "han":
        cuts += [_cut_into(split, TRANSCRIBED) for split in ((text,), *transcribed_splits(text))]
    return tuple(cuts)


def _cut_into(split: tuple[str, ...], script: str) -> tuple[Word, ...]:
    return tuple([Word(part, script, "", place > 0) for place, part in enumerate(split)])  # noqa: FBT003
