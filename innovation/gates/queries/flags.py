"""Reading what may be a conflict of interest: for any number of people and ideas in four statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from innovation.accounts.models import Affiliation, Person, RegisteredInterest, RoleGrant
from innovation.clinics.models import Clinic
from innovation.db import db, this_day
from innovation.gates import interests
from innovation.gates.interests import About, Flag, Hosting, Known, Tie
from innovation.ideas.models import Contributor, Idea
from innovation.places.models import District, School

STILL_COUNTS = 365  # days after an interest has ended
# Funders stand above the gates: of theirs only this is read.
FUNDER = sa.table("funder", sa.column("id", sa.Integer()), sa.column("name", sa.String()))
INTEREST = sa.table(
    "interest",
    sa.column("idea_id", sa.Integer()),
    sa.column("funder_id", sa.Integer()),
    sa.column("state", sa.String()),
)
NO_TEXT = sa.literal("", sa.String())
NO_NUMBER = sa.cast(sa.null(), sa.Integer())
# Every member who declares asks these: they are put together once.
IDEAS: sa.BindParameter[int] = sa.bindparam("ideas", expanding=True)
PEOPLE: sa.BindParameter[int] = sa.bindparam("people", expanding=True)
TODAY, RECENTLY = sa.bindparam("today", type_=sa.Date()), sa.bindparam("recently", type_=sa.Date())


def flags_between(people_ids: Collection[int], idea_ids: Collection[int]) -> dict[tuple[int, int], tuple[Flag, ...]]:
    """What may be a conflict of interest, by (person, idea); pairs without any are left out. Four statements at most.

    Interests count from their first day until a year after their last.
    """
    return flags_and_funders(people_ids, idea_ids)[0] if people_ids and idea_ids else {}


def flags_and_funders(
    people_ids: Collection[int], idea_ids: Collection[int]
) -> tuple[dict[tuple[int, int], tuple[Flag, ...]], dict[int, tuple[str, ...]]]:
    """The same, and the names of the funders that the people work for, by person: of any idea or of none."""
    ideas = _ideas(idea_ids)
    behind = {person_id for idea in ideas.values() for person_id in (idea.owner_id, *idea.contributor_ids)}
    known = _known({*people_ids, *behind})
    employers = {
        person_id: tuple(tie.what for tie in known[person_id].ties if tie.keys[0][0] == "funder")
        for person_id in people_ids
    }
    return interests.flags_of(people_ids, ideas, known), {who: names for who, names in employers.items() if names}


def flags_on(person_id: int, idea_id: int) -> tuple[Flag, ...]:
    """The flags of one person in one idea."""
    return flags_between([person_id], [idea_id]).get((person_id, idea_id), ())


def _ideas(idea_ids: Collection[int]) -> dict[int, About]:
    found, values = {}, {"ideas": list(idea_ids)}
    for row in db.session.execute(_about(), values):
        idea_id, owner, wrote, programme, region, clinic, title, emis, school, district_id, district = row
        found[idea_id] = about = About(owner, wrote, programme, region, clinic, title or "")
        if emis:
            about.ties.append(("school", Tie(interests.school(emis, school), school)))
        if district_id:
            about.ties.append(("district", Tie((("district", district_id),), district)))
    for kind, idea_id, other_id, name in db.session.execute(_bound(), values):
        if kind == "contributor":
            found[idea_id].contributor_ids.add(other_id)
        else:
            found[idea_id].ties.append(("funder", Tie(interests.funder(other_id, name), name)))
    return found


@lru_cache(maxsize=1)
def _about() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            *(Idea.id, Idea.owner_id, Idea.captured_by_id, Idea.programme_id, Idea.region_id, Idea.clinic_id),
            *(Clinic.title, Idea.school_emis, School.name, Idea.district_id, District.name),
        )
        .outerjoin(Clinic, Clinic.id == Idea.clinic_id)
        .outerjoin(School, School.emis == Idea.school_emis)
        .outerjoin(District, District.id == Idea.district_id)
        .where(Idea.id.in_(IDEAS))
    )


@lru_cache(maxsize=1)
def _bound() -> sa.CompoundSelect[Any]:
    """Who contributes to the ideas, and which funders are interested in them."""
    contributors = sa.select(
        sa.literal("contributor", sa.String()), Contributor.idea_id, Contributor.person_id, NO_TEXT
    ).where(Contributor.idea_id.in_(IDEAS), Contributor.ended_at.is_(None))
    funders = (
        sa.select(sa.literal("funder", sa.String()), INTEREST.c.idea_id, INTEREST.c.funder_id, FUNDER.c.name)
        .join_from(INTEREST, FUNDER, FUNDER.c.id == INTEREST.c.funder_id)
        .where(INTEREST.c.idea_id.in_(IDEAS), INTEREST.c.state.in_(("shown", "accepted")))
    )
    return sa.union_all(contributors, funders)


def _known(people: Collection[int]) -> dict[int, Known]:
    found = {person_id: Known() for person_id in people}
    today = this_day()
    values = {"people": list(people), "today": today, "recently": today - dt.timedelta(days=STILL_COUNTS)}
    for row in db.session.execute(_belongings(), values):
        person_id, organisation, emis, school, district_id, district, relative, *_order = row
        for keys, what in _ties(organisation, emis, school, district_id, district):
            found[person_id].ties.append(Tie(keys, what, bool(relative)))
        if relative:
            found[person_id].ties.append(Tie((("person", interests.plain(relative)),), "", relative=True))
    grants = db.session.execute(_grants(), {"people": list(people)})
    for person_id, role, programme, region, clinic, funder_id, funder, ended, name, email in grants:
        them = found[person_id]
        if not them.name:
            them.name = name
            domain = interests.domain_of(email)
            them.ties += [Tie((("domain", domain),), domain)] if domain else []
        if role == "facilitator":
            them.hosting.append(Hosting(programme, region, clinic, ended is not None))
        elif funder_id and ended is None:
            them.ties.append(Tie(interests.funder(funder_id, funder), funder))
    return found


def _ties(
    organisation: str, emis: str | None, school: str, district_id: int | None, district: str
) -> Iterable[tuple[tuple[interests.Key, ...], str]]:
    if emis:
        yield interests.school(emis, school), school
    if organisation and interests.plain(organisation):
        yield interests.organisation(organisation), organisation
    if district_id:
        yield (("district", district_id),), district


@lru_cache(maxsize=1)
def _belongings() -> sa.CompoundSelect[Any]:
    """Where people belong: as the staff has noted it, and as their own registers have it."""
    noted = (
        sa.select(
            *(Affiliation.person_id, Affiliation.organisation, Affiliation.school_emis, School.name),
            *(NO_NUMBER, NO_TEXT, NO_TEXT, sa.literal(0), Affiliation.id),
        )
        .outerjoin(School, School.emis == Affiliation.school_emis)
        .where(
            Affiliation.person_id.in_(PEOPLE),
            sa.or_(Affiliation.ended_on.is_(None), Affiliation.ended_on > RECENTLY),
        )
    )
    entry = RegisteredInterest
    replaced = sa.select(entry.replaces_id).where(entry.person_id.in_(PEOPLE), entry.replaces_id.is_not(None))
    registered = (
        sa.select(
            *(entry.person_id, entry.organisation, entry.school_emis, School.name),
            *(entry.district_id, District.name, entry.relative, sa.literal(1), entry.id),
        )
        .outerjoin(School, School.emis == entry.school_emis)
        .outerjoin(District, District.id == entry.district_id)
        .where(
            entry.person_id.in_(PEOPLE),
            entry.id.not_in(replaced),
            sa.or_(entry.since.is_(None), entry.since <= TODAY),
            sa.or_(entry.until.is_(None), entry.until > RECENTLY),
        )
    )
    both: Any = sa.union_all(noted, registered)
    ordered: sa.CompoundSelect[Any] = both.order_by(sa.text("8"), sa.text("9"))  # as they were written
    return ordered


@lru_cache(maxsize=1)
def _grants() -> sa.Select[Any]:
    """Names and addresses of people, with their roles at clinics and at funders."""
    role = RoleGrant
    matters = sa.and_(role.person_id == Person.id, sa.or_(role.role == "facilitator", role.funder_id.is_not(None)))
    return (
        sa.select(
            *(Person.id, role.role, role.programme_id, role.region_id, role.clinic_id, role.funder_id, FUNDER.c.name),
            *(role.ended_at, Person.name, Person.email),
        )
        .outerjoin(role, matters)
        .outerjoin(FUNDER, FUNDER.c.id == role.funder_id)
        .where(Person.id.in_(PEOPLE))
    )
