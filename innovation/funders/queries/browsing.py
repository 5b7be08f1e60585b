"""Browsing: which listed ideas fit a funder, in what order, and why the others do not."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, raiseload

from innovation.db import Page, db
from innovation.funders.choosing import best_of, reason_of
from innovation.funders.exposure import Seen, choose_strip
from innovation.funders.facets import Filters, Tally, Traits, missed, traits_of
from innovation.funders.facts import offered_by, places_of, wanted_by
from innovation.funders.fitting import Fit, Offered, Wanted
from innovation.funders.matching import fit
from innovation.funders.models import Exposure, Funder, LearnedFit, Mandate
from innovation.funders.past_awards import Learned
from innovation.funders.queries.blocks import SimplyBlocked, simply_blocked
from innovation.funders.queries.directory import definitions_in_use
from innovation.funders.queries.kept import within
from innovation.funders.queries.narrowing import EVIDENCE, Narrowing
from innovation.ideas.models import Ask, Idea
from innovation.ideas.queries import walled
from innovation.permission import Actor
from innovation.places.models import District
from innovation.programmes.models import Theme, Topic
from innovation.statements import ask
from innovation.values import dataclass
from workflows import Definition

CANDIDATES = 2000
PAGE = 25
ORDERS = ("match", "newest", "smallest")
ALL = Filters()
Pairs = tuple[tuple[int, str], ...]


class Codes(sa.TypeDecorator[tuple[Any, ...]]):
    """A list of codes that is read and left as it is: most of hundreds say the same, and are read from JSON once."""

    impl = sa.Text
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> tuple[Any, ...] | None:
        return None if value is None else _list_of(value)


@lru_cache(maxsize=4096)
def _list_of(text: str) -> tuple[Any, ...]:
    return tuple(json.loads(text))


def _codes(column: Any) -> Any:
    return sa.cast(column, Codes).label(column.key)


newer_ask = sa.orm.aliased(Ask)
NEWEST = ~sa.exists().where(newer_ask.idea_id == Ask.idea_id, newer_ask.number > Ask.number)
COLUMNS = (
    Idea.id,
    Idea.place,
    Idea.listed_at,
    Idea.workflow_version_id,
    Idea.theme_id,
    Topic.key.label("topic"),
    _codes(Idea.phases),
    Idea.district_id,
    EVIDENCE.label("evidence"),
    Ask.amount_cents,
    Ask.months,
    _codes(Ask.instruments),
    _codes(Ask.provinces),
    _codes(Ask.district_ids),
    sa.cast(Ask.phases, Codes).label("ask_phases"),
    _codes(Ask.secondary_theme_ids),
    _codes(Ask.legal_status),
    Ask.share_q1_3,
    Ask.sed_percent,
)

LEARNED = sa.cast(LearnedFit.learned, sa.Text).label("learned")


@dataclass(frozen=True, eq=False)
class Ground:
    """What the fits of a funder on a day rest on besides the ideas: the same object while all of it is the same."""

    wanted: Wanted
    today: dt.date
    themes: Mapping[int, str]
    province_of: Mapping[int, str]


@lru_cache(maxsize=64)
def _ground(wanted: Wanted, today: dt.date, themes: Pairs, provinces: Pairs) -> Ground:
    return Ground(wanted, today, dict(themes), dict(provinces))


@lru_cache(maxsize=4096)
def _fit(ground: Ground, row: Any, definition: Definition) -> Fit:
    """The fit of a row of ``COLUMNS``: of hundreds, few have changed since somebody last looked."""
    offered = offered_by(row, definition, ground.themes, ground.province_of)
    return fit(ground.wanted, offered, ground.today, learned_in(row.learned))


@lru_cache(maxsize=4096)
def _traits(ground: Ground, row: Any, definition: Definition) -> Traits:
    return traits_of(offered_by(row, definition, ground.themes, ground.province_of))


def learned_in(told: str | None) -> Learned | None:
    """What was learned, from how it is kept."""
    return Learned.of(json.loads(told)) if told else None


@dataclass(frozen=True)
class Match:
    """An idea by its id with its fit, and the programme that it fits best where the funder has several."""

    idea_id: int
    fit: Fit
    listed_at: dt.datetime
    amount: int
    traits: Traits
    programme: str = ""


@dataclass(frozen=True)
class Card:
    """An idea with its ask and fit, as a card or a row of an export shows them."""

    idea: Idea
    ask: Ask
    fit: Fit
    evidence: str
    programme: str = ""


@dataclass(frozen=True)
class Found:
    """The ideas that fit, in order; how many do not, by the key of the reason; whether there were too many.

    ``open`` are the matches and what the database could not leave out by the filters.
    """

    matches: Sequence[Match]
    blocked: Mapping[str, int]
    cut: bool
    open: Sequence[Match] = ()

    @property
    def without(self) -> int:
        return sum(self.blocked.values())


def listed(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Idea`` for those that this funder's person may open."""
    return sa.and_(Idea.listed_at.is_not(None), Idea.standing == "active", ~walled(actor))


