"""Commitments as a list: a programme's for its manager, a fund's own for its people; what an export says of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from innovation.accounts.models import Affiliation
from innovation.db import Page, db, paginate
from innovation.funders import policy
from innovation.funders.codes import IN_KIND, INSTRUMENT_NAMES
from innovation.funders.commitment_models import Commitment, Registration, Tranche
from innovation.funders.counting import Line, Totals, totals
from innovation.funders.giving import Granted, Organisation
from innovation.funders.models import Funder
from innovation.funders.queries.funding import NOT_COUNTED
from innovation.funders.queries.interests import is_open
from innovation.funders.queries.reports import STANDS, day_at
from innovation.ideas.models import Ask, Idea
from innovation.ideas.queries import in_scope, walled
from innovation.permission import Actor, NotThere
from innovation.places.models import District, Province
from innovation.programmes.models import Programme
from innovation.values import dataclass

SORTS = ("offered", "due", "reference", "state")
MOST = 5_000
REGISTERS = (("npc", "ZA-CIP"), ("npo", "ZA-NPO"))
RECEIVING = ("owner", "employer")  # ties to what receives the money; a parent or a member receives nothing there
DUE = {"week": 7, "month": 30}


@dataclass(frozen=True)
class Narrowed:
    """What the list is narrowed to; empty values narrow nothing."""

    programme: str = ""
    funder: str = ""
    state: str = ""
    due: str = ""


def next_tranche() -> Any:
    """The day of the first tranche that is still to be released."""
    planned = sa.select(sa.func.min(Tranche.due_on)).where(Tranche.commitment_id == Commitment.id)
    return planned.where(Tranche.state == "planned").correlate(Commitment).scalar_subquery()


def next_due() -> Any:
    """What is due next of a commitment: its agreement, or its next tranche."""
    return sa.case(
        (Commitment.state == "committed", Commitment.agree_by), (Commitment.state == "agreed", next_tranche())
    )


def in_sight(actor: Actor, funder: Funder | None) -> sa.Select[Any]:
    """The commitments of a fund, for its people; else those of the programmes that one manages, with their ideas."""
    query = sa.select(Commitment).join(Commitment.idea).join(Commitment.funder).where(~walled(actor))
    if funder is not None:
        return query.where(Commitment.funder_id == funder.id)
    scopes = actor.scopes("manager")
    if not scopes or not policy.may_list_commitments.allows(actor):
        raise NotThere
    return query.where(sa.or_(*(in_scope(grant) for grant in scopes)))


def narrowed(query: sa.Select[Any], by: Narrowed, today: dt.date) -> sa.Select[Any]:
    if by.programme:
        query = query.join(Programme, Programme.id == Idea.programme_id).where(Programme.key == by.programme)
    if by.funder:
        query = query.where(Funder.key == by.funder)
    if by.state:
        query = query.where(Commitment.state == by.state)
    if by.due == "overdue":
        query = query.where(next_due() < today)
    elif by.due in DUE:
        query = query.where(next_due().between(today, today + dt.timedelta(days=DUE[by.due])))
    return query


def ordered(query: sa.Select[Any], sort: str) -> sa.Select[Any]:
    columns = {"due": next_due(), "reference": Idea.reference, "state": Commitment.state}
    column = columns.get(sort.removeprefix("-"), Commitment.offered_at)
    falling = sort.startswith("-")
    unknown_last = sa.case((column.is_(None), 1), else_=0)
    return query.order_by(unknown_last, column.desc() if falling else column.asc(), Commitment.id.desc())


def with_rest(query: sa.Select[Any]) -> sa.Select[Any]:
    return query.options(joinedload(Commitment.idea), joinedload(Commitment.funder), selectinload(Commitment.tranches))


def list_commitments(query: sa.Select[Any], *, page: int) -> Page[Commitment]:
    return paginate(with_rest(query), page=page)


def due_of(each: Commitment) -> dt.date | None:
    """The same as ``next_due``, of a commitment that was read."""
    if each.state == "agreed":
        return min((tranche.due_on for tranche in each.tranches if tranche.state == "planned"), default=None)
    return each.agree_by if each.state == "committed" else None


def sums_of(query: sa.Select[Any]) -> Totals:
    """The sums over all rows of the list, as far as they count: by currency, and in kind apart."""
    standing = sa.func.sum(Commitment.amount_minor - Commitment.withdrawn_minor)
    kind = Commitment.instrument.in_(sorted(IN_KIND))
    columns = (Commitment.currency, kind, standing, sa.func.sum(Commitment.released_minor))
    counted = query.where(Commitment.state.not_in(NOT_COUNTED)).with_only_columns(*columns, maintain_column_froms=True)
    rows = db.session.execute(counted.group_by(Commitment.currency, kind).order_by(None))
    return totals((Line(0, row[0], bool(row[1]), int(row[2]), int(row[3])) for row in rows), None)


def choices_of(query: sa.Select[Any]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The programmes and the funders that occur in what one may see."""
    names = query.join(Programme, Programme.id == Idea.programme_id)
    programmes = names.with_only_columns(Programme.key, Programme.name, maintain_column_froms=True).distinct()
    funders = query.with_only_columns(Funder.key, Funder.name, maintain_column_froms=True).distinct()
    return _pairs(programmes, Programme.name), _pairs(funders, Funder.name)


