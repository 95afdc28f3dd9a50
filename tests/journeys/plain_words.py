"""Looking for words in everything that a node's operator has: each file, and each row of a dump of the database."""

import base64
import json
import urllib.parse
from collections.abc import Iterator, Sequence

from comity.app import Node
from comity.registry import dump


def encodings(word: str) -> Iterator[bytes]:
    """Yield a word in every form in which it might lie about: text, escapes, base 64 at each offset, hexadecimal."""
    for plain in (word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")):
        yield plain
        yield plain.hex().encode()
        yield plain.hex().upper().encode()
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            for offset in range(3):
                # The first and last characters hang on the neighbours; what lies between is the word's own.
                whole = encode(bytes(offset) + plain)
                yield whole[4 if offset else 0 : len(whole) - len(whole) % 4 - 4]
        yield base64.b32encode(plain)[: len(plain) // 5 * 8]
    yield json.dumps(word)[1:-1].encode()
    yield urllib.parse.quote(word).encode()


def words_in(content: bytes, words: Sequence[str]) -> list[str]:
    """Return the words that stand in a content in whatever form."""
    return [word for word in words if any(len(form) > 5 and form in content for form in encodings(word))]


def all_held(node: Node) -> Iterator[tuple[str, bytes]]:
    """Yield what each file of a node holds, and all rows of its database."""
    node.desk.registry.settle()
    for path in node.directory.rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes()
    with node.desk.registry.read() as connection:
        rows = [
            value if isinstance(value, bytes) else str(value).encode()
            for part in dump.parts(connection)
            for row in part.rows
            for value in row
        ]
    yield "dump", b"\n".join(rows)
