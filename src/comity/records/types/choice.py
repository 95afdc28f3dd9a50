"""Fields that take one code of a closed list, and the words that people write for the codes."""

from collections.abc import Callable, Mapping

from comity.errors import MalformedError
from comity.records.fieldtype import Comparison, FieldType, Json
from comity.records.types.text import parse_line

NO_WORDS: Mapping[str, str] = {}


def choice(name: str, codes: tuple[str, ...], words: Mapping[str, str] = NO_WORDS) -> FieldType:
    """Return the field type whose values are `codes`, written in any case.

    `words` gives further spellings, in lower case, and the code each stands for. Anything else is
    `not-a-choice`.
    """
    return FieldType(name, Comparison.CODE, _parser(codes, words), choices=codes)


def _parser(codes: tuple[str, ...], words: Mapping[str, str]) -> Callable[[Json, str], Json]:
    known = {code.lower(): code for code in codes} | dict(words)

    def parse(value: Json, field: str) -> Json:
        word = parse_line(value, field, 100).lower()
        code = known.get(word) or known.get(word.replace(" ", "_").replace("-", "_"))
        if code is None:
            raise MalformedError("not-a-choice", field)
        return code

    return parse
