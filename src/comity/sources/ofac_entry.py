"""One entry of OFAC's list, with its aliases and addresses, as records."""

from collections.abc import Iterator
from dataclasses import dataclass

from comity.records.fieldtype import TEXT_MAX, Json
from comity.records.types.measures import TONNAGE
from comity.records.types.objects.aircraft import AIRCRAFT_REGISTRATION
from comity.records.types.objects.vessel import CALL_SIGN
from comity.records.types.objects.wallet import WALLET
from comity.records.types.text import NAME
from comity.sources.ofac_fields import carry
from comity.sources.ofac_remarks import Fact, facts_of
from comity.sources.texts import countries, distinct, fitting, without_empty

KINDS = {"individual": "person", "": "organisation", "vessel": "vessel", "aircraft": "aircraft"}
COLUMNS = (
    "number",
    "name",
    "type",
    "programme",
    "title",
    "call_sign",
    "vessel_type",
    "tonnage",
    "gross_tonnage",
    "flag",
    "owner",
    "remarks",
)
ALIAS_ROLES = {"aka": "alias", "fka": "former", "nka": "alias"}
AUTHORITY = "OFAC"


@dataclass(frozen=True, slots=True)
class Entry:
    """The cells of one entry by column, and its rows in the files of aliases, addresses and comments."""

    cells: dict[str, str]
    aliases: list[list[str]]
    addresses: list[list[str]]
    comments: list[list[str]]

    @property
    def kind(self) -> str | None:
        """The kind of record it becomes, or None where its type is not known."""
        return KINDS.get(self.cells["type"].lower())


def records_of(entry: Entry, kind: str) -> Iterator[dict[str, Json]]:
    """Yield the record of an entry, then an account for each of its wallets."""
    facts = list(_facts(entry))
    measures = "; ".join(dict.fromkeys(fact.text for fact in facts if fact.role == "measure"))
    listing: dict[str, Json] = {
        "authority": AUTHORITY,
        "programme": entry.cells["programme"].replace("] [", "; "),
        "measures": measures if len(measures) <= TEXT_MAX else "",
    }
    record: dict[str, Json] = {
        "kind": kind,
        "source_id": entry.cells["number"],
        "listing": [without_empty(listing)],
        **_own_fields(entry, kind),
    }
    left = carry((fact for fact in facts if fact.role != "measure"), record, kind)
    left += [] if len(measures) <= TEXT_MAX else [measures]
    left += _uncarried(entry, kind, record)
    yield without_empty({**record, "remarks": "; ".join(dict.fromkeys(left))})
    for fact in facts:
        if fact.role == "wallet":
            yield from _account(entry, fact)


def _facts(entry: Entry) -> Iterator[Fact]:
    for alias in entry.aliases:
        yield Fact(ALIAS_ROLES.get(alias[2].lower(), "alias"), alias[3], f"{alias[2]} {alias[3]}")
    for text in (entry.cells["remarks"], *(row[1] for row in entry.comments)):
        yield from facts_of(text)


def _own_fields(entry: Entry, kind: str) -> dict[str, Json]:
    cells = entry.cells
    if kind == "aircraft":
        # An aircraft's name is the mark on its tail.
        return {"registration": fitting(AIRCRAFT_REGISTRATION, cells["name"]), "status": "listed"}
    names: list[Json] = [{"name": cells["name"], "type": "primary"}]
    if kind == "vessel":
        return {
            "names": names,
            "call_sign": fitting(CALL_SIGN, cells["call_sign"]),
            "type": cells["vessel_type"],
            "tonnage": fitting(TONNAGE, cells["tonnage"]),
            "gross_tonnage": fitting(TONNAGE, cells["gross_tonnage"]),
            "flag": next(iter(countries([cells["flag"]])), None),
            "owner": fitting(NAME, cells["owner"]),
            "status": "listed",
        }
    places = _addresses(entry)
    if kind == "organisation":
        found: list[Json] = [place.get("country") for place in places if place.get("country")]
        return {"names": names, "addresses": [*places], "countries": distinct(found)}
    return {
        "names": names,
        "positions": [cells["title"]] if cells["title"] else [],
        "addresses": [*places],
    }


def _addresses(entry: Entry) -> list[dict[str, Json]]:
    found: list[dict[str, Json]] = []
    for row in entry.addresses:
        street, city, country, note = row[2:6]
        codes, is_region = countries([country.removeprefix("Region:")]), country.startswith("Region:")
        address: dict[str, Json] = {
            "street": street,
            "city": city,
            "region": country.removeprefix("Region:").strip() if is_region or not codes else "",
            "country": codes[0] if codes else None,
            "note": note,
        }
        kept = without_empty(address)
        found += [kept] if kept and kept not in found else []
    return found


def _uncarried(entry: Entry, kind: str, record: dict[str, Json]) -> list[str]:
    """Return what the cells and addresses say and no field of this kind carries."""
    cells, left = entry.cells, list[str]()
    if kind == "aircraft" and record.get("registration") is None:
        left.append(cells["name"])
    if kind in {"organisation", "vessel", "aircraft"} and cells["title"]:
        left.append(cells["title"])
    if kind in {"vessel", "aircraft"}:
        left += [", ".join(text for text in row[2:6] if text) for row in entry.addresses]
    if kind == "vessel" and cells["flag"] and record.get("flag") is None:
        left.append(f"flag {cells['flag']}")
    return [text for text in left if text]


def _account(entry: Entry, fact: Fact) -> Iterator[dict[str, Json]]:
    currency, _, address = fact.value.partition(" ")
    wallet = fitting(WALLET, address)
    if wallet is not None:
        yield {
            "kind": "account",
            "source_id": f"{entry.cells['number']}/{currency}/{wallet}"[:200],
            "type": "wallet",
            "wallet": wallet,
            "currency": currency,
            "holders": [entry.cells["name"]],
            "status": "listed",
            "reference": f"{AUTHORITY} {entry.cells['number']}",
        }
