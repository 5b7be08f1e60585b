"""Who is told that somebody wants to take an idea up, and what the answer is."""

from __future__ import annotations

from innovation.events import Event
from innovation.notifications import messages, recipients
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


def _rollout(event: Event) -> Rollout:
    found: Rollout = thing_of(event, Rollout, "rollout_id", Rollout.idea, Rollout.contact)
    return found
