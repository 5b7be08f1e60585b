"""Finding the rollouts of an idea, what is known of each, and what all of them tell together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from innovation.accounts.models import Person
from innovation.db import db
from innovation.ideas.models import Contributor, Idea, Wall
from innovation.permission import Actor, NotThere
from innovation.pilots.privacy import together
from innovation.pilots.queries.evidence import PLACES_OF_OTHERS
from innovation.places.queries import list_terms
from innovation.replication import policy
from innovation.replication.codes import IN_HAND
from innovation.replication.growing import Reached, Spread, Term, spread_by_term
from innovation.replication.models import Rollout, RolloutAdaptation, RolloutSite
from innovation.replication.queries.playbooks import list_versions, published
from innovation.values import dataclass
from workflows import RolloutFacts

MOST = 500


def list_rollouts(idea: Idea) -> list[Rollout]:
    """The rollouts in the order in which they were asked for, with their sites, adaptations and checks."""
    query = sa.select(Rollout).where(Rollout.idea_id == idea.id).order_by(Rollout.number).limit(MOST)
    more = (Rollout.sites, Rollout.adaptations, Rollout.checks)
    found = db.session.scalars(query.options(*(selectinload(each) for each in more), joinedload(Rollout.idea)))
    return list(found)


def find_rollout(actor: Actor, reference: str, number: int) -> Rollout:
    """One of them, for whoever may see it: an adopter sees its own rollout, and not the idea."""
    query = sa.select(Rollout).join(Rollout.idea).where(Idea.reference == reference.upper(), Rollout.number == number)
    many = (Rollout.sites, Rollout.training, Rollout.checks, Rollout.adaptations, Rollout.results)
    one = (Rollout.idea, Rollout.playbook_version, Rollout.contact, Rollout.mentor, Rollout.learned_from)
    whole = query.options(*(selectinload(each) for each in many), *(joinedload(each) for each in one))
    found = db.session.scalar(whole)
    if found is None or not policy.may_see_rollout.allows(actor, found):
        raise NotThere
    return found


def find_adaptation(rollout: Rollout, adaptation_id: int) -> RolloutAdaptation:
    found = db.session.get(RolloutAdaptation, adaptation_id)
    if found is None or found.rollout_id != rollout.id:
        raise NotThere
    return found


def find_site(rollout: Rollout, site_id: int) -> RolloutSite:
    found = next((site for site in rollout.sites if site.id == site_id), None)
    if found is None:
        raise NotThere
    return found


def facts_of(rollout: Rollout) -> RolloutFacts:
    """What its workflow must know."""
    return RolloutFacts(
        is_active=rollout.idea.standing == "active",
        playbooks=len(published(list_versions(rollout.idea))) if rollout.state == "asked" else 0,
        sites=len(rollout.sites),
        trained=sum(each.people for each in rollout.training),
    )


def mentors_for(rollout: Rollout) -> dict[int, str]:
    """Who could look after it, by id: the idea's team, and the contacts of other rollouts; each with their name."""
    team = sa.select(Contributor.person_id).where(
        Contributor.idea_id == rollout.idea_id, Contributor.ended_at.is_(None)
    )
    others = sa.select(Rollout.contact_id).where(
        Rollout.idea_id == rollout.idea_id, Rollout.id != rollout.id, Rollout.state.in_(IN_HAND)
    )
    walled = sa.select(Wall.person_id).where(Wall.idea_id == rollout.idea_id)
    anyone = sa.or_(Person.id == rollout.idea.owner_id, Person.id.in_(team), Person.id.in_(others))
    query = sa.select(Person.id, Person.name).where(anyone, Person.id.not_in(walled)).order_by(Person.name, Person.id)
    return {row.id: row.name for row in db.session.execute(query)}


def rollouts_to_do(actor: Actor) -> list[Rollout]:
    """Requests that wait for an answer of the person's own ideas, and rollouts of which the person is the contact or
    the mentor."""
    at_work, me = Rollout.state.in_(("agreed", "preparing", "running")), actor.person_id
    asked = sa.select(Rollout.id).join(Rollout.idea).where(Idea.owner_id == me, Rollout.state == "asked")
    own = (sa.select(Rollout.id).where(who == me, at_work) for who in (Rollout.contact_id, Rollout.mentor_id))
    mine = sa.union_all(asked, *own)  # each by its index
    walled = sa.select(Wall.idea_id).where(Wall.person_id == me)
    query = sa.select(Rollout).join(Rollout.idea).where(Rollout.id.in_(mine), Idea.id.not_in(walled))
    whole = query.options(joinedload(Rollout.idea), joinedload(Rollout.playbook_version))
    return list(db.session.scalars(whole.order_by(Rollout.asked_at, Rollout.id).limit(50)))


# What all of them tell together


def taking_part(rollouts: Iterable[Rollout]) -> list[Rollout]:
    """Those that have been agreed upon and were not stopped before they began."""
    return [each for each in rollouts if each.state in IN_HAND]


def reached_by(rollouts: Iterable[Rollout]) -> list[Reached]:
    """The sites of those that have begun, from their first day; the same place in two rollouts is one."""
    return [
        Reached(site.emis or site.place.casefold(), site.starts_on, site.ends_on, site.learners or 0)
        for rollout in rollouts
        if rollout.state in ("running", "ended", "stopped")
        for site in rollout.sites
        if site.starts_on is not None
    ]


PLACES: list[Callable[[Idea], int]] = []
"""Others that know of places: the same ones may be among those of rollouts, so the larger number counts."""


def places_of(idea: Idea) -> int:
    """At how many places adopters do it, or did until their rollout ended."""
    query = sa.select(sa.func.count(sa.distinct(RolloutSite.place))).join(Rollout)
    known = db.session.scalar(query.where(Rollout.idea_id == idea.id, Rollout.state.in_(("running", "ended")))) or 0
    return max(known, *(count(idea) for count in PLACES)) if PLACES else known


PLACES_OF_OTHERS.append(places_of)


def spread_of(rollouts: Sequence[Rollout], today: dt.date) -> list[Spread]:
    """The sites and people reached by the end of each term, cumulative."""
    reached = reached_by(rollouts)
    if not reached:
        return []
    terms = [Term(each.key, each.ends_on) for each in list_terms(min(each.starts_on for each in reached))]
    return spread_by_term(reached, terms, today)


@dataclass(frozen=True)
class InPublic:
    """What everybody may know of how far it has come; ``learners`` is None where no place has enough to tell of."""

    adopters: int
    sites: int
    learners: int | None


def told_in_public(rollouts: Sequence[Rollout], today: dt.date) -> InPublic:
    """How many take part, and where they have begun, how many sites and people that makes."""
    part = [each for each in rollouts if each.state in ("running", "ended")]
    begun = [each for each in reached_by(part) if each.starts_on <= today]
    most: dict[str, int] = {}
    for each in begun:
        most[each.place] = max(most.get(each.place, 0), each.learners)
    return InPublic(len(part), len(most), together(most.values()) or None)
