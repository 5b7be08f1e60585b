"""Reading what a pilot shows: changes by site, summed up by the database to what the statistics need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from innovation.db import db
from innovation.events import EventHead
from innovation.pilots.effects import NOTHING, Changes, Effect, Measure
from innovation.pilots.plan_models import Indicator, Pilot, PilotSite
from innovation.pilots.privacy import FEWEST_LEARNERS
from innovation.pilots.reading_models import BASELINE, Reading
from innovation.places.models import School
from innovation.values import dataclass

PER_PAGE = 5  # indicators on one page
MOST_DOTS = 40  # of more sites, each dot stands for an equal share
KINDS = PILOT, HIGH_DOSAGE, COMPARISON = ("pilot", "high_dosage", "comparison")
PAIR = "pair"
LEFT_OUT = ("no_baseline", "no_reading", "neither", "small")
Group = tuple[int, str]
"""The number of an indicator, and a kind of sites."""


@dataclass(frozen=True)
class SiteChange:
    """One site's change, for the table behind a picture."""

    place: str
    group: str
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before


@dataclass(frozen=True)
class Results:
    """One page of indicators in one term; ``sites`` by indicator id are there where every site has its own dot."""

    terms: tuple[str, ...]
    term: str
    page: int
    pages: int
    measures: int
    effects: tuple[Effect, ...] = ()
    sites: Mapping[int, tuple[SiteChange, ...]] = field(default_factory=dict)


