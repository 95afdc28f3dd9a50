"""Where an unspaced Han, kana or Hangul name may part into family and given name."""

from comity.names.readings.script import script_of_word

_DOTS = str.maketrans(dict.fromkeys("·・‧•･", " "))


def name_splits(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the plausible splits of an unspaced name, likeliest first; a name of another script whole."""
    parts = tuple(text.translate(_DOTS).split())
    if len(parts) != 1 or script_of_word(text) not in {"han", "hangul", "kana"}:
        return (parts,) if parts else ()
    name = parts[0]
    if len(name) in {2, 3}:
        return ((name[:1], name[1:]), (name,))
    if len(name) == 4:
        return ((name[:2], name[2:]), (name[:1], name[1:]), (name,))
    return ((name,),)
