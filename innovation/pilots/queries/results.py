"""Reading what a pilot shows: changes by site, summed up to what the statistics need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Any

import sqlalchemy as sa

from innovation.db import db
from innovation.pilots.columns import PARTS, read_columns
from innovation.pilots.effects import Changes, Effect, Measure
from innovation.pilots.places import named_sites, read_places, told_apart
from innovation.pilots.plan_models import Indicator, Pilot, PilotSite
from innovation.pilots.privacy import FEWEST_LEARNERS
from innovation.pilots.reading_models import BASELINE, ReadingColumn
from innovation.values import dataclass

PER_PAGE = 5  # indicators on one page
MOST_DOTS = 40  # of more sites, each dot stands for an equal share
KINDS = PILOT, HIGH_DOSAGE, COMPARISON = ("pilot", "high_dosage", "comparison")  # in the order of KINDS_OF_SITE
PAIR = "pair"
LEFT_OUT = ("neither", "no_baseline", "no_reading", "small")
STATUSES = (PAIR, *LEFT_OUT)


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
    query = sa.select(ReadingColumn.term).distinct().join(Indicator, Indicator.id == ReadingColumn.indicator_id)
    query = query.where(Indicator.pilot_id == pilot.id, ReadingColumn.term != BASELINE, ReadingColumn.content != b"")
    return tuple(db.session.scalars(query.order_by(ReadingColumn.term.desc())))


# What the statistics need


def _effects(pilot: Pilot, measures: Sequence[Measure], term: str) -> tuple[Effect, ...]:
    sites, columns = read_places(pilot), read_columns([each.id for each in measures], (BASELINE, term))
    effects = []
    for measure in measures:
        pairs = _pairs(sites, columns.get((measure.id, BASELINE)), columns.get((measure.id, term)))
        groups = (_changes(pairs[sites["kind"] == at], measure) for at in range(len(KINDS)))
        effects.append(Effect(measure, term, pilot.design, *groups))
    return tuple(effects)


def _pairs(sites: Any, before: Any, after: Any) -> Any:
    """What was read at each of the sites at both times, and whether that makes a pair or else why not."""
    import numpy as np

    pairs = np.zeros(len(sites), [("site", "<i4"), ("status", "i1"), ("before", "<f8"), ("after", "<f8")])
    there, few = [], []
    for name, column in (("before", before), ("after", after)):
        found, row = _rows_of(sites, column)
        pairs[name] = np.where(found, row["value"], 0.0)
        there.append(found)
        learners = np.where(row["learners"] >= 0, row["learners"], sites["learners"])
        few.append((learners >= 0) & (learners < FEWEST_LEARNERS))
    was, stands = there
    pairs["site"] = sites["site"]
    left_out = [~was & ~stands, ~was, ~stands, few[0] | few[1]]
    pairs["status"] = np.select(left_out, [STATUSES.index(each) for each in LEFT_OUT], STATUSES.index(PAIR))
    return pairs


def _rows_of(sites: Any, column: Any) -> tuple[Any, Any]:
    """Which sites stand in a column, and the row of each; of another where it stands in none."""
    import numpy as np

    if column is None or not len(column):
        return np.zeros(len(sites), bool), np.zeros(len(sites), PARTS)
    at = np.minimum(np.searchsorted(column["site"], sites["site"]), len(column) - 1)
    return column["site"][at] == sites["site"], column[at]


def _changes(pairs: Any, measure: Measure) -> Changes:
    """The sums of one group, and the changes at the ranks that quartiles and dots are read from."""
    import numpy as np

    counts = np.bincount(pairs["status"], minlength=len(STATUSES))
    others = Changes(sites=len(pairs), **{each: int(counts[STATUSES.index(each)]) for each in LEFT_OUT})  # type: ignore[arg-type]
    found = pairs[pairs["status"] == STATUSES.index(PAIR)]
    if not len(found):
        return others
    change = found["after"] - found["before"]
    mean, ranked, number = float(change.mean()), np.argsort(change, kind="stable"), len(found)
    return replace(
        others,
        pairs=number,
        before=float(found["before"].mean()),
        after=float(found["after"].mean()),
        mean=mean,
        squares=float(((change - mean) ** 2).sum()),
        reached=_reached(found["after"], measure),
        quartiles=tuple(float(each) for each in np.quantile(change, (0, 0.25, 0.5, 0.75, 1))),
        dots=tuple(float(change[at]) for at in ranked[dots_of(number)]),
        site_ids=tuple(int(each) for each in found["site"][ranked]) if number <= MOST_DOTS else (),
        befores=tuple(float(each) for each in found["before"][ranked]) if number <= MOST_DOTS else (),
    )


def _reached(after: Any, measure: Measure) -> int:
    if measure.target is None:
        return 0
    return int((after >= measure.target if measure.more_is_better else after <= measure.target).sum())


def dots_of(n: int) -> list[int]:
    """Which of ``n`` changes in their order are drawn: all, or the middle of as many shares as may be dots."""
    return list(range(n)) if n <= MOST_DOTS else [(2 * dot + 1) * n // (2 * MOST_DOTS) for dot in range(MOST_DOTS)]


def kind_of() -> Any:
    """The group that a site belongs to: in one that is compared with nothing is done, whatever else it is."""
    return sa.case((PilotSite.is_comparison, COMPARISON), (PilotSite.is_high_dosage, HIGH_DOSAGE), else_=PILOT)


def _sites(effects: Sequence[Effect]) -> dict[int, tuple[SiteChange, ...]]:
    """Each site's own change by indicator, where each has its own dot; one statement for their names."""
    ids = {site for effect in effects for _kind, group in effect.groups for site in group.site_ids}
    if not ids:
        return {}
    names = told_apart(db.session.execute(named_sites().where(PilotSite.id.in_(ids))))
    return {
        effect.measure.id: tuple(
            SiteChange(names[site], kind, before, before + change)
            for kind, group in effect.groups
            for site, before, change in zip(group.site_ids, group.befores, group.dots, strict=False)
        )
        for effect in effects
    }
