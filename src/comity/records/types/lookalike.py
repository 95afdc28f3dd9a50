"""How two identifiers that have the same key meet: as written, but for spacing, or but for look-alikes."""

from dataclasses import dataclass

from comity.records.fieldtype import FieldType, Json
from comity.records.types.identifier import compact

SAME = "same"
SPACING = "spacing"
LOOK_ALIKE = "look-alike"


@dataclass(frozen=True, slots=True)
class Meeting:
    """How two values meet. `pairs` are the characters confused, asked and held: `("O", "0")`.

    `rule` is `same` (as written), `spacing` (separators, case, accents or the script of the digits
    differ, or a part that does not name the thing was left out) or `look-alike` (at least one character
    is another that looks the same).
    """

    rule: str
    pairs: tuple[tuple[str, str], ...] = ()


def meeting(type_: FieldType, asked: Json, held: Json) -> Meeting | None:
    """Return how a value that was asked meets a value that is held, or None where they do not.

    Both are canonical values of `type_`. Two values whose keys merely share a hash do not meet.

    >>> from comity.records.types.document import DOCUMENT_NUMBER
    >>> meeting(DOCUMENT_NUMBER, "A1O", "A10")
    Meeting(rule='look-alike', pairs=(('O', '0'),))
    """
    if asked == held:
        return Meeting(SAME)
    if type_.key(asked) != type_.key(held):
        return None
    left, right = compact(str(asked)), compact(str(held))
    if left == right or len(left) != len(right):
        return Meeting(SPACING)
    pairs = {(one, other): None for one, other in zip(left, right, strict=True) if one != other}
    return Meeting(LOOK_ALIKE, tuple(pairs))
