"""The edition of the readings is raised whenever a word is read otherwise."""

import random
from hashlib import blake2b

from comity.names.edition import EDITION, readings_edition
from comity.names.forms import forms_of
from comity.names.scripts import LATIN_CHINESE, LATIN_KOREAN, TRANSCRIBED, script_of

LETTERS = (
    "abcdeghijklmnorstuvwxyzäçñøšž", "абвгдежзиклмнорстухцчшюяєіїўәқ", "ابتجحخدرسشعغقكلمنوهيپگ", "אבגדהוזחטילמנפצקרשת",
    "アイカキサシスタチトナハマラリン", "가김박이정최민수현철", "王李张刘陈佐藤田中", "αβγδεηικλμνοπρσςτυ",
    "कखगचजतदनपबमरलवशसहाीु", "กขคงจชดตนบปพมยรลวสหา",
    "აბგდევზთიკლმნოპრსტ", "աբգդեզիկլմնոպրստ", "አበገደሀወዘየከለመነ",
)  # fmt: skip
READ = {9: "a3b79b2b182c2713"}
"""What the invented words of the test are read as, as a digest, by edition."""


def read() -> str:
    chosen = random.Random(11)
    words = [
        "".join(chosen.choices(letters, k=chosen.randint(1, 7))) for letters in LETTERS for _ in range(40)
    ]
    asked = [*((word, script_of(word)) for word in words), ("翰森", TRANSCRIBED), ("莫哈末", TRANSCRIBED)]
    asked += [
        ("hsuehyen", LATIN_CHINESE),
        ("jui", LATIN_CHINESE),
        ("tsħanyang", LATIN_CHINESE),
        ("aktschaj", "latin"),
        ("atiyah", "latin"),
        ("axmed", "latin"),
        ("عبدفتاح", "arabic"),
        ("youngmi", LATIN_KOREAN),
        ("hur", LATIN_KOREAN),
    ]
    forms = [sorted((form.text, f"{form.price:.2f}") for form in forms_of(*one)) for one in asked]
    return blake2b(repr(forms).encode(), digest_size=8).hexdigest()


def test_words_are_read_as_the_edition_says() -> None:
    # Where readings have changed: raise EDITION, and put the new digest here; indexes are then told to be made anew.
    assert READ[EDITION] == read()


def test_the_edition_names_the_tables_too() -> None:
    assert readings_edition().startswith(f"{EDITION}-")
