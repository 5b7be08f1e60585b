"""Who is told of the interest of funders."""

from __future__ import annotations

from innovation.events import Event
from innovation.funders.models import Interest
from innovation.notifications import messages, recipients
from innovation.notifications.telling.parts import tell, thing_of


def tell_owner_of_interest(event: Event) -> None:
    interest = _interest(event)
    tell(event, "interest", recipients.owner(interest.idea), messages.interest_of(interest, "interest_shown"))


def tell_accepted_interest(event: Event) -> None:
    interest = _interest(event)
    people = recipients.of_funder(interest.funder_id, interest.idea)
    tell(event, "accepted", people, messages.interest_answered(interest, "interest_accepted"))


def tell_declined_interest(event: Event) -> None:
    interest = _interest(event)
    people = recipients.of_funder(interest.funder_id, interest.idea)
    tell(event, "declined", people, messages.interest_answered(interest, "interest_declined"))


def tell_withdrawn_interest(event: Event) -> None:
    interest = _interest(event)
    tell(event, "withdrawn", recipients.owner(interest.idea), messages.interest_of(interest, "interest_withdrawn"))


def tell_expired_interest(event: Event) -> None:
    """Both sides, each in words of its own."""
    interest = _interest(event)
    tell(event, "unanswered", recipients.owner(interest.idea), messages.interest_of(interest, "interest_unanswered"))
    people = recipients.of_funder(interest.funder_id, interest.idea)
    tell(event, "expired", people, messages.interest_answered(interest, "interest_expired"))


def tell_ended_introduction(event: Event) -> None:
    """The side that did not end it."""
    interest = _interest(event)
    if event.data["side"] == "owner":
        people = recipients.of_funder(interest.funder_id, interest.idea)
        tell(event, "ended", people, messages.interest_answered(interest, "introduction_closed"))
    else:
        tell(event, "ended", recipients.owner(interest.idea), messages.interest_of(interest, "introduction_ended"))


def tell_invited_interest(event: Event) -> None:
    interest = _interest(event)
    people = recipients.of_funder(interest.funder_id, interest.idea)
    tell(event, "invited", people, messages.interest_answered(interest, "interest_invited"))


def _interest(event: Event) -> Interest:
    found: Interest = thing_of(event, Interest, "interest_id", Interest.idea, Interest.funder)
    return found
