"""Make the table of the world map: each country's outline, projected, and the place of its mark.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/tables/world_map.py package

Natural Earth's outlines at 1:110 million (Admin 0, de facto boundaries), in the Equal Earth projection, which
shows areas as they are (B. Šavrič, T. Patterson, B. Jenny, 2018), to whole units of a sheet 1,000 wide. The
map claims nothing about any boundary. Countries too small to be drawn at this scale get a mark alone, from the
outlines at 1:50 million.
"""

import itertools
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path

import pycountry

TARGET = Path(__file__).parents[2] / "src" / "comity" / "console" / "data" / "world.tsv"
FACTS = (
    "# source: Natural Earth 4.1.0, Admin 0 countries, by way of the npm package world-atlas 2.0.2",
    "# licence: public domain (Natural Earth); the package ISC",
    "# date: 2019-10-02",
    "# made by: tools/tables/world_map.py",
    "# columns: code, x and y of its mark, outline (empty where it is too small); sheet 1000 x 430",
)
WIDTH = 1000
PARTS_OF = {"N. Cyprus": "CYP", "Somaliland": "SOM", "Kosovo": "RKS"}
"""Shapes without a number of their own, by the code under which they are drawn."""

LEFT_OUT = {"ATA"}
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
Point = tuple[float, float]


def projected(longitude: float, latitude: float) -> Point:
    """Return where a place lies on the sheet."""
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    bent = theta * theta
    scale = A1 + 3 * A2 * bent + bent**3 * (7 * A3 + 9 * A4 * bent)
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(theta) / (3 * scale)
    y = theta * (A1 + A2 * bent + bent**3 * (A3 + A4 * bent))
    half = 2 * math.sqrt(3) * math.pi / (3 * A1)
    unit = WIDTH / 2 / half
    return WIDTH / 2 + x * unit, WIDTH * 0.243 - y * unit


def rings(atlas: dict, geometry: dict) -> Iterator[list[Point]]:
    """Yield the outer rings of a country, in degrees."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    scale, move = atlas["transform"]["scale"], atlas["transform"]["translate"]
    for polygon in polygons:
        ring: list[Point] = []
        for arc in polygon[0]:
            x = y = 0
            points: list[Point] = []
            for dx, dy in atlas["arcs"][arc if arc >= 0 else ~arc]:
                x, y = x + dx, y + dy
                points.append((x * scale[0] + move[0], y * scale[1] + move[1]))
            ring += (points if arc >= 0 else points[::-1])[bool(ring) :]
        yield from parted(ring)


def parted(ring: list[Point]) -> list[list[Point]]:
    """Return the ring in the parts that lie on either side of the meridian 180, where it crosses that."""
    turn, unwound = 0.0, [ring[0]]
    for (before, _), (after, latitude) in itertools.pairwise(ring):
        turn += 360 * ((before - after > 180) - (after - before > 180))
        unwound.append((after + turn, latitude))
    parts = [
        [(x + shift, y) for x, y in cut(cut(unwound, -180 - shift, 1), 180 - shift, -1)]
        for shift in (-360, 0, 360)
    ]
    return [part for part in parts if len(part) > 3]


def cut(ring: list[Point], meridian: float, side: int) -> list[Point]:
    """Return what of a closed ring lies east (1) or west (-1) of a meridian (Sutherland and Hodgman)."""
    kept: list[Point] = []
    for a, b in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        a_in, b_in = side * (a[0] - meridian) >= 0, side * (b[0] - meridian) >= 0
        if a_in != b_in:
            share = (meridian - a[0]) / (b[0] - a[0])
            crossing = (meridian, a[1] + share * (b[1] - a[1]))
            kept += [crossing] if b_in else [a, crossing]
        elif a_in:
            kept.append(a)
    return [*kept, kept[0]] if kept else []


def area(ring: list[Point]) -> float:
    """Return the area of a closed ring, in square degrees."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))) / 2


def outline(ring: list[Point]) -> str:
    """Return the ring as a path in whole units, each point once; empty for what is smaller than one unit."""
    points = [tuple(map(round, projected(*point))) for point in ring]
    kept = [point for place, point in enumerate(points) if place == 0 or point != points[place - 1]]
    if len(kept) < 4:
        return ""
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(kept)][:-1]
    return f"M{kept[0][0]} {kept[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps) + "z"


def centre(ring: list[Point]) -> Point:
    """Return the middle of a ring's points, as it is drawn."""
    points = [projected(*point) for point in ring]
    return (
        sum(point[0] for point in points) / len(points),
        sum(point[1] for point in points) / len(points),
    )


def code_of(geometry: dict) -> str | None:
    """Return the three letters of the country that a shape belongs to, or None."""
    country = pycountry.countries.get(numeric=str(geometry.get("id", "")).zfill(3))
    return country.alpha_3 if country else PARTS_OF.get(geometry["properties"]["name"])


def shapes(path: Path) -> dict[str, list[list[Point]]]:
    """Return the rings of every country in an atlas."""
    atlas = json.loads(path.read_text("utf-8"))
    found: dict[str, list[list[Point]]] = {}
    for geometry in atlas["objects"]["countries"]["geometries"]:
        code = code_of(geometry)
        if code and code not in LEFT_OUT:
            found.setdefault(code, []).extend(rings(atlas, geometry))
    return found


def main() -> None:
    """Write the table."""
    package = Path(sys.argv[1])
    coarse, fine = shapes(package / "countries-110m.json"), shapes(package / "countries-50m.json")
    lines = []
    for code in sorted({*coarse, *fine}):
        parts = coarse.get(code, [])
        x, y = centre(max(fine.get(code) or parts, key=area))
        paths = "".join(map(outline, sorted(parts, key=area, reverse=True)))
        lines.append(f"{code}\t{round(x)}\t{round(y)}\t{paths}")
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text("\n".join([*FACTS, *lines]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
