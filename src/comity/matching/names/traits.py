"""What a comparison must know of a word beside its forms, as one row of small numbers."""

from typing import Final, get_args

from comity.names.parts import Role, Word
from comity.names.scripts import SCRIPTS, TRANSCRIBED

TEXT, SUFFIX, SCRIPT, ROLE, LENGTH, BEGINS, ENDS, MARKS, FORMS, FORMS_END, SIGNS = range(11)
"""Places in the row: the text's number, that of the suffix it means, script, role, length in characters, its first
and last vowel where they tell names apart, marks, where its forms begin and end, where its characters begin."""
TRAITS_COUNT: Final = 11

WORD, IDENTITY, OPTIONAL = 1, 2, 4
"""Marks: one word and not two joined; it tells people apart; custom lets it come and go."""

ROLES: Final[dict[str, int]] = {role: number for number, role in enumerate(get_args(Role))}
SUFFIX_ROLE, PATRONYMIC_ROLE = ROLES["suffix"], ROLES["patronymic"]
SCRIPT_NUMBERS: Final = {script: number for number, script in enumerate(SCRIPTS)}
LATIN, HAN, HAN_TRANSCRIBED = (SCRIPT_NUMBERS[script] for script in ("latin", "han", TRANSCRIBED))
VOWELS: Final = {"a": 1, "o": 2, "u": 3}
_SUFFIXES: Final = {"junior": "jr", "jnr": "jr", "senior": "sr", "snr": "sr"}


def suffix_meant(text: str) -> str:
    """Return a generational suffix in its short form: Junior and Jr say the same."""
    return _SUFFIXES.get(text, text)


def marks_of(word: Word) -> int:
    """Return what a word's role and length say of it."""
    return (_MARKS if len(word.text) > 1 else _MARKS_OF_ONE)[word.role]


def _marks(role: Role) -> int:
    marks = WORD | (IDENTITY if Word("", "", role).bears_identity else 0)
    return marks | (OPTIONAL if role in {"patronymic", "initial", "forebear"} else 0)


_MARKS: Final = {role: _marks(role) for role in get_args(Role)}
_MARKS_OF_ONE: Final = {role: marks | OPTIONAL for role, marks in _MARKS.items()}