def read_results(pilot: Pilot, term: str = "", page: int = 1) -> Results:
    """What the pilot shows in a term, the latest unless another one that has readings is named."""
    terms = read_terms(pilot)
    chosen = term if term in terms else (terms[0] if terms else "")
    measures = list_measures(pilot)
    pages = max(1, -(-len(measures) // PER_PAGE))
    page = min(max(page, 1), pages)
    shown = measures[(page - 1) * PER_PAGE : page * PER_PAGE]
    if not chosen:
        return Results(terms, "", page, pages, len(measures), tuple(Effect(each, "", pilot.design) for each in shown))
    effects = _effects(pilot, shown, chosen)
    return Results(terms, chosen, page, pages, len(measures), effects, _sites(effects))


def read_effects(pilot: Pilot, term: str) -> tuple[Effect, ...]:
    """What every indicator shows in a term, a page of them at a time."""
    measures = list_measures(pilot)
    parts = [measures[at : at + PER_PAGE] for at in range(0, len(measures), PER_PAGE)]
    return tuple(effect for part in parts for effect in _effects(pilot, part, term))


def main_effect(pilot: Pilot) -> Effect | None:
    """What the first indicator of the plan shows in its latest term: the one that the pilot is judged by."""
    measures, terms = list_measures(pilot), read_terms(pilot)
    if not measures:
        return None
    return _effects(pilot, measures[:1], terms[0])[0] if terms else Effect(measures[0], "", pilot.design)


def list_measures(pilot: Pilot) -> list[Measure]:
    """The indicators in the order of the plan; the first is the one that the pilot is judged by."""
    named = (Indicator.id, Indicator.name, Indicator.unit, Indicator.target, Indicator.stop_at)
    query = sa.select(*named, Indicator.more_is_better).where(Indicator.pilot_id == pilot.id)
    return [Measure(*row) for row in db.session.execute(query.order_by(Indicator.position))]


def read_terms(pilot: Pilot) -> tuple[str, ...]:
    """The terms in which something was measured, the latest first."""
    return tuple(db.session.scalars(TERMS, {"pilot": pilot.id}))


# The index is asked once for each indicator and term, however many sites there are. A term begins with its year, so
# that all of them stand before "a", and the baseline does not.
TERMS = sa.text("""
WITH RECURSIVE found(term) AS (
    SELECT max((SELECT max(r.term) FROM reading r WHERE r.indicator_id = i.id AND r.replaced_at IS NULL
                AND r.term < 'a')) FROM indicator i WHERE i.pilot_id = :pilot
    UNION ALL
    SELECT (SELECT max((SELECT max(r.term) FROM reading r WHERE r.indicator_id = i.id AND r.replaced_at IS NULL
                        AND r.term < found.term)) FROM indicator i WHERE i.pilot_id = :pilot)
    FROM found WHERE found.term IS NOT NULL
)
SELECT term FROM found WHERE term IS NOT NULL
""")


# What the statistics need


def _effects(pilot: Pilot, measures: Sequence[Measure], term: str) -> tuple[Effect, ...]:
    groups = _groups(_stamp(pilot), pilot.id, tuple(each.id for each in measures), term)
    return tuple(
        Effect(each, term, pilot.design, *(groups.get((each.id, kind), NOTHING) for kind in KINDS)) for each in measures
    )


def _stamp(pilot: Pilot) -> tuple[str | None, int | None]:
    """What changes with every reading that is taken, and with everything that is done with the idea."""
    head = sa.select(EventHead.hash).where(EventHead.subject == f"idea:{pilot.idea_id}").scalar_subquery()
    row = db.session.execute(sa.select(head, sa.select(sa.func.max(Reading.id)).scalar_subquery())).one()
    return row[0], row[1]


def _groups(
    stamp: tuple[str | None, int | None], pilot_id: int, measures: tuple[int, ...], term: str
) -> dict[Group, Changes]:
    """The changes of every group, kept for as long as nothing has happened: there may be thousands of sites."""
    return (_kept_groups if stamp[0] else _summed)(stamp, pilot_id, measures, term)


def _summed(_stamp: object, pilot_id: int, measures: tuple[int, ...], term: str) -> dict[Group, Changes]:
    found: dict[tuple[int, str, str], list[Any]] = {}
    for row in db.session.execute(_measured(pilot_id, measures, term)):
        found.setdefault((row[0], row[1], row[2]), []).append(row)
    return {
        (measure, kind): _changes(
            found.get((measure, kind, PAIR), []),
            {status: len(found.get((measure, kind, status), ())) for status in LEFT_OUT},
        )
        for measure, kind in dict.fromkeys((key[0], key[1]) for key in found)
    }


_kept_groups = lru_cache(maxsize=256)(_summed)


def _changes(pairs: list[Any], left_out: dict[str, int]) -> Changes:
    """The sums of one group, and the changes at the ranks that quartiles and dots are read from."""
    others = Changes(sites=len(pairs) + sum(left_out.values()), **left_out)  # type: ignore[arg-type]
    if not pairs:
        return others
    import numpy as np  # only these pages need it

    before = np.fromiter((row[3] for row in pairs), float, len(pairs))
    after = np.fromiter((row[4] for row in pairs), float, len(pairs))
    change = after - before
    mean = float(change.mean())
    ranked = np.argsort(change, kind="stable")
    return replace(
        others,
        pairs=len(pairs),
        before=float(before.mean()),
        after=float(after.mean()),
        mean=mean,
        squares=float(((change - mean) ** 2).sum()),
        reached=sum(row[5] for row in pairs),
        quartiles=tuple(float(each) for each in np.quantile(change, (0, 0.25, 0.5, 0.75, 1))),
        dots=tuple(float(change[at]) for at in ranked[dots_of(len(pairs))]),
        site_ids=tuple(pairs[at][6] for at in ranked) if len(pairs) <= MOST_DOTS else (),
        befores=tuple(float(before[at]) for at in ranked) if len(pairs) <= MOST_DOTS else (),
    )


def dots_of(n: int) -> list[int]:
    """Which of ``n`` changes in their order are drawn: all, or the middle of as many shares as may be dots."""
    return list(range(n)) if n <= MOST_DOTS else [(2 * dot + 1) * n // (2 * MOST_DOTS) for dot in range(MOST_DOTS)]


def kind_of() -> Any:
    """The group that a site belongs to: in one that is compared with nothing is done, whatever else it is."""
    return sa.case((PilotSite.is_comparison, COMPARISON), (PilotSite.is_high_dosage, HIGH_DOSAGE), else_=PILOT)


def _measured(pilot_id: int, measures: tuple[int, ...], term: str) -> sa.Select[Any]:
    """The readings of every site at the baseline and in the term, and why they make no pair."""
    before, after = aliased(Reading), aliased(Reading)
    learners = [sa.func.coalesce(each.learners, PilotSite.learners, FEWEST_LEARNERS) for each in (before, after)]
    status = sa.case(
        (sa.and_(before.id.is_(None), after.id.is_(None)), "neither"),
        (before.id.is_(None), "no_baseline"),
        (after.id.is_(None), "no_reading"),
        (sa.or_(*(each < FEWEST_LEARNERS for each in learners)), "small"),
        else_=PAIR,
    )
    better = sa.case((Indicator.more_is_better, after.value >= Indicator.target), else_=after.value <= Indicator.target)

    def standing(reading: Any, at: str) -> Any:
        return sa.and_(
            reading.indicator_id == Indicator.id,
            reading.term == at,
            reading.site_id == PilotSite.id,
            reading.replaced_at.is_(None),
        )

    reached = sa.case((better, 1), else_=0)
    return (
        sa.select(Indicator.id, kind_of(), status, before.value, after.value, reached, PilotSite.id)
        .select_from(Indicator)
        .join(PilotSite, PilotSite.pilot_id == Indicator.pilot_id)
        .outerjoin(before, standing(before, BASELINE))
        .outerjoin(after, standing(after, term))
        .where(Indicator.pilot_id == pilot_id, Indicator.id.in_(measures))
        .order_by(PilotSite.id)
    )


def _sites(effects: Sequence[Effect]) -> dict[int, tuple[SiteChange, ...]]:
    """Each site's own change by indicator, where each has its own dot; one statement for their names."""
    ids = {site for effect in effects for _kind, group in effect.groups for site in group.site_ids}
    if not ids:
        return {}
    name = sa.func.coalesce(School.name, PilotSite.place)
    query = sa.select(PilotSite.id, name).outerjoin(School, School.emis == PilotSite.emis).where(PilotSite.id.in_(ids))
    names: dict[int, str] = {site: name for site, name in db.session.execute(query)}  # noqa: C416
    return {
        effect.measure.id: tuple(
            SiteChange(names[site], kind, before, before + change)
            for kind, group in effect.groups
            for site, before, change in zip(group.site_ids, group.befores, group.dots, strict=False)
        )
        for effect in effects
    }
