"""Crime areas: what a kind of record is mostly about. The grouping is Comity's own, for statistics."""

from collections.abc import Mapping
from types import MappingProxyType

AREAS: Mapping[str, str] = MappingProxyType(
    {
        "person": "fugitives",
        "travel_document": "identity",
        "administrative_document": "identity",
        "vehicle": "vehicles",
        "firearm": "firearms",
        "vessel": "maritime",
        "container": "maritime",
        "aircraft": "aviation",
        "artwork": "cultural-property",
        "device": "cyber",
        "account": "financial",
        "organisation": "organised-crime",
    }
)
"""The crime area of each kind of record."""
