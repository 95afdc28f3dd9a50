"""How is a name written elsewhere?

    text -> fold -> parse_name -> words -> forms (Latin spellings of each word) -> likeness of two words

`fold` takes away noise, `parts` finds the words and their roles, `readings` says how a word of any script is
written in Latin letters, `forms` packs those spellings, `likeness` measures how far two of them are apart.
Everything here is pure: text in, values out.
"""

from comity.names.fold import fold
from comity.names.parts import Name, Word, parse_name

__all__ = ["Name", "Word", "fold", "parse_name"]
