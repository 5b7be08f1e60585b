"""What matching needs to know, read from a mandate and from an idea with its ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from innovation.funders.codes import phase_keys
from innovation.funders.fitting import Offered, Wanted
from innovation.funders.models import Mandate
from workflows import Definition, Gate, Place


def wanted_by(mandate: Mandate | None, province_of: Mapping[int, str]) -> Wanted:
    """A mandate as matching takes it; without one nothing is known of what the funder wants."""
    if mandate is None:
        return Wanted(national=False)
    districts = frozenset(int(key) for key in mandate.district_ids)
    return Wanted(
        themes=frozenset(mandate.theme_keys),
        phases=frozenset(phase_keys(mandate.phases)),
        national=mandate.national,
        provinces=frozenset(mandate.provinces),
        districts=districts,
        district_provinces=frozenset(province_of[key] for key in districts if key in province_of),
        appetite={stage: level for stage, level in mandate.appetite.items() if level},
        ticket_min=mandate.ticket_min_cents,
        ticket_max=mandate.ticket_max_cents,
        co_fund=mandate.co_fund,
        max_months=mandate.max_months or (None if mandate.multi_year else 12),
        instruments=frozenset(mandate.instruments),
        min_evidence=mandate.min_evidence,
        requires=frozenset(mandate.requires),
        exclusions=frozenset(mandate.exclusions),
        sed_percent=mandate.sed_percent,
        windows=mandate.windows_as_dates,
    )


def offered_by(row: Any, definition: Definition, themes: Mapping[int, str], province_of: Mapping[int, str]) -> Offered:
    """A row of ``browsing.COLUMNS`` as matching takes it."""
    districts = frozenset(int(key) for key in row.district_ids) or _one(row.district_id)
    provinces = frozenset(row.provinces) or frozenset(province_of[key] for key in districts if key in province_of)
    return Offered(
        theme=themes.get(row.theme_id),
        secondary_themes=frozenset(themes[key] for key in row.secondary_theme_ids if key in themes),
        topic=row.topic,
        phases=frozenset(phase_keys(row.ask_phases or row.phases)),
        provinces=provinces,
        districts=districts,
        stage=stage_key(definition, row.place),
        amount=row.amount_cents,
        months=row.months,
        instruments=frozenset(row.instruments),
        legal_status=frozenset(row.legal_status),
        evidence=row.evidence,
        evidence_levels=_levels(definition),
        asks_phases=definition.phases is not None,
        phase_names=_phases(definition),
        share_of=definition.words.share,
        district_word=definition.words.district,
        districts_word=definition.words.districts,
        share_q1_3=row.share_q1_3,
        sed_percent=row.sed_percent,
    )


@lru_cache(maxsize=64)
def _levels(definition: Definition) -> tuple[tuple[str, str], ...]:
    return tuple((level.key, level.name) for level in definition.evidence_levels)


@lru_cache(maxsize=64)
def _phases(definition: Definition) -> tuple[tuple[str, str], ...]:
    choices = definition.phases.choices if definition.phases else ()
    return tuple((choice.key.lower(), choice.name) for choice in choices)


def _one(key: int | None) -> frozenset[int]:
    return frozenset() if key is None else frozenset({key})


@lru_cache(maxsize=1024)
def stage_key(definition: Definition, place: str) -> str:
    """The stage of a place; an idea at a gate is still in the stage that it comes from."""
    found = definition.place(place)
    return found.comes_from if isinstance(found, Gate) else found.key


def places_of(definitions: Iterable[Definition], stages: Iterable[str]) -> set[str]:
    """Every place, gates included, that belongs to one of the stages and that funders see."""
    wanted = set(stages)
    return {
        place.place
        for definition in definitions
        for place in _every_place(definition)
        if stage_key(definition, place.place) in wanted
        and definition.place_index(place.place) >= definition.place_index(definition.funders_from)
    }


def _every_place(definition: Definition) -> list[Place]:
    """Those of shorter tracks too."""
    return [*definition.stages, *definition.gates]