def _pairs(query: sa.Select[str, str], name: Any) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(name))]


# What an export says


def standing(query: sa.Select[Any]) -> list[Commitment]:
    """Those rows that are grants: accepted, and not taken back whole; in their order."""
    load = (
        joinedload(Commitment.idea).joinedload(Idea.programme),
        joinedload(Commitment.idea).joinedload(Idea.theme),
        joinedload(Commitment.idea).joinedload(Idea.district),
        joinedload(Commitment.funder),
        joinedload(Commitment.talk),
        selectinload(Commitment.tranches),
    )
    return list(db.session.scalars(query.where(STANDS).options(*load).limit(MOST)))


def as_granted(
    found: list[Commitment],
    *,
    reads_numbers: Callable[[Commitment], bool],
    for_fund: Funder | None,
    prefix: str,
    root: str,
) -> list[Granted]:
    """What is said of each; ``reads_numbers`` tells for which of them the receiver's number may be told."""
    ideas = {each.idea_id: each.idea for each in found}
    facts = _Facts.of(ideas.values())
    return [_granted(each, facts, reads_numbers(each), for_fund, prefix, root) for each in found]


@dataclass(frozen=True)
class _Facts:
    """What is known beside the commitments, read once for all of them."""

    asks: dict[int, Ask]
    organisations: dict[int, str]
    registered: set[int]
    numbers: dict[int, str]
    provinces: dict[str, str]
    districts: dict[int, str]

    @classmethod
    def of(cls, ideas: Iterable[Idea]) -> _Facts:
        found = list(ideas)
        ids, owners = [idea.id for idea in found], [idea.owner_id for idea in found]
        asks = db.session.scalars(sa.select(Ask).where(Ask.idea_id.in_(ids)).order_by(Ask.number))
        known = db.session.execute(
            sa.select(Affiliation.person_id, Affiliation.organisation)
            .where(
                Affiliation.person_id.in_(owners),
                Affiliation.kind.in_(RECEIVING),
                Affiliation.organisation != "",
                Affiliation.ended_on.is_(None),
            )
            .order_by(Affiliation.id.desc())
        )
        kinds = (Registration.idea_id, Registration.kind, Registration.number)
        kept = sa.select(*kinds).where(Registration.idea_id.in_(ids), Registration.number != "")
        registered = [(row[0], row[1], row[2]) for row in db.session.execute(kept)]
        return cls(
            asks={ask.idea_id: ask for ask in asks},
            organisations={row[0]: row[1] for row in known},
            registered={row[0] for row in registered},
            numbers=_numbers(registered),
            provinces={row[0]: row[1] for row in db.session.execute(sa.select(Province.code, Province.name))},
            districts={row[0]: row[1] for row in db.session.execute(sa.select(District.id, District.name))},
        )


