"""Letters about sign-ins and long jobs."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from innovation.accounts.models import Account, Person, Token
from innovation.accounts.queries import find_calendar
from innovation.db import db
from innovation.events import Event
from innovation.jobs.models import Job
from innovation.notifications import messages, post
from innovation.notifications.post import Letter
from innovation.notifications.telling.parts import idea_of, tell, thing_of
from innovation.pilots.queries import has_phones


def mail_invitation(event: Event) -> None:
    _mail_token(event, messages.invitation)


def mail_reset(event: Event) -> None:
    _mail_token(event, messages.password_reset)


def mail_claim(event: Event) -> None:
    """To the owner named at capture, unless the idea has another owner by now."""
    idea = idea_of(event)
    if idea.owner_id == event.data["person_id"]:
        _mail_token(event, lambda token: messages.claim(idea, token))


def _mail_token(event: Event, letter: Callable[[Token], Letter]) -> None:
    """To the address that the person is known by; nothing when the token no longer works."""
    token = db.session.get_one(Token, event.data["token_id"])
    person = db.session.get_one(Person, token.person_id)
    to = person.account.email if person.account else person.email
    if to and token.used_at is None:
        post.send(person, to, letter(token), why=f"event:{event.id}:{token.kind}")


def confirm_password(event: Event) -> None:
    person = db.session.get_one(Person, event.data["person_id"])
    if person.account and not person.account.disabled_at:
        has_calendar = find_calendar(person) is not None
        letter = messages.password_changed(calendar=has_calendar, phones=has_phones(person.id))
        post.send(person, person.account.email, letter, why=f"event:{event.id}:password")


def confirm_email(event: Event) -> None:
    """To the address that the sign-in had until then: all that is told from here on, such as that a second factor was
    taken off, goes to the new one."""
    person = db.session.get_one(Person, event.data["person_id"])
    account = person.account
    if account is None or not account.former_email:
        return
    if account.former_email != account.email:
        post.send(person, account.former_email, messages.email_changed(), why=f"event:{event.id}:email")
    # Not through the account, whose version would change: somebody may be signing in to it.
    db.session.execute(sa.update(Account).where(Account.id == account.id).values(former_email=None))


def confirm_second_factor(event: Event) -> None:
    """To the person, whoever did it: a factor that they do not know of is how they find out."""
    person = db.session.get_one(Person, event.data["person_id"])
    if person.account and not person.account.disabled_at:
        letter = messages.second_factor(event.kind, event.data)
        post.send(person, person.account.email, letter, why=f"event:{event.id}:second-factor")


def confirm_identity(event: Event) -> None:
    """To the person, whoever did it: what opens their sign-in is theirs to know."""
    person = db.session.get_one(Person, event.data["person_id"])
    if person.account and not person.account.disabled_at:
        post.send(person, person.account.email, messages.identity(event.kind), why=f"event:{event.id}:identity")


def tell_job_finished(event: Event) -> None:
    job = thing_of(event, Job, "job_id")
    tell(event, "job", [db.session.get_one(Person, job.person_id)], messages.job_finished(job))
