"""Thai and Lao given names and family names, with spellings people use for them."""

import pytest

from comity.names.readings import readings_of

_THAI = (
    ("สมชาย", "somchai"), ("สมศักดิ์", "somsak"), ("ธนา", "thana"), ("ชนิดา", "chanida"), ("รัตนา", "rattana"),
    ("พัชรา", "phatchara"), ("สุภาพร", "supaporn"), ("ยิ่ง", "ying"), ("ณรงค์", "narong"), ("กิตติ", "kitti"),
    ("อนันต์", "anan"), ("วิไล", "wilai"), ("มาลี", "malee"), ("จันทร์", "chan"), ("บุญมี", "boonmee"),
    ("แก้ว", "kaew"), ("สวัสดิ์", "sawat"), ("ไพบูลย์", "paiboon"), ("วรรณา", "wanna"), ("ศรี", "sri"),
    ("เดือน", "duan"), ("ขวัญ", "kwan"), ("พงษ์", "pong"), ("เพ็ญ", "pen"), ("สตีเฟน", "stifen"), ("จอห์น", "john"),
    ("กมล", "kamon"), ("อมร", "amorn"),
)  # fmt: skip
_LAO = (
    ("ບຸນມີ", "bounmy"), ("ແກ້ວ", "keo"), ("ພູມີ", "phoumi"), ("ວົງສັກ", "vongsak"), ("ທອງລຸນ", "thongloun"),
    ("ສີພັນ", "siphan"), ("ຈູມມາລີ", "choummaly"), ("ເພັດ", "phet"), ("ຄຳ", "kham"), ("ໄກສອນ", "kaysone"),
)  # fmt: skip


@pytest.mark.parametrize(("word", "spelling"), _THAI)
def test_a_thai_name_is_read_as_people_spell_it(word: str, spelling: str) -> None:
    assert spelling in [reading.text for reading in readings_of(word)]


@pytest.mark.parametrize(("word", "spelling"), _LAO)
def test_a_lao_name_is_read_as_people_spell_it(word: str, spelling: str) -> None:
    assert spelling in [reading.text for reading in readings_of(word)]


@pytest.mark.parametrize("word", ["์", "เ", "เเเเ", "ก์์", "ะ", "่", "ฤ", "ก" * 500, "ໄ", "ໜ"])
def test_broken_thai_or_lao_is_read_without_an_error(word: str) -> None:
    assert len(readings_of(word)) <= 12