class Browsing:
    """One funder's look at the listed ideas on a day; what all its questions share is read once.

    An idea fits as well as it does by the best of the mandates. By none, nothing fits; None is nothing said yet.
    """

    def __init__(self, actor: Actor, funder: Funder, mandates: Sequence[Mandate] | None, today: dt.date) -> None:
        self.actor, self.funder, self.today = actor, funder, today
        self.mandates = mandates

    @cached_property
    def definitions(self) -> dict[int, Definition]:
        return definitions_in_use()

    @cached_property
    def districts(self) -> Sequence[Any]:
        """Each with its province and name."""
        return ask(sa.select(District.id, District.province_code, District.name))

    @cached_property
    def province_of(self) -> dict[int, str]:
        return {row.id: row.province_code for row in self.districts}

    @cached_property
    def named_themes(self) -> Sequence[Any]:
        """Each with its key and name, in the programmes' order."""
        columns = Theme.id, Theme.key, Theme.name, Theme.retired_at
        return ask(sa.select(*columns).order_by(Theme.programme_id, Theme.position))

    @cached_property
    def themes(self) -> dict[int, str]:
        return {row.id: row.key for row in self.named_themes}

    @cached_property
    def wanted(self) -> tuple[tuple[str, Wanted], ...]:
        """What each programme looks for, with its name where there are several."""
        if self.mandates is None:
            return (("", wanted_by(None, self.province_of)),)
        several = len(self.mandates) > 1
        named = ((each.programme.name if several else "", each) for each in self.mandates)
        return tuple((name, wanted_by(each, self.province_of)) for name, each in named)

    def find(self, filters: Filters, order: str = "match") -> Found:
        """The fits of the newest candidates, in order; the simple blockers are left to the database."""
        if not self.wanted:
            return Found([], {}, False)
        rows = self._rows(~self._simply_blocked.condition, *self._conditions(filters), limit=CANDIDATES + 1)
        fits = self._fits(rows[:CANDIDATES])
        fitting = [match for match in fits if not match.fit.blockers]
        matches = [match for match in fitting if not missed(match.traits, match.fit.score, filters)]
        blocked = Counter(reason_of(match.fit) for match in fits if match.fit.blockers)
        blocked.update(self._count_simply_blocked(filters))
        return Found(sorted(matches, key=_order(order)), blocked, len(rows) > CANDIDATES, fitting)

    def tally(self, filters: Filters, found: Found) -> Tally:
        """How many ideas each value of each facet would bring, beside what the other facets are narrowed to."""
        tally = Tally(filters).add((match.traits, match.fit.score) for match in found.open)
        narrowing = self._narrowing(filters)
        if narrowing.of_facets:
            others = (*self._around(filters), narrowing.but_one)
            near = self._fits(self._rows(~self._simply_blocked.condition, *others, limit=CANDIDATES))
            tally.add((match.traits, match.fit.score) for match in near if not match.fit.blockers)
        return tally

    def fits_of(self, idea_ids: Iterable[int], filters: Filters = ALL) -> list[Match]:
        """The fits of certain ideas, without those that are blocked, passed on, left out or no longer listed."""
        found = self._fits(self._rows(Idea.id.in_(list(idea_ids)), *self._conditions(filters), limit=CANDIDATES))
        open_ones = [match for match in found if not match.fit.blockers]
        return [match for match in open_ones if not missed(match.traits, match.fit.score, filters)]

    def match_of(self, idea: Idea) -> Match | None:
        """One idea with its fit, blocked or not; None when it is not listed, or nothing counts."""
        return next(iter(self.judge([idea.id])), None)

    def fit_of(self, idea: Idea) -> Fit | None:
        match = self.match_of(idea)
        return match.fit if match else None

    def offers(self, most: int) -> list[Offered]:
        """The newest ideas of those that the person may be shown, fitting or not, as matching takes them."""
        query = self._query(*COLUMNS).order_by(Idea.listed_at.desc(), Idea.id.desc()).limit(most)
        return [
            offered_by(row, self.definitions[row.workflow_version_id], self.themes, self.province_of)
            for row in ask(query)
        ]

    def judge(self, idea_ids: Iterable[int]) -> list[Match]:
        """The fits of certain ideas, blocked or not; without those that are no longer listed."""
        return self._fits(self._rows(Idea.id.in_(list(idea_ids)), limit=CANDIDATES))

    def strip(self, first_page: Sequence[Match], found: Found | None) -> list[Match]:
        """Today's "Less seen": as it was chosen, or chosen now from all that fits."""
        chosen = self._chosen_today()
        fits = {match.idea_id: match for match in found.matches} if found else {}
        if chosen and fits.keys() >= set(chosen):
            return sorted((fits[idea_id] for idea_id in chosen), key=_order("newest"))
        if chosen:
            return self.fits_of(chosen)
        pool = (found or self.find(Filters())).matches
        seen = self._seen([match.idea_id for match in pool])
        picked = choose_strip(
            self.funder.id,
            self.today,
            [Seen(match.idea_id, seen.get(match.idea_id, 0)) for match in pool],
            above={match.idea_id for match in first_page},
        )
        return self.fits_of(picked)

    def _chosen_today(self) -> list[int]:
        query = sa.select(Exposure.idea_id).filter_by(funder_id=self.funder.id, strip_on=self.today)
        return list(db.session.scalars(query))

    def _seen(self, idea_ids: Sequence[int]) -> dict[int, int]:
        query = sa.select(Exposure.idea_id, Exposure.times).where(
            Exposure.funder_id == self.funder.id, Exposure.idea_id.in_(idea_ids)
        )
        return {row[0]: row[1] for row in db.session.execute(query)}

    # The database's part

    def _query(self, *columns: Any) -> sa.Select[Any]:
        """Listed ideas with their newest ask."""
        query = sa.select(*columns).select_from(Idea).join(Ask, Ask.idea_id == Idea.id)
        return query.outerjoin(Topic, Topic.id == Idea.topic_id).where(NEWEST, listed(self.actor), self._reached)

    @cached_property
    def _reached(self) -> sa.ColumnElement[bool]:
        """Only at the places that the idea's own definition opens to funders."""
        stages = {version: {stage.key for stage in d.stages} for version, d in self.definitions.items()}
        each = [
            sa.and_(Idea.workflow_version_id == version, Idea.place.in_(sorted(places_of([d], stages[version]))))
            for version, d in self.definitions.items()
        ]
        return sa.or_(sa.false(), *each)

    def _rows(self, *conditions: Any, limit: int) -> list[Any]:
        its_own = sa.and_(LearnedFit.idea_id == Idea.id, LearnedFit.funder_id == self.funder.id)
        query = (
            self._query(*COLUMNS, LEARNED)
            .outerjoin(LearnedFit, its_own)
            .where(*conditions)
            .order_by(Idea.listed_at.desc(), Idea.id.desc())
        )
        return list(ask(query.limit(limit)))

    def _fits(self, rows: Iterable[Any]) -> list[Match]:
        themes, provinces = tuple(self.themes.items()), tuple(self.province_of.items())
        grounds = [(name, _ground(wanted, self.today, themes, provinces)) for name, wanted in self.wanted]
        return [self._match(row, grounds) for row in rows] if grounds else []

    def _match(self, row: Any, grounds: Sequence[tuple[str, Ground]]) -> Match:
        definition = self.definitions[row.workflow_version_id]
        programme, found = best_of([(name, _fit(ground, row, definition)) for name, ground in grounds])
        traits = _traits(grounds[0][1], row, definition)
        return Match(row.id, found, row.listed_at, row.amount_cents, traits, programme)

    @cached_property
    def _simply_blocked(self) -> SimplyBlocked:
        return simply_blocked([wanted for _name, wanted in self.wanted], self.definitions.values())

    def _count_simply_blocked(self, filters: Filters) -> dict[str, int]:
        """How many of the newest thousand."""
        if self._simply_blocked.why is None:
            return {}
        why = self._simply_blocked.why.label("why")
        newest = self._query(why).where(*self._conditions(filters)).order_by(Idea.listed_at.desc(), Idea.id.desc())
        inner = newest.limit(2 * CANDIDATES).subquery()
        found = sa.select(inner.c.why, sa.func.count()).where(inner.c.why != "").group_by(inner.c.why)
        return {row[0]: row[1] for row in ask(found)}

    def _conditions(self, filters: Filters) -> list[sa.ColumnElement[bool]]:
        return [*self._around(filters), *self._narrowing(filters).of_facets]

    def _around(self, filters: Filters) -> list[sa.ColumnElement[bool]]:
        """What holds whatever is chosen of the facets."""
        return [within(self.actor, self.funder, filters.within), *self._narrowing(filters).of_words]

    def _narrowing(self, filters: Filters) -> Narrowing:
        return Narrowing(filters, self.definitions.values(), self.themes, self.province_of)


