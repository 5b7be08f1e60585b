"""Ideas made in bulk say of a place only what can be true there."""

from __future__ import annotations

import pytest

from innovation.demo.bulk.words import CITIES, COAST, COUNTRY, MINES, settings_of
from tests.demo.reading import DISTRICTS


@pytest.mark.parametrize(
    ("district", "can_be"),
    [
        ("Johannesburg West", (False, False, False)),
        ("Umlazi", (False, False, False)),
        ("Vhembe East", (True, False, False)),
        ("OR Tambo Coastal", (True, True, False)),
        ("Sekhukhune South", (True, False, True)),
    ],
)
def test_a_setting_suits_its_district(district: str, can_be: tuple[bool, bool, bool]) -> None:
    settings = settings_of(district)

    told = ("in village schools" in settings, "along the coast road" in settings, "in the mining towns" in settings)
    assert told == can_be
    assert "after school" in settings


def test_every_rule_about_places_names_a_district_that_there_is() -> None:
    names = [name for _province, name in DISTRICTS]

    unknown = [start for start in (*CITIES, *COAST, *MINES) if not any(name.startswith(start) for name in names)]

    assert unknown == []
    assert "in small schools" in COUNTRY
