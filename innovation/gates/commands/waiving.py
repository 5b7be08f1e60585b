"""Coming to a gate without a deliverable, or later than was set: asked for, answered by whom the process names."""

from __future__ import annotations

from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.gates import policy, queries
from innovation.gates.after_models import Waiver
from innovation.gates.commands.convening import open_tracks, way_to_gate
from innovation.gates.events import RequirementWaived, WaiverAsked, WaiverRefused, WaiverRevoked
from innovation.gates.queries import AskedWaiver
from innovation.ideas import queries as ideas_queries
from innovation.ideas.models import Idea
from innovation.permission import Actor
from workflows import WAIVER, Gate, Refused

PRESENTED = "The idea has been presented, so what it came with stays as it is."
ANSWERS = {"granted": "grant", "refused": "refuse"}
THE_DAY = "@day"  # no deliverable can have this key


def waivable(idea: Idea) -> dict[str, tuple[str, str]]:
    """What can be waived for an idea now, by ``gate/key``: the name of the deliverable and of its gate.

    It is what is still missing of the deliverables, and the day to present by where one is set.
    """
    if idea.standing != "active" or idea.definition.gate_at(idea.place):
        return {}
    found: dict[str, tuple[str, str]] = {}
    for gate in _gates_ahead(idea):
        for item in ideas_queries.readiness(idea, gate=gate).items:
            if item.kind == "deliverable" and item.required and not item.done:
                found[f"{gate.key}/{item.key}"] = (item.label, gate.name)
        if idea.due_on is not None:
            found[f"{gate.key}/{THE_DAY}"] = ("", gate.name)
    return found


def _gates_ahead(idea: Idea) -> list[Gate]:
    ways = [way_to_gate(idea, track.key)[1] for track in open_tracks(idea)] or [idea.definition.gate_after(idea.place)]
    return list({gate.key: gate for gate in ways if gate is not None}.values())


@command(policy.may_ask_waiver)
def ask_waiver(actor: Actor, idea: Idea, *, what: str, grounds: str) -> Waiver:
    """Ask to leave out ``gate/deliverable``, or the day to present by (``gate/@day``); who may grant it just did."""
    if what not in waivable(idea):
        raise Refused(("Choose what is to be waived.",))
    if not grounds.strip():
        raise Refused(("Say why the idea should come to its gate without it.",))
    gate_key, _slash, key = what.partition("/")
    kind = "deadline" if key == THE_DAY else "deliverable"
    if any((w.gate_key, w.key) == (gate_key, key) and w.state == "asked" for w in queries.list_waivers(idea)):
        raise Refused(("This has been asked already, and waits for an answer.",))
    waiver = Waiver(
        idea=idea,
        gate_key=gate_key,
        kind=kind,
        key=key,
        state=WAIVER.initial,
        grounds=grounds.strip(),
        asked_by_id=actor.person_id,
        asked_at=now(),
    )
    db.session.add(waiver)
    db.session.flush()
    record(actor, WaiverAsked(idea.id, waiver.id, gate_key, kind, key))
    asked = queries.as_asked(waiver)
    if policy.may_answer_waiver.allows(actor, asked):
        answer_waiver(actor, asked, answer="granted", reason=grounds)
    return waiver


@command(policy.may_answer_waiver)
def answer_waiver(actor: Actor, asked: AskedWaiver, *, answer: str, reason: str) -> Waiver:
    """Grant or refuse it, with a reason that the team reads, and the panel too where it is granted."""
    waiver, idea = asked.waiver, asked.idea
    if answer not in ANSWERS:
        raise Refused(("Choose whether it is waived.",))
    if not reason.strip():
        raise Refused(("Give your reason.",))
    if not still_ahead(waiver):
        raise Refused((PRESENTED,))
    waiver.state = WAIVER.fire(waiver.state, ANSWERS[answer])
    waiver.reason, waiver.answered_by_id, waiver.answered_at = reason.strip(), actor.person_id, now()
    facts = (idea.id, waiver.id, waiver.gate_key, waiver.kind, waiver.key)
    if answer == "refused":
        record(actor, WaiverRefused(*facts))
        return waiver
    if waiver.kind == "deadline":
        waiver.was_due_on, idea.due_on = idea.due_on, None
    idea.waived = " ".join(sorted({*idea.waived.split(), f"{waiver.gate_key}/{waiver.key}"}))
    record(actor, RequirementWaived(*facts))
    return waiver


@command(policy.may_answer_waiver)
def revoke_waiver(actor: Actor, asked: AskedWaiver, *, reason: str) -> Waiver:
    """Ask for it after all, as long as the idea has not been presented; a day that was waived is set again."""
    waiver, idea = asked.waiver, asked.idea
    if not reason.strip():
        raise Refused(("Give your reason.",))
    if not still_ahead(waiver):
        raise Refused((PRESENTED,))
    waiver.state = WAIVER.fire(waiver.state, "revoke")
    waiver.revoked_because, waiver.revoked_by_id, waiver.revoked_at = reason.strip(), actor.person_id, now()
    if waiver.kind == "deadline":
        idea.due_on = idea.due_on or waiver.was_due_on
    idea.waived = " ".join(each for each in idea.waived.split() if each != f"{waiver.gate_key}/{waiver.key}")
    record(actor, WaiverRevoked(idea.id, waiver.id, waiver.gate_key, waiver.kind, waiver.key))
    return waiver


def still_ahead(waiver: Waiver) -> bool:
    """Whether the idea still stands before the gate for which it was asked."""
    return waiver.idea.standing == "active" and any(g.key == waiver.gate_key for g in _gates_ahead_of(waiver.idea))


def _gates_ahead_of(idea: Idea) -> list[Gate]:
    return [] if idea.definition.gate_at(idea.place) else _gates_ahead(idea)
