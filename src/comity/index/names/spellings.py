"""The words of an index become spellings: Latin forms with letters and sounds, keys of the forms, rarities.

words -> forms_of_all -> distinct forms -> letters, sounds -> keys, sorted into buckets
                                    -> the usual sound of each word -> how many names bear such a word
"""

from array import array
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.names.buckets import bucketed
from comity.index.names.groups import group_directory
from comity.index.names.keys import (
    DEEP,
    HEARD,
    KEYS_MAX,
    SHALLOW,
    class_codes,
    class_key,
    hash_without,
    letter_keys,
    thinned_keys,
)
from comity.index.names.rows import WordKey, moved, starts_of
from comity.names.chance import expected_rarity
from comity.names.forms import Form
from comity.names.forms_ahead import forms_of_all
from comity.names.scripts import SCRIPTS
from comity.names.sounds import SYMBOLS_MAX, letter_codes, write_sounds

Numbers = NDArray[np.uint32]
Small = NDArray[np.uint8]
Hashes = NDArray[np.uint64]
Arrays = dict[str, NDArray[np.generic]]

PRICE_STEPS = 16
NEAR_FORM_STEPS = 4
SOUND_SEED = np.uint64(4)
NATIVE_BASIS, NATIVE_PRIME = 0x811C9DC5, 0x01000193
_SCRIPT_IDS = {script: number for number, script in enumerate(SCRIPTS)}
HAN, LATIN = _SCRIPT_IDS["han"], _SCRIPT_IDS["latin"]


def script_id(script: str) -> int:
    """Return the number of a script, 0 for none."""
    return _SCRIPT_IDS[script]


def word_native_id(word: str) -> int:
    """Return a 32-bit number for the characters of a word as written."""
    value = NATIVE_BASIS
    for byte in word.encode("utf-8", "replace"):
        value = ((value ^ byte) * NATIVE_PRIME) & 0xFFFFFFFF
    return value


@dataclass(slots=True)
class _Links:
    """Which words are spelt how: distinct spellings, numbered as they come, and links with prices."""

    forms: dict[str, int] = field(default_factory=dict[str, int])
    form: "array[int]" = field(default_factory=lambda: array("I"))
    word: "array[int]" = field(default_factory=lambda: array("I"))
    price: "array[float]" = field(default_factory=lambda: array("d"))
    counts: "array[int]" = field(default_factory=lambda: array("I"))
    usual: "array[int]" = field(default_factory=lambda: array("i"))
    expected: "array[float]" = field(default_factory=lambda: array("f"))

    def add(self, place: int, forms: tuple[Form, ...]) -> None:
        """Link a word to each of its spellings."""
        numbers = self.forms
        for text, price, _ in forms:
            self.form.append(numbers.setdefault(text, len(numbers)))
            self.word.append(place)
            self.price.append(price)
        self.counts.append(len(forms))
        self.usual.append(numbers[forms[0].text] if forms else -1)
        self.expected.append(expected_rarity(forms[0].text if forms else ""))


def spellings_of(words: list[WordKey]) -> Arrays:
    """Return the forms of the words, with letters and sounds, and the links between forms and words.

    `said_*` are the forms of each word in the order in which it is read so, the usual one first, with exact prices.
    """
    links = _Links()
    for place, forms in enumerate(forms_of_all([(text, script) for _, text, script in words])):
        links.add(place, forms)
    arrays, order = _ordered_forms(list(links.forms))
    rank = np.zeros(order.size + 1, dtype=np.uint32)
    rank[order] = np.arange(order.size, dtype=np.uint32)
    rank[-1] = order.size  # the usual spelling of a word that nobody can read
    form = rank[np.frombuffer(links.form, dtype=np.uint32)]
    word = np.frombuffer(links.word, dtype=np.uint32)
    prices = np.frombuffer(links.price, dtype=np.float64)
    by_form = np.argsort((form.astype(np.uint64) << np.uint64(32)) | word)
    return {
        **arrays,
        "said_starts": starts_of(np.frombuffer(links.counts, dtype=np.uint32)),
        "said_forms": form,
        "said_prices": prices,
        "word_script": np.array([_SCRIPT_IDS[script] for _, _, script in words], dtype=np.uint8),
        "word_native": np.array([word_native_id(text) for _, text, _ in words], dtype=np.uint32),
        "word_expected": np.frombuffer(links.expected, dtype=np.float32),
        "word_form": rank[np.frombuffer(links.usual, dtype=np.int32)],
        "form_word_starts": starts_of(np.bincount(form, minlength=order.size)),
        "form_words": word[by_form],
        "form_prices": np.rint(prices * PRICE_STEPS).astype(np.uint8)[by_form],
    }


