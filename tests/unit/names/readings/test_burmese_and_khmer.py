"""Burmese and Khmer given names and family names, with spellings people carry for them."""

import pytest

from comity.names.readings import readings_of

_BURMESE = (
    ("မောင်", "maung"), ("အောင်", "aung"), ("ကျော်", "kyaw"), ("ဦး", "u"), ("ဒေါ်", "daw"), ("ကြည်", "kyi"),
    ("မင်း", "min"), ("သန်း", "than"), ("ရွှေ", "shwe"), ("ထွန်း", "htun"), ("ထွန်း", "tun"), ("လှ", "hla"),
    ("မြင့်", "myint"), ("ခင်", "khin"), ("ဝင်း", "win"), ("သိန်း", "thein"), ("ဖြိုး", "phyo"), ("နိုင်", "naing"),
    ("ဇော်", "zaw"), ("ဌေး", "htay"), ("မျိုး", "myo"), ("ညွန့်", "nyunt"), ("အေး", "aye"), ("ဗိုလ်", "bo"),
    ("ချစ်", "chit"), ("စိုး", "soe"), ("စန္ဒာ", "sandar"), ("သီတာ", "thida"), ("ဂျွန်", "jun"), ("ဥမ္မာ", "ummar"),
)  # fmt: skip
_KHMER = (
    ("សុខ", "sok"), ("សុភា", "sophea"), ("សុខា", "sokha"), ("សុវណ្ណ", "sovan"), ("វណ្ណា", "vanna"), ("វណ្ណៈ", "vannak"),
    ("ចន្ទ", "chan"), ("ចន្ថា", "chantha"), ("សំណាង", "samnang"), ("បុប្ផា", "bopha"), ("វិចិត្រ", "vichet"),
    ("ពិសិដ្ឋ", "piseth"), ("កញ្ញា", "kanha"), ("ប៊ុន", "bun"), ("ហ៊ុន", "hun"), ("ដារា", "dara"), ("មករា", "makara"),
    ("សុជាតិ", "socheat"), ("វាសនា", "veasna"), ("ពេជ្រ", "pech"), ("វង្ស", "vong"), ("ជ័យ", "chey"), ("ជា", "chea"),
    ("តាំង", "taing"), ("គង់", "kong"), ("កែវ", "keo"), ("ស្រីមុំ", "sreymom"), ("រតនៈ", "ratanak"),
)  # fmt: skip


@pytest.mark.parametrize(("word", "spelling"), _BURMESE)
def test_a_burmese_name_is_read_as_people_spell_it(word: str, spelling: str) -> None:
    assert spelling in [reading.text for reading in readings_of(word)]


@pytest.mark.parametrize(("word", "spelling"), _KHMER)
def test_a_khmer_name_is_read_as_people_spell_it(word: str, spelling: str) -> None:
    assert spelling in [reading.text for reading in readings_of(word)]


@pytest.mark.parametrize("word", ["်", "္", "့", "ဿ", "က္", "ဦ့်", "ៈ", "្", "ក្", "៉", "អ្អ្អ", "ក" * 500, "က" * 500])
def test_broken_burmese_or_khmer_is_read_without_an_error(word: str) -> None:
    assert len(readings_of(word)) <= 12
