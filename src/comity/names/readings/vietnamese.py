"""Vietnamese names in Latin letters whose given names are written as one: which syllables are they?

    nguyen, thanhnam -> nguyen, thanh, nam        le van tam -> the same three, none of them a particle

Tickets and some passports join what Vietnamese writes apart. Le, La and Do are families and Van a middle name there,
which are particles elsewhere. Source: the spelling of Vietnamese (chữ quốc ngữ) without
its marks, initial by rime; the families that nine in ten bear, and others of the General Statistics Office's list that
are taken for such where a middle name follows that nobody else's name begins with.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

_FAMILIES: Final = frozenset(
    "nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly dinh trinh dao truong doan luong vuong".split()
)
_OTHER_FAMILIES: Final = frozenset(
    """
    mai ha chu ta thai lam to tang cao quach phung la luu cu kieu vi nong ton mac than nghiem phi trang tong au lai tieu
    thach giang quan chau chung diep doi giap han khuc khuong lieu lo lu ma mach ninh nhan ong phuong sam ung van vien vu
    """.split()
)
_MIDDLE: Final = re.compile(
    "(?:thi|van|huu|dinh|xuan|thanh|ngoc|quoc|minh|duc|hong)(?=[bcdghklmnpqrstvxaeiouy]{2})"
)
_RIMES: Final = """
uyech uyenh uynh uyen uyet uych uya uong uang uoc uoi uom uon uop uot uan uat uay uech uen uenh ieng iec iem ien iep iet ieu
oang oanh oac oai oan oat oay oen oet yem yen yet yeu ach ang anh ech eng enh ich inh ong ung uyt ac ai am an ao ap at au ay
ec em en eo ep et eu ia im in ip it iu oa oc oe oi om on op ot ua uc ue ui um un up ut uu uy a e i o u y
""".split()
_SYLLABLE: Final = re.compile(
    f"(?:ngh|ng|nh|kh|th|tr|ph|ch|gh|gi|qu|[bcdghklmnprstvx])?(?:{'|'.join(_RIMES)})"
)
_SYLLABLES_MAX: Final = 3
_SYLLABLE_LETTERS_MAX: Final = 7
_LETTERS_MIN: Final = 4


def vietnamese_words(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a Vietnamese name with its syllables apart, nothing where it is none or is so written.

    >>> vietnamese_words(["le", "huuduc"]), vietnamese_words(["mai", "thilan"])
    (('le', 'huu', 'duc'), ('mai', 'thi', 'lan'))
    """
    if not 2 <= len(words) <= 3 or not _has_family(words):
        return ()
    parted = [(word,) if word in _FAMILIES else _syllables(word) for word in words]
    apart = tuple(part for parts in parted for part in parts)
    return apart if all(parted) and len(words) < len(apart) <= _SYLLABLES_MAX + 1 else ()


def _has_family(words: Sequence[str]) -> bool:
    if not _FAMILIES.isdisjoint((words[0], words[-1])):
        return True
    return not _OTHER_FAMILIES.isdisjoint((words[0], words[-1])) and any(map(_MIDDLE.match, words))


def vietnamese_particles(words: Sequence[str]) -> bool:
    """Whether what looks like particles in these words is a Vietnamese family and middle name.

    >>> vietnamese_particles(["le", "van", "tam"]), vietnamese_particles(["willem", "van", "dam"])
    (True, False)
    """
    return (
        3 <= len(words) <= _SYLLABLES_MAX + 1
        and (not _FAMILIES.isdisjoint((words[0], words[-1])) or _is_womans(words))
        and all(map(_SYLLABLE.fullmatch, words))
    )


def _is_womans(words: Sequence[str]) -> bool:
    return words[0] in _OTHER_FAMILIES and words[1] == "thi"


@lru_cache(maxsize=1 << 12)
def _syllables(word: str) -> tuple[str, ...]:
    """Return the fewest syllables that a word parts into, none where it does not; a syllable has two letters or more."""
    if _SYLLABLE.fullmatch(word):
        return (word,)
    if len(word) < _LETTERS_MIN:
        return ()
    best: tuple[str, ...] = ()
    for end in range(2, min(len(word) - 1, _SYLLABLE_LETTERS_MAX + 1)):
        if _SYLLABLE.fullmatch(word[:end]):
            rest = _syllables(word[end:])
            if rest and len(rest) < _SYLLABLES_MAX and (not best or len(rest) + 1 <= len(best)):
                best = (word[:end], *rest)
    return best