def _ordered_forms(texts: list[str]) -> tuple[Arrays, NDArray[np.int64]]:
    """Return the letters and sounds of spellings in the order of groups, with the groups, and that order."""
    letters = [letter_codes(text) for text in texts]
    starts = starts_of(np.array([len(codes) for codes in letters], dtype=np.int64))
    sound_starts, sounds, masks, keys = _sounds(starts, np.frombuffer(b"".join(letters), dtype=np.uint8))
    heads, tails = keys.astype(">u8").tobytes(), sounds.tobytes()
    bounds = sound_starts.tolist()
    along = [
        heads[8 * place : 8 * place + 8] + tails[bounds[place] : bounds[place + 1]] + b"\0" + codes
        for place, codes in enumerate(letters)
    ]
    order = np.array(sorted(range(len(along)), key=along.__getitem__), dtype=np.int64)
    form_starts, form_letters = moved(starts, np.frombuffer(b"".join(letters), dtype=np.uint8), order)
    form_sound_starts, form_sounds = moved(sound_starts, sounds, order)
    arrays = {
        "form_starts": form_starts,
        "form_letters": form_letters,
        "form_sound_starts": form_sound_starts,
        "form_sounds": form_sounds,
        "form_masks": masks[order],
        **group_directory(keys[order]),
    }
    return arrays, order


@kernel()
def _sounds(starts: Numbers, letters: Small) -> tuple[Numbers, Small, Hashes, Hashes]:
    """Return where the sounds of each spelling begin, the sounds, which of them occur, one bit each, class keys."""
    sound_starts = np.zeros(starts.size, dtype=np.uint32)
    sounds = np.empty(letters.size * 2 + SYMBOLS_MAX, dtype=np.uint8)
    masks = np.zeros(starts.size - 1, dtype=np.uint64)
    keys = np.zeros(starts.size - 1, dtype=np.uint64)
    classes = np.empty(SYMBOLS_MAX + 1, dtype=np.uint8)
    at = 0
    for form in range(starts.size - 1):
        after = write_sounds(letters, np.int64(starts[form]), np.int64(starts[form + 1]), sounds, at)
        for place in range(at, after):
            masks[form] |= np.uint64(1) << np.uint64(sounds[place])
        length = class_codes(sounds[at:after], after - at, classes)
        keys[form] = class_key(classes, length) if length else np.uint64(0)
        at = after
        sound_starts[form + 1] = at
    return sound_starts, sounds[:at].copy(), masks, keys


def keys_of(forms: Arrays) -> Arrays:
    """Return the keys under which the forms are found, sorted into buckets."""
    hashes, owners = _all_keys(
        forms["form_starts"], forms["form_letters"], forms["form_sound_starts"], forms["form_sounds"],
        _depths(forms["form_word_starts"], forms["form_words"], forms["form_prices"], forms["word_script"]),
    )  # fmt: skip
    starts, order = bucketed(hashes)
    tags = (hashes >> np.uint64(48)).astype(np.uint16)
    return {"key_starts": starts, "key_tags": tags[order], "key_forms": owners[order]}


