"""Forms of words in Latin letters, and how others respell them, against a plain version of the rules."""

import random
import re
from collections.abc import Iterator

import pytest

from comity.names.endings import without_ending
from comity.names.forms import FORMS_MAX, RESPELT_MAX, Form, asked_forms, forms_of
from comity.names.readings.learnt import read_learnt
from comity.names.sheets import RESPELT_SOURCES_MAX
from comity.names.sounds import SYMBOLS_MAX, consonants_of
from comity.names.variant_marks import variant_marks
from comity.names.variants import names_by_habit, names_with_variants, variants_of

LETTERS = """
a e i o u y h x al el as ash az sj tsj zj xh zs dzs dsch tsch sch j w v b p ph ng nh say xay kh gh rh ch c cyr cyp ceph
cerc ces k kyr kef kis q ov ss aax uux rax t d n r l m s g
"""
BITS = LETTERS.split()
ARTICLES = ("al", "el", "ul", "ar", "as", "at", "ad", "an", "az", "ash")
HISSING = {"xh": "j", "tsj": "ch", "sj": "sh", "zj": "zh", "dzs": "j", "zs": "zh"}
TURKISH = {"dsch": "c", "tsch": "c", "sch": "s", "j": "y", "w": "v"}
RESPELLINGS: tuple[tuple[float, tuple[tuple[str, str], ...]], ...] = (
    (0.1, ((r"(?<=[aeiou])y|y(?=[aeiou])", "j"), (r"v", "w"))),
    (0.1, ((r"j", "y"), (r"w", "v"))),
    (0.1, ((r"kh", "h"),)),
    (0.1, ((r"(?<![cgkpstz])h", "kh"),)),
    (0.1, ((r"g(?=[eiy])", "j"),)),
    (0.1, ((r"j(?=[eiy])", "g"),)),
    (0.1, ((r"ch", "k"),)),
    (0.1, ((r"rh", "gh"),)),
    (0.1, ((r"kh", "ch"),)),
    (0.25, ((r"^ch(?=[aeiou].{3})", "h"),)),
    (0.25, ((r"(?<=[aeiouylr])v(?=[aeiouy])|^v", "b"),)),
    (0.25, ((r"(?<=[aeiouylr])b(?=[aeiouy])|^b", "v"),)),
    (0.25, ((r"ph(?=[aeiour])", "p"),)),
    (0.25, ((r"^p(?=[aeiou].{3,}(?:ng|nh|[sx]ay)$)|p(?=[aeiou](?:ng|nh)$)", "ph"),)),
)
GREEK = (
    ("^c(?=yr|yp|eph|erc)|(?<=[aiou])c(?=es?$|is$)", "k", "b", "v"),
    ("^k(?=yr|yp|ef|eph|erk)|(?<=[aiou])k(?=es?$|is?$)", "c", "v", "b"),
)


def invented(count: int) -> list[str]:
    """Return words of such letters as the rules look for."""
    chosen = random.Random(28)
    return ["".join(chosen.choices(BITS, k=chosen.randint(1, 8))) for _ in range(count)]


def plain_forms(word: str) -> list[Form]:
    """Return the forms of a word in plain Latin letters, rule by rule."""
    prices = {word[:SYMBOLS_MAX]: Form(word[:SYMBOLS_MAX], 0.0, "latin")}

    def offer(text: str, price: float, rule: str) -> None:
        if text and (text not in prices or prices[text].price > price):
            prices[text] = Form(text, price, rule)

    for article in ARTICLES:
        stem = word[:SYMBOLS_MAX][len(article) :]
        if (
            word.startswith(article)
            and len(stem) >= 4
            and (article[1] == "l" or stem.startswith(article[1:]))
        ):
            offer(stem, 0.2, "article")
            break
    somali = re.sub("x(?=[aeiou]|m)|(?<=[lr]a)x$|(?<=aa)x$|(?<=uu)x$", "h", word)
    hissing = re.sub("xh|tsj|sj|zj|dzs|zs", lambda found: HISSING[found.group()], word)
    for text, price in ((somali, 0.3), (hissing, 0.1)):
        if text != word:
            offer(text, price, "latin")
    if "dsch" in word or "tsch" in word:
        offer(re.sub("dsch|tsch|sch|j|w", lambda found: TURKISH[found.group()], word), 0.25, "latin")
    if "dsch" in word:
        offer(word.replace("dsch", "g"), 0.25, "latin")
    heard = consonants_of(word)
    if re.search("[ae]h$", word) and len(heard) - heard.startswith(bytes((15,))) <= 2:
        offer(word[:-1], 0.1, "latin")
    learnt = read_learnt("heard", word, 1) if len(word) >= 3 else ()
    text = learnt[0].text[:SYMBOLS_MAX] if learnt else ""
    if text not in prices and consonants_of(text) not in map(consonants_of, prices):
        offer(text, 0.35, "heard")
    return sorted(prices.values(), key=lambda form: (form.price, form.text))[:FORMS_MAX]


def respellings(spelling: str) -> Iterator[tuple[str, float]]:
    """Yield a spelling as other languages write it."""
    for price, rules in RESPELLINGS:
        text = spelling
        for written, instead in rules:
            text = re.sub(written, instead, text)
        if text != spelling:
            yield text, price
    for written, instead, labial, other in GREEK:
        if re.search(written, spelling):
            yield re.sub(written, instead, spelling).replace(labial, other), 0.25


def plainly_respelt(forms: list[Form]) -> list[Form]:
    """Return the first forms respelt where they sound unlike all before."""
    heard = {consonants_of(form.text) for form in forms}
    found: list[Form] = []
    for form in forms[:RESPELT_SOURCES_MAX]:
        for text, price in respellings(form.text):
            if consonants_of(text) not in heard and len(found) < RESPELT_MAX:
                heard.add(consonants_of(text))
                found.append(Form(text[:SYMBOLS_MAX], form.price + price, "respelt"))
    return found


def test_words_have_the_forms_that_the_rules_give_them() -> None:
    words = invented(1500)
    assert [[*forms_of(word, "latin")] for word in words] == [plain_forms(word) for word in words]


def test_words_are_respelt_as_the_rules_say() -> None:
    words = [word for word in invented(1500) if without_ending(word) is None]
    asked = [[form for form in asked_forms(word, "latin") if form.rule == "respelt"] for word in words]
    assert asked == [plainly_respelt(plain_forms(word)) for word in words]


@pytest.mark.parametrize("word", ["лозинцев", "чеховцев", "кхамбаев"])
def test_words_of_other_scripts_are_respelt_by_the_same_rules(word: str) -> None:
    asked = [form for form in asked_forms(word, "cyrillic") if form.rule == "respelt"]
    assert asked == plainly_respelt([*forms_of(word, "cyrillic")])


def test_every_spelling_with_variants_is_known_to_have_some() -> None:
    marks = {int(mark) for mark in variant_marks()}
    assert len(marks) > len({*names_with_variants(), *names_by_habit()})


@pytest.mark.parametrize("word", ["michael", "yakoob", "volodymyr"])
def test_a_word_with_variants_is_asked_for_by_them(word: str) -> None:
    others = {text for text, _ in variants_of(word)}
    assert others & {form.text for form in asked_forms(word, "latin")}
