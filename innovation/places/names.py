"""Names of places as registers write them, and what they mean: provinces, districts, coordinates."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

PROVINCES = {
    "ZA-EC": "Eastern Cape",
    "ZA-FS": "Free State",
    "ZA-GP": "Gauteng",
    "ZA-KZN": "KwaZulu-Natal",
    "ZA-LP": "Limpopo",
    "ZA-MP": "Mpumalanga",
    "ZA-NC": "Northern Cape",
    "ZA-NW": "North West",
    "ZA-WC": "Western Cape",
}
OTHER_CODES = {"GT": "ZA-GP", "KZ": "ZA-KZN", "KN": "ZA-KZN", "NL": "ZA-KZN", "FC": "ZA-FS", "NP": "ZA-LP"}
LONGITUDES, LATITUDES = (16.0, 33.5), (-35.5, -22.0)
NOTHING = frozenset({"", ".", "-", "0", "n/a", "na", "not applicable", "unknown", "null", "none"})


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """A name for comparing: lower case, no accents or punctuation, ``Mt`` as ``Mount``, one space."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("'", "")
    words = re.sub(r"[^a-z0-9]+", " ", plain).split()
    return " ".join("mount" if word == "mt" else word for word in words)


def meaning(value: str) -> str:
    """The value, or nothing where the register wrote a sign for nothing."""
    return "" if value.strip().lower() in NOTHING else " ".join(value.split())


def province_code(written: str) -> str | None:
    """The ISO 3166-2 code of a province written as code, older code or name; None when it is not known."""
    plain = fold(written).removeprefix("za ").upper()
    if f"ZA-{plain}" in PROVINCES:
        return f"ZA-{plain}"
    if plain in OTHER_CODES:
        return OTHER_CODES[plain]
    return next((code for code, name in PROVINCES.items() if fold(name).upper() == plain), None)


def coordinates(longitude: str, latitude: str) -> tuple[float, float] | None:
    """Longitude and latitude in degrees, turned round or mended where that puts them into South Africa, else None."""
    try:
        pair = float(longitude.replace(",", ".")), float(latitude.replace(",", "."))
    except ValueError:
        return None
    for candidate in (pair, pair[::-1], (_with_point(pair[0]), _with_point(pair[1]))):
        east, north = candidate
        if LONGITUDES[0] <= east <= LONGITUDES[1] and LATITUDES[0] <= north <= LATITUDES[1]:
            return east, north
    return None


def _with_point(value: float) -> float:
    """A number whose decimal point was lost: two digits stand before it everywhere in the country."""
    digits = str(abs(int(value)))
    return (-1 if value < 0 else 1) * float(f"{digits[:2]}.{digits[2:]}") if len(digits) > 2 else value
