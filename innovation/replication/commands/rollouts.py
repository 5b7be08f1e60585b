"""What is done with rollouts: asked for or entered, answered, moved on; and who is in them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from innovation.accounts import commands as accounts
from innovation.accounts import queries as people
from innovation.accounts.events import PersonInvited
from innovation.accounts.models import Person
from innovation.command import command
from innovation.db import db, hold_row, now, this_day
from innovation.events import record
from innovation.ideas.commands.team import known_person
from innovation.ideas.models import Consent, Idea
from innovation.permission import Actor
from innovation.replication import growing, policy, queries
from innovation.replication.commands.filling import require_past
from innovation.replication.events import (
    RolloutAgreed,
    RolloutAsked,
    RolloutDeclined,
    RolloutEntered,
    RolloutMoved,
    RolloutPeopleNamed,
)
from innovation.replication.models import Playbook, Rollout
from workflows import ROLLOUT, Refused

INVITATION_HOURS = 14 * 24
MOST_WAITING = 50
KINDS = ("site", "district", "ngo", "other")


@command(policy.may_ask_rollout)
def ask_rollout(actor: Actor, playbook: Playbook, *, name: str, email: str, **details: Any) -> Rollout:
    """Somebody asks to take up the idea. ``details`` are the organisation, its kind, their part in it and their wish.

    The same request twice is one. Nobody learns here whom the site knows already.
    """
    hold_row(playbook)
    if playbook.public_at is None:
        raise Refused(("This page is closed.",))
    waiting = [each for each in queries.list_rollouts(playbook.idea) if each.state == "asked"]
    contact = _asker(actor, email)
    for each in waiting:
        known = each.contact and (each.contact.email or "").lower() == people.as_kept(email)
        if each.organisation.casefold() == details["organisation"].casefold() and known:
            return each
    if len(waiting) >= MOST_WAITING:
        raise Refused(("Many have asked already, and wait for an answer. Please come again later.",))
    if contact is None:
        contact = _new_asker(playbook.idea, name, people.as_kept(email))
    rollout = _add(playbook.idea, contact_id=contact.id, **details)
    record(actor, RolloutAsked(playbook.idea_id, rollout.id))
    return rollout


def _asker(actor: Actor, email: str) -> Person | None:
    """Whoever has signed in, else whoever signs in with this address: they alone come to see the request."""
    if actor.person_id is not None:
        return db.session.get_one(Person, actor.person_id)
    account = people.find_account(people.as_kept(email))
    return account.person if account else None


def _new_asker(idea: Idea, name: str, email: str) -> Person:
    """Apart from anybody known by the same address: a stranger cannot agree to anything for them."""
    person = Person(name=name, email=email)
    db.session.add(person)
    db.session.flush()
    version = idea.programme.notice_version
    db.session.add(Consent(idea_id=idea.id, person_id=person.id, purpose="contact", notice_version=version))
    return person


@command(policy.may_keep_rollout)
def enter_rollout(
    actor: Actor, idea: Idea, *, name: str = "", email: str = "", learned_from_id: int | None = None, **details: Any
) -> Rollout:
    """Enter an adopter who has spoken with the team."""
    hold_row(idea)
    _require_known(idea, learned_from_id)
    contact = known_person(name, email).id if name else None
    details |= {"entered_by_id": actor.person_id, "learned_from_id": learned_from_id}
    rollout = _add(idea, contact_id=contact, **details)
    record(actor, RolloutEntered(idea.id, rollout.id))
    return rollout


def _add(idea: Idea, **details: Any) -> Rollout:
    if details["kind"] not in KINDS:
        raise Refused(("There is no such kind of organisation.",))
    newest = db.session.scalar(sa.select(sa.func.max(Rollout.number)).where(Rollout.idea_id == idea.id)) or 0
    rollout = Rollout(idea=idea, number=newest + 1, asked_at=now(), **details)
    db.session.add(rollout)
    db.session.flush()
    return rollout


# Answering, and moving on


@command(policy.may_keep_rollout)
def agree_rollout(
    actor: Actor, rollout: Rollout, *, agreed_on: dt.date, terms: str, playbook_version_id: int
) -> Rollout:
    """Record what was agreed upon, and by which version of the playbook it is done."""
    require_past(agreed_on)
    known = queries.published(queries.list_versions(rollout.idea)).values()
    if known and playbook_version_id not in {version.id for version in known}:
        raise Refused(("Agree on one of the published versions.",))
    rollout.state = ROLLOUT.fire(rollout.state, "agree", queries.facts_of(rollout))
    rollout.agreed_on, rollout.terms, rollout.playbook_version_id = agreed_on, terms, playbook_version_id
    record(actor, RolloutAgreed(rollout.idea_id, rollout.id, playbook_version_id))
    _let_in(actor, rollout)
    return rollout


def _let_in(actor: Actor, rollout: Rollout) -> None:
    """Who speaks for the adopter is invited to a sign-in of their own, where they have none."""
    person = rollout.contact
    if person is None or not person.email or person.account is not None or person.is_demo:
        return
    token = accounts.make_token(people.INVITATION, person, INVITATION_HOURS)
    record(actor, PersonInvited(person.id, token.id))


@command(policy.may_keep_rollout)
def decline_rollout(actor: Actor, rollout: Rollout, *, reason: str) -> Rollout:
    """Say that it cannot be, and why."""
    rollout.state = ROLLOUT.fire(rollout.state, "decline")
    rollout.reason, rollout.closed_on = reason, this_day()
    record(actor, RolloutDeclined(rollout.idea_id, rollout.id))
    return rollout


@command(policy.may_keep_rollout)
def move_rollout(actor: Actor, rollout: Rollout, *, step: str, reason: str = "") -> Rollout:
    """Prepare, start, end or stop it; stopping takes a reason."""
    if step not in ("prepare", "start", "end", "stop"):
        raise Refused(("There is no such step.",))
    if step == "stop" and not reason:
        raise Refused(("Say why it is stopped: others learn from it.",))
    rollout.state = ROLLOUT.fire(rollout.state, step, queries.facts_of(rollout))
    if step in ("end", "stop"):
        rollout.closed_on, rollout.reason = this_day(), reason
    record(actor, RolloutMoved(rollout.idea_id, rollout.id, rollout.state))
    return rollout


# Who is in it


@command(policy.may_keep_rollout)
def name_people(
    actor: Actor,
    rollout: Rollout,
    *,
    contact_role: str,
    name: str = "",
    email: str = "",
    mentor_id: int | None = None,
    learned_from_id: int | None = None,
) -> Rollout:
    """Say who speaks for the adopter, who looks after it, and from whom it was learned."""
    if mentor_id is not None and mentor_id not in queries.mentors_for(rollout):
        raise Refused(("A mentor is of the idea's team, or of another adopter.",))
    _require_known(rollout.idea, learned_from_id)
    parents = {each.id: each.learned_from_id for each in queries.list_rollouts(rollout.idea)}
    if growing.leads_back(rollout.id, learned_from_id, parents):
        raise Refused(("They cannot have learned it from those who learned it from them.",))
    had = rollout.contact_id
    if name:
        rollout.contact = known_person(name, email)
        db.session.flush()
    rollout.contact_role, rollout.mentor_id, rollout.learned_from_id = contact_role, mentor_id, learned_from_id
    record(actor, RolloutPeopleNamed(rollout.idea_id, rollout.id, rollout.contact_id, mentor_id, learned_from_id))
    if rollout.contact_id != had and rollout.state in ("agreed", "preparing", "running"):
        _let_in(actor, rollout)
    return rollout


def _require_known(idea: Idea, learned_from_id: int | None) -> None:
    known = {each.id for each in queries.list_rollouts(idea)}
    if learned_from_id is not None and learned_from_id not in known:
        raise Refused(("There is no such rollout of this idea to have learned from.",))
