"""The private address under which a calendar program reads what is due for somebody."""

from __future__ import annotations

from innovation.accounts import events, policy, queries
from innovation.accounts.commands.links import make_token, spend_tokens
from innovation.accounts.models import Person, Token
from innovation.command import command
from innovation.events import record
from innovation.permission import Actor
from workflows import Refused

HOURS = 10 * 365 * 24  # until its owner closes it: a calendar program does not come back for a new address


@command(policy.may_keep_calendar)
def open_calendar(actor: Actor, person: Person) -> Token:
    """A new address; an earlier one stops working at once."""
    token = make_token(queries.CALENDAR, person, HOURS)
    record(actor, events.CalendarOpened(person.id, token.id))
    return token


@command(policy.may_keep_calendar)
def close_calendar(actor: Actor, person: Person) -> Person:
    """No calendar program reads anything any more."""
    if spend_tokens(queries.CALENDAR, person) == 0:
        raise Refused(("There is no calendar address.",))
    record(actor, events.CalendarClosed(person.id))
    return person
