"""`comity picture`: how much was searched and found, by region, country, database, crime area, purpose, month."""

import sys
from typing import Annotated

from cyclopts import Parameter

from comity.cli.place import HERE, Place, acting
from comity.cli.show import show_json, show_pairs, show_rows
from comity.procedures.picture import PictureRequest, chart_named, picture


def show_picture(  # noqa: PLR0913 - each is an option of the command
    *,
    chart: str = "regions",
    measure: str = "searches",
    first: Annotated[str, Parameter(name="--from")] = "",
    last: Annotated[str, Parameter(name="--to")] = "",
    region: str = "",
    country: str = "",
    kind: str = "",
    csv: Annotated[bool, Parameter(negative=())] = False,
    place: Place = HERE,
) -> None:
    """Show how much was searched, found and confirmed, chart by chart: as a table, with --csv comma-separated."""
    code = chart_named(chart)
    asked = PictureRequest(measure, first, last, region, country, kind)
    with acting(place) as (node, officer, purpose):
        found = picture(asked, purpose, officer, node.desk)
    if place.json:
        show_json(found.to_json())
    elif csv:
        sys.stdout.write(found.to_csv(code) if found.has(code) else "")
    else:
        show_pairs({"total": found.total})
        show_rows(found.lines(code), as_json=False)
