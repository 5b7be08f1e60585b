"""Ideas made in bulk say of a place only what can be true there."""

from __future__ import annotations

from random import Random

import pytest

from innovation.demo.bulk.words import CITIES, COAST, COUNTRY, MINES, NEEDS, THINGS, Words, settings_of
from tests.demo.reading import DISTRICTS, EDUCATION, IDEAS


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


@pytest.mark.parametrize("seed", range(20))
def test_a_canvas_is_about_what_its_title_says(seed: int) -> None:
    draft = Words(IDEAS).draft(Random(seed), "Vhembe East")

    thing = next(thing for thing in THINGS[draft.topic][0] if draft.title.startswith(thing))
    answers = draft.answers
    about = ("summary", "how_it_works", "what_is_new", "expected_change", "theory_of_change", "resources")
    assert [key for key in about if thing.lower() not in answers[key].lower()] == []
    assert answers["problem"].partition(".")[0] in NEEDS[draft.topic][0]
    required = {f.key for gate in EDUCATION.gates if gate.track is None for f in EDUCATION.fields_required_at(gate.key)}
    assert required - answers.keys() - {"title", "owner", "consent", "theme"} == set()


def test_every_rule_about_places_names_a_district_that_there_is() -> None:
    names = [name for _province, name in DISTRICTS]

    unknown = [start for start in (*CITIES, *COAST, *MINES) if not any(name.startswith(start) for name in names)]

    assert unknown == []
    assert "in small schools" in COUNTRY