def _order(order: str) -> Any:
    if order == "newest":
        return lambda m: (-m.listed_at.timestamp(), -m.idea_id)
    if order == "smallest":
        return lambda m: (m.amount, -m.idea_id)
    return lambda m: (-m.fit.score, -m.fit.backed, -m.listed_at.timestamp(), -m.idea_id)


def page_of(found: Found, number: int) -> Page[Match]:
    """One page of matches; past the end, the last page."""
    number = max(1, min(number, -(-len(found.matches) // PAGE)))
    start = (number - 1) * PAGE
    items = found.matches[start : start + PAGE]
    return Page(items, number, PAGE, len(found.matches), len(found.matches) > start + PAGE)


def load_cards(matches: Iterable[Match]) -> list[Card]:
    """What cards show of the matches, in their order: two queries."""
    chosen = list(matches)
    ids = [match.idea_id for match in chosen]
    shown = (Idea.theme, Idea.topic, Idea.region, Idea.workflow_version)
    ideas = db.session.scalars(
        sa.select(Idea)
        .where(Idea.id.in_(ids))
        .options(
            *(joinedload(each) for each in shown),
            joinedload(Idea.district).joinedload(District.province),
            raiseload("*"),
        )
    )
    by_id = {idea.id: idea for idea in ideas}
    asks = {ask.idea_id: ask for ask in db.session.scalars(sa.select(Ask).where(Ask.idea_id.in_(ids), NEWEST))}
    return [
        Card(by_id[m.idea_id], asks[m.idea_id], m.fit, evidence_of(by_id[m.idea_id], asks[m.idea_id]), m.programme)
        for m in chosen
    ]


def evidence_of(idea: Idea, ask: Ask) -> str:
    """The level that staff accepted, else what the ask says."""
    return idea.evidence_level if idea.evidence_accepted_by_id is not None else ask.evidence_level
