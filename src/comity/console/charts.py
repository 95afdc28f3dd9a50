"""Charts as plain shapes that templates draw: bars, a line over time, a map of the world. No script, no colour here.

What a chart shows stands in words beside it: each bar has its figure, each map and line its table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from comity.phrases.speech import Speaker
from comity.procedures.picture_figures import Figure

CLASSES = 5
ISOLATE, ISOLATED = "\u2068", "\u2069"
LINE_WIDTH, LINE_HEIGHT = 640, 200
LEFT, RIGHT, TOP, BOTTOM = 10, 10, 24, 28
NAMED_MAX = 3
ROOM = (260, 34)
"""How far apart the names of two countries stand on the map, sideways or up and down."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its word, its figure and share in words, and where it lies, in percent of the chart's width."""

    label: str
    code: str
    count: str
    share: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a line: its word and figure, and where it lies."""

    label: str
    count: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line over time: its points, the path through them and the ground below, and the marks of its height."""

    points: tuple[Point, ...]
    path: str
    ground: str
    marks: tuple[tuple[str, float], ...]
    labels: tuple[tuple[str, float, str], ...]


@dataclass(frozen=True, slots=True)
class Country:
    """One country of the map: its outline, or its mark alone, the class of its figure, and that in words."""

    code: str
    outline: str
    x: int
    y: int
    shade: int
    words: str


@dataclass(frozen=True, slots=True)
class Named:
    """A country that the map names by itself, and where the words stand."""

    words: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class WorldMap:
    """The map: its countries, those few it names, and what each class of shade means in words."""

    countries: tuple[Country, ...]
    named: tuple[Named, ...]
    classes: tuple[tuple[int, str], ...]


@cache
def outlines() -> Mapping[str, tuple[int, int, str]]:
    """Return the place of each country's mark and its outline, by code; see `tools/tables/world_map.py`."""
    text = files("comity.console").joinpath("data", "world.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {row[0]: (int(row[1]), int(row[2]), row[3]) for row in rows}


def bars(figures: Sequence[Figure], group: str, speaker: Speaker) -> list[Bar]:
    """Return the bars of a chart, as long as their share; in a language from the right they begin there."""
    longest = max((one.share for one in figures), default=0.0) or 1.0
    made: list[Bar] = []
    for one in figures:
        width = round(100 * one.share / longest, 2)
        start = 100 - width if speaker.direction == "rtl" else 0.0
        word = speaker.value(group, one.code) if one.code else "–"
        made.append(
            Bar(word, one.code, speaker.number(one.count), speaker.share(one.share), round(start, 2), width)
        )
    return made


def line(figures: Sequence[Figure], labels: Sequence[str], speaker: Speaker) -> Line | None:
    """Return the line through figures in order of time, which runs as the language is read; None for fewer than two."""
    if len(figures) < 2:
        return None
    highest = max(one.count for one in figures) or 1
    step = (LINE_WIDTH - LEFT - RIGHT) / (len(figures) - 1)
    is_mirrored = speaker.direction == "rtl"
    points: list[Point] = []
    for place, (one, label) in enumerate(zip(figures, labels, strict=True)):
        x = LEFT + step * place
        y = LINE_HEIGHT - BOTTOM - (LINE_HEIGHT - TOP - BOTTOM) * one.count / highest
        at = LINE_WIDTH - x if is_mirrored else x
        points.append(Point(label, speaker.number(one.count), round(at, 1), round(y, 1)))
    through = "M" + "L".join(f"{one.x} {one.y}" for one in points)
    floor = LINE_HEIGHT - BOTTOM
    marks = [(speaker.compact(highest), float(TOP)), (speaker.compact(highest // 2), (TOP + floor) / 2)]
    return Line(
        tuple(points),
        through,
        f"{through}L{points[-1].x} {floor}L{points[0].x} {floor}z",
        tuple(marks[: 1 + (highest > 1)]),
        _labels(points),
    )


def _labels(points: Sequence[Point]) -> tuple[tuple[str, float, str], ...]:
    """Return the words under the line: of its two ends, and of its middle where there is room."""
    first, last = points[0], points[-1]
    ends = ("start", "end") if first.x < last.x else ("end", "start")
    made = [(first.label, first.x, ends[0]), (last.label, last.x, ends[1])]
    if len(points) > 4:
        middle = points[len(points) // 2]
        made.insert(1, (middle.label, middle.x, "middle"))
    return tuple(made)


def world_map(figures: Sequence[Figure], speaker: Speaker) -> WorldMap:
    """Return the map of the figures by country. A country's shade is its fifth among those with a figure."""
    counts = {one.code: one for one in figures if one.count}
    floors = _floors(sorted(one.count for one in counts.values()))
    # Of few classes the dark ones are used: they can be told from the ground.
    lightest = CLASSES - len(floors)
    countries: list[Country] = []
    for code, (x, y, outline) in outlines().items():
        one = counts.get(code)
        shade = 0 if one is None else lightest + sum(one.count >= floor for floor in floors)
        if shade or outline:
            word = speaker.value("country", code)
            words = (
                word if one is None else f"{word}: {speaker.number(one.count)} ({speaker.share(one.share)})"
            )
            countries.append(Country(code, outline, x, y, shade, words))
    countries.sort(key=lambda one: not one.outline)  # marks lie above outlines
    named: list[Named] = []
    for one in sorted(counts.values(), key=lambda one: -one.count)[:NAMED_MAX]:
        x, y, _outline = outlines().get(one.code, (-1, -1, ""))
        has_room = all(abs(x - other.x) > ROOM[0] or abs(y - other.y) > ROOM[1] for other in named)
        if x >= 0 and has_room:
            # Isolated, whole and share: what an SVG writes has no direction of its own, and the sign went astray.
            words = f"{speaker.value('country', one.code)} {ISOLATE}{speaker.share(one.share)}{ISOLATED}"
            named.append(Named(f"{ISOLATE}{words}{ISOLATED}", x, y))
    classes = [
        (
            lightest + place + 1,
            f"{speaker.compact(low)} – {speaker.compact(high)}" if low < high else speaker.compact(low),
        )
        for place, (low, high) in enumerate(zip(floors, _ceilings(floors, counts), strict=True))
    ]
    return WorldMap(tuple(countries), tuple(named), tuple(classes))


def _floors(counts: Sequence[int]) -> list[int]:
    """Return the least figure of each class, so that each has about a fifth of the countries."""
    if not counts:
        return []
    return sorted({counts[len(counts) * place // CLASSES] for place in range(CLASSES)})


def _ceilings(floors: Sequence[int], counts: Mapping[str, Figure]) -> list[int]:
    if not floors:  # nothing to show yet
        return []
    highest = max(one.count for one in counts.values())
    return [
        max((one.count for one in counts.values() if one.count < above), default=floor)
        for floor, above in zip(floors, [*floors[1:], highest + 1], strict=True)
    ]
