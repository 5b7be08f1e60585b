"""How others take up an idea of the demonstration: its playbook, and rollouts that learn from one another."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.db import db, now
from innovation.demo.cast import Cast
from innovation.demo.telling import Story, moment
from innovation.demo.written import working_day
from innovation.ideas.models import Idea
from innovation.permission import Actor
from innovation.replication import commands, contents, queries
from innovation.replication.models import Rollout

ROWS = tuple(contents.KINDS)


def playbook_story(cast: Cast, told: dict[str, Any]) -> Story:
    """Each version written and published on its day; the first one opened to everybody."""
    for number, each in enumerate(told["version"], 1):
        yield _at(each["written_on"])
        idea = cast.idea(told["idea"])
        owner = cast.actor(idea.owner)
        version = commands.begin_version(owner, idea, language="en")
        before: dict[str, Any] = {name: getattr(version, name) for name in contents.TEXTS}
        texts = {name: each.get(name, before[name] or "") for name in contents.TEXTS}
        rows = {name: each.get(name, version.content.get(name, [])) for name in ROWS}
        reaches = each.get("reaches", version.content.get("reaches"))
        commands.write_version(owner, version, rows=rows, reaches=reaches, changes=each["changes"], **texts)
        commands.publish_version(owner, version)
        if number == 1:
            commands.open_playbook(owner, version.playbook)


def rollout_story(cast: Cast, idea_key: str, told: dict[str, Any]) -> Story:
    """One adopter from the request on, as far as it has come."""
    yield _at(told["asked_on"])
    idea = cast.idea(idea_key)
    team, asked = (
        cast.actor(idea.owner),
        {name: told[name] for name in ("organisation", "kind", "contact_role", "wish")},
    )
    person = cast.people[told["account"]] if "account" in told else None
    known = {"name": person.name, "email": person.email or ""} if person else {}
    learned = _rollout(idea, told["learned_from"]).id if "learned_from" in told else None
    number = commands.enter_rollout(team, idea, learned_from_id=learned, **known, **asked).number
    if "agreed_on" not in told:
        return
    yield _at(told["agreed_on"])
    rollout = _rollout(cast.idea(idea_key), number)
    newest = queries.published(queries.list_versions(rollout.idea))["en"]
    agreed = {"agreed_on": now().date(), "terms": told["terms"], "playbook_version_id": newest.id}
    commands.agree_rollout(team, rollout, **agreed)
    _name_mentor(team, rollout)
    for site in told["sites"]:
        commands.add_rollout_site(team, rollout, **site)
    for training in told["training"]:
        commands.record_training(team, rollout, held_on=now().date(), **training)
    for step in told["moves"]:
        db.session.expire(rollout, ["sites", "training"])
        commands.move_rollout(team, rollout, step=step)
    yield _at(told["agreed_on"] + dt.timedelta(days=150))
    _fill_in(cast.actor(person) if person else team, _rollout(cast.idea(idea_key), number), told)


def _name_mentor(team: Actor, rollout: Rollout) -> None:
    """Whoever does it already looks after those who learned it there."""
    learned = rollout.learned_from
    if learned is not None and learned.contact_id is not None:
        role = rollout.contact_role
        commands.name_people(
            team, rollout, contact_role=role, mentor_id=learned.contact_id, learned_from_id=rollout.learned_from_id
        )


def _fill_in(actor: Actor, rollout: Rollout, told: dict[str, Any]) -> None:
    """What the adopter has seen after some months."""
    today = now().date()
    for terms_ago, check in enumerate(reversed(told["checks"])):
        commands.check_fidelity(actor, rollout, checked_on=today - dt.timedelta(days=90 * terms_ago), **check)
    for each in told["adaptations"]:
        begun = commands.begin_adaptation(actor, rollout, part=each["part"], plan=each["plan"], begun_on=today)
        if each["act"]:
            commands.settle_adaptation(actor, begun, done=each["done"], found=each["found"], act=each["act"])
    for result in told["results"]:
        commands.record_result(actor, rollout, measured_on=today, **result)


def _rollout(idea: Idea, number: int) -> Rollout:
    return next(each for each in queries.list_rollouts(idea) if each.number == number)


def _at(day: dt.date) -> dt.datetime:
    return moment(working_day(day), 14, 20)
