"""Names as lists crowd them together: brackets, spellings in two scripts, `a.k.a.`, commas.

one cell -> the name itself, without its additions -> its spellings, other names, original script
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from comity.names.scripts import script_of
from comity.records.fieldtype import Json
from comity.records.types.text import NAME
from comity.sources.texts import distinct, fitting, split_outside_brackets

BRACKETS = re.compile(r"\s*[(（]([^()（）]*)[)）]")
OTHERWISE = re.compile(r"\b(?:a\.?k\.?a\.?|alias|or|also known as)(?![a-z])[:.]?\s*", re.IGNORECASE)
KNOWN_AS = re.compile(r"\s*\b(?:a\.k\.a\.?|aka)(?![a-z])[:.]?\s*", re.IGNORECASE)
SCRIPT_LABEL = re.compile(r"^(?:in )?[A-Z][a-z]+(?: spelling| script)?\s?:\s*")
ACRONYM = re.compile(r"[A-ZА-ЯЁІЇ0-9][\w&./-]{1,11}")
QUOTES = (("‘", "’"), ("“", "”"), ("«", "»"), ('"', '"'), ("'", "'"))
SLASH = re.compile(r"\s*/\s*|\s+or\s+")
SPACED_SLASH = re.compile(r"\s/\s*|\s*/\s")
MAIDEN = re.compile(r",?\s*(?:\bn[ée]e|[-–]\s*born)\s+(\S+)\s*$", re.IGNORECASE)
MAIDEN_WORDS = ("née", "nee", "born")
LEGAL_FORM = re.compile(
    r"\b(?:ltd|inc|co|llc|llp|jsc|pjsc|gmbh|s\.?a|corp|limited|company|lda|plc)\b", re.IGNORECASE
)
LEGAL_FORM_MAX = 4
LISTED_MIN = 4
LIKE_MIN = 0.8
SPELLINGS_MIN = 3
MARKS = " ,;:–—-/"
PIECES_MAX = 60


def listed_names(text: str, type_: str, *, is_person: bool) -> list[Json]:
    """Return the names that one name of a list states: itself as `type_`, then what it says beside.

    Another script becomes `original`, spellings and other names `alias`, single words and acronyms `weak`.

    >>> listed_names("Jamal AL-KHATIB جمال الخطيب", "primary", is_person=True)[1]
    {'name': 'جمال الخطيب', 'type': 'original'}
    """
    first, *others = _alternatives(text, is_person=is_person)
    found = _stated(first, type_, is_person=is_person)
    for other in others:
        found += _stated(other, "alias" if type_ == "primary" else type_, is_person=is_person)
    return distinct([name for name in found if name is not None and _is_name(name)])


def _alternatives(text: str, *, is_person: bool) -> list[str]:
    """Return the names between slashes: whole ones, or another spelling of the last word."""
    if "/" not in text and not (is_person and "or" in text):
        return [text]
    parts = [part for part in (SLASH if is_person else SPACED_SLASH).split(text) if part.strip(MARKS)]
    if not is_person and len({_script(part) for part in text.split("/")}) > 1:
        parts = text.split("/")
    if len(parts) < 2 or "(" in text.partition("/")[0].rpartition(")")[2]:
        return [text]
    first = parts[0].split()
    return [
        part if len(part.split()) > 1 or not is_person or len(first) < 2 else " ".join([*first[:-1], part])
        for part in parts
    ]


def _stated(text: str, type_: str, *, is_person: bool) -> list[Json | None]:
    bare, beside = _without_brackets(text, is_person=is_person)
    own, *others = _known_as(bare)
    own, maiden = _without_maiden(own) if is_person else (own, "")
    latin, script = _by_script(own, is_person=is_person)
    found = [_named(latin or script, "original" if type_ != "primary" and not latin else type_)]
    found += [_named(script, "original")] if latin and script else []
    found += [_named(maiden, "maiden")] if maiden else []
    for other in others:
        left, tail = _by_script(other, is_person=is_person)
        found += [_named(tail, "original")] if tail else []
        for piece in _pieces(left):
            found.append(_beside(piece, latin, is_person=is_person))
    for piece, place in beside:
        found.append(_in_place(piece, own[:place].rstrip(), own[place:], is_person=is_person))
    return found


def _known_as(text: str) -> list[str]:
    """Return the names that `a.k.a.` parts; most texts have none, and are not searched for it."""
    lower = text.lower()
    return KNOWN_AS.split(text) if "aka" in lower or "a.k.a" in lower else [text]


def _without_maiden(text: str) -> tuple[str, str]:
    """Return the name without `née X`, and the name at birth: X in the place of the last word."""
    lower = text.lower()
    match = MAIDEN.search(text) if any(word in lower for word in MAIDEN_WORDS) else None
    if match is None:
        return text, ""
    own = text[: match.start()].strip(MARKS)
    return own, " ".join([*own.split()[:-1], match[1]])


def aliases(text: str, type_: str, *, is_person: bool) -> list[Json]:
    """Return the names in a cell of aliases, which semicolons part, and for persons often commas.

    Commas part spellings ("Hilal, Hillal, Helal") but also surname and forename ("Hilal, Adnan"); where
    they may do either, the whole is kept beside its parts.
    """
    found: list[Json] = []
    for cell in split_outside_brackets(text, ";") if text else ():
        for piece in _spellings(cell.strip()) if is_person else _list(cell.strip()):
            if piece:
                found += listed_names(
                    piece, _alias_type(piece, type_, is_person=is_person), is_person=is_person
                )
    return distinct(found)


def _alias_type(piece: str, type_: str, *, is_person: bool) -> str:
    # One word of a person's name is a spelling or a nickname, and finds too many others to stand alone.
    is_word = is_person and len(piece.split()) == 1 and _script(piece) == "latin"
    return "weak" if is_word and type_ == "alias" else type_


def _spellings(cell: str) -> list[str]:
    if KNOWN_AS.search(cell) or "(" in cell:
        return [cell]
    parts = [part.strip() for part in cell.split(",") if part.strip()]
    if len(parts) < 2:
        return [cell]
    scripts = {_script(part) for part in parts}
    if len(parts) >= SPELLINGS_MIN or len(scripts) > 1:
        return parts
    if all(len(part.split()) > 1 for part in parts):
        return [*parts, cell]
    return parts if _are_like(*parts) else [cell]


def _list(cell: str) -> list[str]:
    """Return the names in a cell on an organisation: commas are mostly a part of the name."""
    parts = [part.strip() for part in split_outside_brackets(cell, ",") if part.strip()]
    is_list = len(parts) >= LISTED_MIN and not LEGAL_FORM.search(cell)
    return parts if is_list or len({_script(part) for part in parts}) > 1 else [cell]


# The same words come several times, as a name is taken apart; most are plain Latin.
@lru_cache(maxsize=8192)
def _script(text: str) -> str:
    if text.isascii():
        return "latin" if text.isalpha() or any(map(str.isalpha, text)) else ""
    return script_of(text)


def _are_like(one: str, other: str) -> bool:
    return JaroWinkler.similarity(one.lower(), other.lower()) >= LIKE_MIN


def _without_brackets(text: str, *, is_person: bool) -> tuple[str, list[tuple[str, int]]]:
    """Return the text without its brackets, and each bracket's pieces with the place it stood at."""
    if "(" not in text and "（" not in text:
        return text.strip(), []
    kept, beside, end = "", list[tuple[str, int]](), 0
    for match in BRACKETS.finditer(text):
        inner, is_last = match[1].strip(), not text[match.end() :].strip(MARKS)
        is_other_script = _script(inner) not in {"", "latin", _script(text[end : match.start()])}
        kept += text[end : match.start()]
        end = match.end()
        if is_person or is_last or is_other_script or KNOWN_AS.match(inner):
            beside += [(piece, len(kept.rstrip())) for piece in _pieces(inner)]
        else:
            # "Halcyon (HK) Limited": in the midst of a company's name the bracket is a part of it.
            kept += match[0]
    return (kept + text[end:]).strip(), beside[:PIECES_MAX]


