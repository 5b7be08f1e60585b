"""A register of schools as a file: its columns, and each row as a school or as faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from innovation.places.names import PROVINCES, coordinates, fold, meaning, province_code
from innovation.tables import Row, Table, TableFault
from innovation.values import dataclass

COLUMNS = {
    "emis": ("emis", "natemis", "emis number", "nat emis"),
    "province": ("province", "provincecd", "province code"),
    "name": ("name", "official institution name", "institution name", "school name", "school"),
    "district": ("education district", "eidistrict", "district"),
    "circuit": ("circuit", "eicircuit"),
    "municipality": ("local municipality", "lmunname", "municipality"),
    "sector": ("sector",),
    "kind": ("type", "type doe"),
    "phase": ("phase", "phase ped"),
    "quintile": ("quintile",),
    "no_fee": ("no fee", "nofeeschool", "no fee school"),
    "urban_rural": ("urban rural",),
    "longitude": ("lon", "gis longitude", "longitude", "gis long"),
    "latitude": ("lat", "gis latitude", "latitude", "gis lat"),
    "learners": ("learners",),
    "educators": ("educators",),
}
NEEDED = {"emis": "EMIS number", "province": "province", "name": "name"}


@dataclass(frozen=True)
class RowFault:
    """What is wrong with a row, and in which column."""

    row: int
    column: str
    message: str


@dataclass
class Report:
    """What an import did, or would do."""

    made: int = 0
    changed: int = 0
    unchanged: int = 0
    unmapped: dict[str, int] = field(default_factory=dict)
    misplaced: int = 0
    faults: list[RowFault] = field(default_factory=list)


Districts = Mapping[tuple[str, str], int]


def columns_of(table: Table) -> dict[str, str]:
    """The file's column for each of ours; ``TableFault`` when one that is needed is missing."""
    folded = {fold(name): name for name in table.columns}
    found = {}
    for key, names in COLUMNS.items():
        match = next((folded[name] for name in names if name in folded), None)
        match = match or next((name for f, name in folded.items() if f.startswith(names[0]) and f[-4:].isdigit()), None)
        if match:
            found[key] = match
    lacking = [label for key, label in NEEDED.items() if key not in found]
    if lacking:
        raise TableFault(f"The file has no column for: {', '.join(lacking)}.")
    return found


def read_school(row: Row, columns: Mapping[str, str], districts: Districts, report: Report) -> dict[str, Any] | None:
    """The row as values of ``School``, or None with its faults in the report."""
    cell = {key: meaning(row.values[column]) for key, column in columns.items()}
    emis, province = cell["emis"], province_code(cell["province"])
    faults = [
        RowFault(row.number, columns[key], message)
        for key, wrong, message in (
            ("emis", not (emis.isdigit() and 6 <= len(emis) <= 12), "An EMIS number has nine digits."),
            ("province", province is None, "This province is not known."),
            ("name", not cell["name"], "A school needs a name."),
        )
        if wrong
    ]
    if row.beyond:
        faults.append(RowFault(row.number, "", "Something stands beyond the last heading. Is a comma too many?"))
    report.faults += faults
    if faults or province is None:
        return None
    return _values(cell, province, districts, report)


def _values(cell: Mapping[str, str], province: str, districts: Districts, report: Report) -> dict[str, Any]:
    old = cell.get("district", "")
    district_id = districts.get((province, fold(old).removesuffix(" district"))) if old else None
    if district_id is None:
        report.unmapped[province] = report.unmapped.get(province, 0) + 1
    place = coordinates(cell.get("longitude", ""), cell.get("latitude", ""))
    report.misplaced += place is None and bool(cell.get("longitude"))
    words = (cell["name"], cell["emis"], old, cell.get("circuit", ""), cell.get("municipality", ""))
    return {
        "emis": cell["emis"],
        "name": cell["name"][:160],
        "province_code": province,
        "district_id": district_id,
        "old_district": old[:80],
        "circuit": cell.get("circuit", "")[:80],
        "municipality": cell.get("municipality", "")[:80],
        "sector": cell.get("sector", "").lower()[:20],
        "kind": cell.get("kind", "").lower()[:40],
        "phase": cell.get("phase", "").lower()[:40],
        "quintile": _quintile(cell.get("quintile", "")),
        "no_fee": {"yes": True, "no": False}.get(cell.get("no_fee", "").lower()),
        "urban_rural": cell.get("urban_rural", "").lower()[:10],
        "longitude": place[0] if place else None,
        "latitude": place[1] if place else None,
        "learners": _whole(cell.get("learners", "")),
        "educators": _whole(cell.get("educators", "")),
        "search_text": search_text(*words, PROVINCES[province]),
    }


def search_text(*words: str) -> str:
    """What the picker searches: every name of the school's places, folded."""
    return fold(" ".join(words))


def _quintile(written: str) -> int | None:
    digits = written.lower().removeprefix("q")
    return int(digits) if digits in {"1", "2", "3", "4", "5"} else None


def _whole(written: str) -> int | None:
    try:
        number = int(float(written))
    except ValueError:
        return None
    return number if 0 <= number < 100_000 else None