def _numbers(rows: list[tuple[int, str, str]]) -> dict[int, str]:
    """The identifier of each idea's receiver, from the first register that it has a number in."""
    found: dict[int, str] = {}
    for kind, register in REGISTERS:
        for idea_id, known, number in rows:
            if known == kind:
                plain = number.replace("/", "-") if register == "ZA-CIP" else number
                found.setdefault(idea_id, f"{register}-{plain}")
    return found


def _granted(
    each: Commitment, facts: _Facts, numbered: bool, for_fund: Funder | None, prefix: str, root: str
) -> Granted:
    idea, ask = each.idea, facts.asks.get(each.idea_id)
    shown = for_fund is None or is_open(idea)
    number = facts.numbers.get(idea.id, "") if numbered else ""
    name = facts.organisations.get(idea.owner_id, "")
    is_body = bool(name or idea.id in facts.registered or (ask and ask.legal_status))
    return Granted(
        key=each.key,
        prefix=prefix or f"360G-{idea.programme.key}",
        instrument=each.instrument,
        instrument_name=str(INSTRUMENT_NAMES.get(each.instrument, each.instrument)),
        in_kind=each.in_kind,
        currency=each.currency,
        awarded=each.standing_minor,
        disbursed=each.released_minor,
        awarded_on=day_at(each.answered_at or each.offered_at, idea),
        modified_at=_modified_at(each),
        funder=Organisation(each.funder.name, each.funder.org_id, each.funder.kind),
        recipient=Organisation(name if shown and numbered else "", number) if is_body else None,
        programme=(idea.programme.key, idea.programme.name),
        country=idea.programme.country or "ZA",
        source=root,
        **(_of_idea(idea, ask, facts) if shown else CLOSED),
    )


CLOSED: dict[str, Any] = {
    **dict.fromkeys(("title", "summary", "place", "standing", "starts_on", "ends_on"), ""),
    **dict.fromkeys(("phases", "provinces", "districts"), ()),
    "theme": ("", ""),
}
"""What a fund is told of an idea that is not shared with funders at the moment."""


def _of_idea(idea: Idea, ask: Ask | None, facts: _Facts) -> dict[str, Any]:
    return {
        "title": idea.title,
        "summary": idea.summary,
        "theme": (idea.theme.key, idea.theme.name) if idea.theme else ("", ""),
        "phases": tuple(ask.phases if ask else idea.phases),
        "provinces": _provinces(idea, ask, facts),
        "districts": _districts(idea, ask, facts),
        "place": idea.place,
        "standing": idea.standing,
        "starts_on": idea.pilot_plan.get("starts_on", ""),
        "ends_on": idea.pilot_plan.get("ends_on", ""),
    }


def _provinces(idea: Idea, ask: Ask | None, facts: _Facts) -> tuple[tuple[str, str], ...]:
    own = [idea.district.province_code] if idea.district else []
    chosen = (ask.provinces if ask else []) or own
    return tuple((code, facts.provinces[code]) for code in chosen if code in facts.provinces)


def _districts(idea: Idea, ask: Ask | None, facts: _Facts) -> tuple[str, ...]:
    own = [idea.district_id] if idea.district_id else []
    chosen = (ask.district_ids if ask else []) or own
    return tuple(facts.districts[number] for number in chosen if number in facts.districts)


def _modified_at(each: Commitment) -> dt.datetime:
    times = [each.offered_at, each.answered_at, each.ended_at, *(tranche.released_at for tranche in each.tranches)]
    return max(at for at in times if at is not None)
