"""A bar chart as SVG, without a drawing library."""

from collections.abc import Mapping
from html import escape

ROW, LABEL, WIDTH = 18, 190, 400


def bars(title: str, rows: Mapping[str, float]) -> str:
    """Return an SVG with one bar a row, from 0 to 1, the lowest first."""
    ordered = sorted(rows.items(), key=lambda row: (row[1], row[0]))
    height = ROW * (len(ordered) + 2)
    drawn = [
        f'<text x="{LABEL - 6}" y="{ROW * (place + 2) - 5}" text-anchor="end">{escape(name)}</text>'
        f'<rect x="{LABEL}" y="{ROW * (place + 1) + 3}" width="{WIDTH * value:.1f}" height="{ROW - 5}" fill="#2f6f9f"/>'
        f'<text x="{LABEL + WIDTH * value + 5:.1f}" y="{ROW * (place + 2) - 5}">{value:.2f}</text>'
        for place, (name, value) in enumerate(ordered)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LABEL + WIDTH + 60}" height="{height}"'
        f' font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="6" y="{ROW - 4}" font-weight="bold">{escape(title)}</text>{"".join(drawn)}</svg>\n'
    )