def _pieces(text: str) -> Iterator[str]:
    for part in re.split(r"[,;،]", OTHERWISE.sub(";", SCRIPT_LABEL.sub("", text))):
        if piece := SCRIPT_LABEL.sub("", part.strip(MARKS)).strip(MARKS):
            yield piece


def _by_script(text: str, *, is_person: bool) -> tuple[str, str]:
    """Return the text up to where another script begins and stays, and what follows; marks trimmed."""
    if text.isascii():
        return text.strip(MARKS), ""
    words = text.split()
    place = len(words)
    while place and _script(words[place - 1]) != "latin":
        place -= 1
    if any(_script(word) not in {"", "latin"} for word in words[:place]):
        # One Latin letter among Cyrillic ones is a slip of the keyboard.
        return (text.strip(MARKS), "") if _script(text) == "latin" else ("", text.strip(MARKS))
    tail = words[place:]
    if not any(_script(word) for word in tail):
        return text.strip(MARKS), ""
    if not is_person and len(" ".join(words[:place])) <= LEGAL_FORM_MAX:
        # The Latin word is a legal form typed in the wrong alphabet: "OOO Гранит".
        return "", text.strip(MARKS)
    while tail and not _script(tail[0]):
        tail = tail[1:]
    return " ".join(words[:place]).strip(MARKS), " ".join(tail).strip(MARKS)


def _beside(piece: str, name: str, *, is_person: bool) -> Json | None:
    """Return another name that follows a name: a whole one, or another spelling of the word most like it."""
    words = name.split()
    if not is_person or len(piece.split()) > 1 or len(words) < 2:
        return _named(piece, _other_type(piece))
    likeness = [JaroWinkler.similarity(word.lower(), piece.lower()) for word in words]
    if max(likeness) < LIKE_MIN:
        return _named(piece, "weak")
    place = likeness.index(max(likeness))
    return _named(" ".join([*words[:place], piece, *words[place + 1 :]]), "alias")


def _in_place(piece: str, before: str, after: str, *, is_person: bool) -> Json | None:
    """Return another name from brackets: a whole one, or another spelling of the word before them."""
    if _script(piece) not in {"", "latin"} and _script(before) == "latin":
        return _named(piece, "original")
    words = before.split()
    if is_person and words and len(piece.split()) == 1 and len(words) + len(after.split()) > 1:
        return _named(" ".join([*words[:-1], piece, *after.split()]), "alias")
    return _named(piece, "original" if _script(piece) not in {"", "latin"} else _other_type(piece))


def _other_type(piece: str) -> str:
    return "weak" if ACRONYM.fullmatch(piece) else "alias"


def _named(text: str, type_: str) -> Json | None:
    bare = text.strip(MARKS)
    if bare.count("(") != bare.count(")"):
        bare = bare.replace("(", " ").replace(")", " ").strip(MARKS)
    for opening, closing in () if bare[:1].isalnum() else QUOTES:
        if bare.startswith(opening) and bare.endswith(closing) and closing not in bare[1:-1]:
            bare = bare[1:-1].strip()
    return {"name": bare, "type": type_} if bare else None


def _is_name(name: Json) -> bool:
    return isinstance(name, dict) and fitting(NAME, name["name"]) is not None