@kernel()
def _depths(starts: Numbers, words: Numbers, prices: Small, scripts: Small) -> Small:
    """Return how widely each form is looked for: typing errors are made in the letters that were typed."""
    depths = np.zeros(starts.size - 1, dtype=np.uint8)
    for form in range(depths.size):
        for link in range(starts[form], starts[form + 1]):
            depth = SHALLOW if prices[link] <= NEAR_FORM_STEPS else HEARD
            script = scripts[words[link]]
            if prices[link] == 0 and (script == LATIN or script == 0):  # noqa: PLR1714  # kernels know no sets
                depth = DEEP
            depths[form] = max(depths[form], depth)
    return depths


@kernel()
def _all_keys(
    form_starts: Numbers, form_letters: Small, sound_starts: Numbers, form_sounds: Small, depths: Small
) -> tuple[NDArray[np.uint64], Numbers]:
    keys = np.empty(KEYS_MAX, dtype=np.uint64)
    classes = np.empty(SYMBOLS_MAX + 1, dtype=np.uint8)
    room = max(1024, (form_starts.size - 1) * 24)
    hashes = np.empty(room, dtype=np.uint64)
    owners = np.empty(room, dtype=np.uint32)
    filled = 0
    for form in range(form_starts.size - 1):
        begin, end = form_starts[form], form_starts[form + 1]
        count = letter_keys(form_letters[begin:end], end - begin, depths[form], keys, 0)
        begin, end = sound_starts[form], sound_starts[form + 1]
        length = class_codes(form_sounds[begin:end], end - begin, classes)
        count = thinned_keys(classes, length, depths[form], keys, count)
        if filled + count > room:
            room *= 2
            wider, others = np.empty(room, dtype=np.uint64), np.empty(room, dtype=np.uint32)
            wider[:filled], others[:filled] = hashes[:filled], owners[:filled]
            hashes, owners = wider, others
        for place in range(count):
            hashes[filled] = keys[place]
            owners[filled] = form
            filled += 1
    return hashes[:filled], owners[:filled]


@kernel()
def usual_sounds(word_form: Numbers, sound_starts: Numbers, form_sounds: Small) -> NDArray[np.uint64]:
    """Return a number for how each word usually sounds, 0 for a word that nobody can read."""
    out = np.zeros(word_form.size, dtype=np.uint64)
    for word in range(word_form.size):
        form = word_form[word]
        if form < sound_starts.size - 1:
            begin, end = sound_starts[form], sound_starts[form + 1]
            out[word] = hash_without(form_sounds[begin:end], end - begin, -1, -1, SOUND_SEED)
    return out


@kernel(nogil=True)
def sounds_of_forms(letters: Small, bounds: NDArray[np.int64]) -> tuple[Small, NDArray[np.int64], Hashes]:
    """Return the sounds of forms that lie end to end, where each form's begin, the number of how the first sounds.

    The last is an array of one, 0 where there is no form.
    """
    sounds = np.empty(letters.size * 2 + SYMBOLS_MAX, dtype=np.uint8)
    sound_bounds = np.zeros(bounds.size, dtype=np.int64)
    for form in range(bounds.size - 1):
        sound_bounds[form + 1] = write_sounds(
            letters, bounds[form], bounds[form + 1], sounds, sound_bounds[form]
        )
    usual = np.zeros(1, dtype=np.uint64)
    if bounds.size > 1:
        usual[0] = hash_without(sounds, sound_bounds[1], -1, -1, SOUND_SEED)
    return sounds, sound_bounds, usual


@kernel(nogil=True)
def sounds_said(letters: Small, bounds: NDArray[np.int64]) -> Hashes:
    """Return the number of how each of some spellings sounds that lie end to end, 0 where one has no letter."""
    sounds = np.empty(letters.size * 2 + SYMBOLS_MAX, dtype=np.uint8)
    out = np.zeros(bounds.size - 1, dtype=np.uint64)
    for form in range(out.size):
        if bounds[form + 1] > bounds[form]:
            count = write_sounds(letters, bounds[form], bounds[form + 1], sounds, 0)
            out[form] = hash_without(sounds, count, -1, -1, SOUND_SEED)
    return out
