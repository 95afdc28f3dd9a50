"""How does a text read to whoever types it without its marks? Folded, without diacritics, its letters in one form.

    folded -> marks above and below letters dropped -> letters with a stroke, ligatures and Arabic forms as the plain one

For looking up what somebody remembers, where more found is better than less: names are never compared so. The vowel
signs of Indic, Thai and kindred scripts stay: they are letters there.
"""

import re
import unicodedata
from typing import Final

from comity.names.fold import fold

_MARKS: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f]"
)
_FORMS: Final = str.maketrans(
    {
        **dict(zip("øłđðħıŧƶ", "olddhitz", strict=True)),
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        # Alef with wasla; alef maqsura and Farsi yeh; teh marbuta and the heh of Urdu and Kurdish; Farsi kaf.
        **dict(
            zip(
                "\u0671\u0649\u06cc\u0629\u06c1\u06be\u06d5\u06a9",
                "\u0627\u064a\u064a\u0647\u0647\u0647\u0647\u0643",
                strict=True,
            )
        ),
    }
)


def plain(text: str) -> str:
    """Return the text folded, without marks, every letter in its plain form. Doing so twice changes nothing.

    >>> plain("Łódź, MÜLLER")
    'lodz, muller'
    """
    folded = fold(text)
    if folded.isascii():
        return folded
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", folded))
    return fold(unicodedata.normalize("NFC", bare).translate(_FORMS))
