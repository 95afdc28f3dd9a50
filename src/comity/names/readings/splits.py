"""Where an unspaced Han, kana or Hangul name may part into family and given name."""

from comity.names.readings.characters import character_readings, fold_han
from comity.names.readings.hangul import SURNAMES
from comity.names.readings.script import script_of_word

_DOTS = str.maketrans(dict.fromkeys("·・‧•･", " "))
_COMPOUND = frozenset(
    [
        "司马",
        "欧阳",
        "诸葛",
        "上官",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "宇文",
        "长孙",
        "司徒",
        "司空",
        "夏侯",
        "端木",
        "南宫",
        "独孤",
        "东郭",
        "百里",
        "呼延",
        "轩辕",
        "太史",
        "申屠",
        "公冶",
        "宗政",
        "濮阳",
        "淳于",
        "单于",
        "闻人",
        "钟离",
        "万俟",
        "澹台",
        "拓跋",
        "赫连",
        "第五",
        "西门",
        "公羊",
        "闾丘",
        "仲孙",
        "鲜于",
        "归海",
    ]
)
_LETTERS_MAX = 6
Split = tuple[str, ...]


def _han_splits(name: str) -> list[tuple[float, Split]]:
    """Return the splits of a Han name with how likely each is: known family names first."""
    folded = fold_han(name)
    families = character_readings("family")
    parts = character_readings("family-part")
    givens = character_readings("given-part")
    found: list[tuple[float, Split]] = []
    usual = {1: 0.6, 2: 0.5, 3: 0.1} if len(name) <= 3 else {1: 0.1, 2: 0.8, 3: 0.4}
    for cut in range(1, min(4, len(name))):
        family, given = folded[:cut], folded[cut:]
        likely = usual[cut]
        if family in _COMPOUND or family in families:
            likely += 1.0
        elif cut > 1 and not all(letter in parts for letter in family):
            likely -= 0.5
        if not all(letter in givens for letter in given):
            likely -= 0.2
        if cut == 1 and len(name) == 3:
            # Most Chinese and Korean names: one character and two.
            likely += 0.7
        found.append((likely, (name[:cut], name[cut:])))
    return found


def _hangul_splits(name: str) -> list[tuple[float, Split]]:
    found: list[tuple[float, Split]] = [
        (1.0 + 0.3 * cut if len(name) > 2 else 0.9, (name[:cut], name[cut:]))
        for cut in (1, 2)
        if len(name) > cut and name[:cut] in SURNAMES
    ]
    if len(name) in {2, 3, 4} and not found:
        found.append((0.4, (name[:1], name[1:])))
    found.append((0.5 if len(name) <= 3 else 1.2, (name,)))
    return found


def name_splits(text: str) -> tuple[Split, ...]:
    """Return the plausible splits of an unspaced name, likeliest first; a name of another script whole.

    A middle dot parts a transcribed foreigner's names; nothing else does then.

    >>> name_splits("司馬遷")[0]
    ('司馬', '遷')
    """
    parts = tuple(text.translate(_DOTS).split())
    script = script_of_word(text)
    if len(parts) != 1 or script not in {"han", "hangul", "kana"}:
        return (parts,) if parts else ()
    name = parts[0]
    if not 2 <= len(name) <= _LETTERS_MAX or script == "kana":
        return ((name,),)
    found = _han_splits(name) if script == "han" else _hangul_splits(name)
    if script == "han":
        found.append((0.3 if len(name) <= 4 else 1.0, (name,)))
    ordered = sorted(found, key=lambda entry: -entry[0])
    return tuple(split for _, split in ordered)
