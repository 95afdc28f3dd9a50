"""Where an unspaced Han, kana or Hangul name may part into family and given name."""

from comity.names.readings.characters import character_readings, fold_han
from comity.names.readings.hangul import SURNAMES
from comity.names.readings.hangul_mandarin import mandarin_splits
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
# The hundred most usual Chinese family names, some nine in ten of all people's.
_USUAL = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_LETTERS_MAX = 6
_CHINESE_IN_HANGUL = 1.1
Split = tuple[str, ...]


def _han_splits(name: str) -> list[tuple[float, Split]]:
    """Return the splits of a Han name with how likely each is.

    One character and one or two: Chinese and Korean. Two and one to three: Japanese, and the compound families.
    Any other split must begin with a family name that is known.
    """
    folded = fold_han(name)
    givens = character_readings("given")
    found: list[tuple[float, Split]] = []
    for cut in range(1, min(4, len(folded))):
        family, given = folded[:cut], folded[cut:]
        known = _is_family(family)
        if cut == 1:
            likely = 2.0 if len(folded) <= 3 else 0.5
            fits = len(folded) <= 3 or (known and given in givens)
        elif cut == 2:
            likely = 1.5 + known if len(folded) >= 4 else 0.5 + 2.0 * known
            fits = len(folded) >= 4 or known or _may_be_family(family)
        else:
            likely, fits = 2.0, known
        if fits:
            found.append((likely, (name[:cut], name[cut:])))
    return found


def _is_family(word: str) -> bool:
    return word in _COMPOUND or word in character_readings("family")


def _may_be_family(word: str) -> bool:
    return all(letter in character_readings("family-part") for letter in word)


def _hangul_splits(name: str) -> list[tuple[float, Split]]:
    found: list[tuple[float, Split]] = [
        (1.0 + 0.3 * cut if len(name) > 2 else 0.9, (name[:cut], name[cut:]))
        for cut in (1, 2)
        if len(name) > cut and name[:cut] in SURNAMES
    ]
    chinese = mandarin_splits(name) if len(name) > 2 else []
    found += [(_CHINESE_IN_HANGUL, split) for split in chinese if split not in {known for _, known in found}]
    if len(name) in {2, 3, 4} and not found:
        found.append((0.4, (name[:1], name[1:])))
    found.append((0.5 if len(name) <= 3 else 1.2, (name,)))
    return found


def begins_with_family(name: str) -> bool:
    """Return whether an unspaced name begins with a family name that is known, and more follows.

    >>> begins_with_family("司馬遷"), begins_with_family("的時候")
    (True, False)
    """
    if script_of_word(name) == "hangul":
        return any(name[:cut] in SURNAMES for cut in (1, 2) if len(name) > cut)
    folded = fold_han(name)
    return any(folded[:cut] in _USUAL or _is_family(folded[:cut]) for cut in (1, 2, 3) if len(folded) > cut)


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
