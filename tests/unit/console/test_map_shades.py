"""The map of the world: a lone country stands out, and its share reads right in a language from the right."""

import pytest

from comity.console.charts import CLASSES, world_map
from comity.phrases.words import CODES, SPEECH
from comity.procedures.picture_figures import Figure


@pytest.mark.parametrize("count", range(1, 8))
def test_the_most_is_darkest_however_few_countries_there_are(count: int) -> None:
    codes = ("FRA", "KEN", "EGY", "BRA", "JPN", "IND", "CAN")[:count]
    figures = [Figure(code, place + 1, 0.1) for place, code in enumerate(codes)]
    drawn = world_map(figures, SPEECH.speaker("en"))
    shades = {one.code: one.shade for one in drawn.countries if one.shade}
    assert (shades[codes[-1]], {*shades.values()}) == (CLASSES, {shade for shade, _ in drawn.classes})


@pytest.mark.parametrize("language", CODES)
def test_the_share_beside_a_country_is_isolated(language: str) -> None:
    speaker = SPEECH.speaker(language)
    (named,) = world_map([Figure("FRA", 9, 1.0)], speaker).named
    assert named.words == f"\u2068{speaker.value('country', 'FRA')} \u2068{speaker.share(1.0)}\u2069\u2069"
