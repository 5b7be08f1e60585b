"""Who is told that somebody wants to take an idea up, what the answer is, who looks after them, and how it ends."""

from __future__ import annotations

from innovation.events import Event
from innovation.notifications import messages, post, recipients
from innovation.notifications.telling.parts import tell, thing_of
from innovation.replication.models import Rollout


def tell_owner_of_rollout(event: Event) -> None:
    rollout = _rollout(event)
    tell(event, "owner", recipients.owner(rollout.idea), messages.rollout_asked(rollout))


def tell_adopter(event: Event) -> None:
    """Whoever speaks for the adopter reads the answer; what was agreed stands on its page."""
    rollout = _rollout(event)
    if rollout.contact is not None:
        tell(event, "adopter", [rollout.contact], messages.rollout_answered(rollout, event.kind))


def tell_rollout_over(event: Event) -> None:
    """Whoever speaks for the adopter, and its mentor, that it has ended, or was stopped and why."""
    rollout = _rollout(event)
    if event.data["state"] in ("ended", "stopped"):
        people = recipients.of_rollout(rollout)
        tell(event, "rollout", people, messages.rollout_answered(rollout, f"rollout_{event.data['state']}"))


def tell_mentor(event: Event) -> None:
    """Whoever is named to look after an adopter, once."""
    rollout = _rollout(event)
    for person in recipients.signing_in(rollout.idea, event.data["mentor_id"]):
        if person.id != event.actor_id:
            letter = messages.rollout_answered(rollout, "rollout_mentored")
            post.notify(person, letter, why=f"mentor:{rollout.id}:{person.id}", at=event.at)


def _rollout(event: Event) -> Rollout:
    found: Rollout = thing_of(event, Rollout, "rollout_id", Rollout.idea, Rollout.contact)
    return found
