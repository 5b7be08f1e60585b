"""Putting a letter into a person's inbox and, where they can be reached, into the post: once for each cause."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import field, replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale

from innovation import statements
from innovation.accounts.models import Account, Person
from innovation.db import db, insert_into, now
from innovation.ideas.models import Consent
from innovation.languages import whole
from innovation.notifications.models import Message, MessageIdea, Notice
from innovation.values import dataclass
from innovation.web import full_address

IN_EVERY_LANGUAGE = ("claim",)  # letters to participants; the others are there in English only, and so is their frame
TOO_OLD_FOR_A_DEMONSTRATION = dt.timedelta(days=3)


@dataclass(frozen=True)
class Letter:
    """What is said: a name under templates/messages, a path on this site, and what the template is told.

    ``outside`` is the path for somebody who has no sign-in yet; ``calendar`` an iCalendar text that goes with it;
    ``off`` the path that ends mails of its kind. ``also`` are ideas that it names besides its own, or
    tells of without naming them.
    """

    name: str
    link: str
    told: dict[str, Any] = field(default_factory=dict)
    idea_id: int | None = None
    outside: str = ""
    said: tuple[str, str] | None = None  # subject and text as somebody has written them, instead of the template
    calendar: str = ""
    off: str = ""
    also: tuple[int, ...] = ()

    @property
    def tells_of(self) -> set[int]:
        return {*self.also, *([] if self.idea_id is None else [self.idea_id])}


def path_to(endpoint: str, **values: Any) -> str:
    """The path of a page, made without a request."""
    return current_app.url_map.bind("localhost").build(endpoint, values)


def address_of(path: str) -> str:
    """The whole address of a path, as it stands in a message."""
    return full_address(path)


def notify(person: Person, letter: Letter, *, why: str, at: dt.datetime | None = None) -> None:
    """Into the inbox, and by e-mail when the person may be written to; ``why`` makes a second time harmless."""
    at = at or now()
    subject, text = write(letter, person)
    _once(
        Notice,
        person_id=person.id,
        why=why,
        subject=subject,
        text=text,
        link=letter.link,
        idea_id=letter.idea_id,
        made_at=at,
    )
    if person.is_demo and now() - at > TOO_OLD_FOR_A_DEMONSTRATION:
        return  # the demo world's past is told in the inbox only
    account = db.session.scalar(sa.select(Account).where(Account.person_id == person.id))
    to = reachable_at(person, account, letter.idea_id)
    if to:
        send(person, to, letter if account else replace(letter, link=letter.outside), why=why)


def send(person: Person, to: str, letter: Letter, *, why: str) -> None:
    """By e-mail only, to an address already known to be the person's."""
    subject, whole, page = typeset(person, letter)
    added = _once(
        Message,
        why=why,
        person_id=person.id,
        to_address=to,
        subject=subject,
        text=whole,
        html=page,
        calendar=letter.calendar,
        unsubscribe=address_of(letter.off) if letter.off else "",
        made_at=now(),
        next_at=now(),
        attempts=0,
    )
    for message_id, idea_id in itertools.product(added, sorted(letter.tells_of)):
        _once(MessageIdea, message_id=message_id, idea_id=idea_id)


def typeset(person: Person, letter: Letter) -> tuple[str, str, str]:
    """The subject of a mail, and the whole of it as text and as a page."""
    subject, text = write(letter, person)
    with force_locale(language_of(letter, person)):
        told = {
            "site": current_app.config["SETTINGS"].site_name,
            "person": person,
            "text": text,
            "subject": subject,
            "url": address_of(letter.link) if letter.link else "",
            "off": bool(letter.off),
        }
        whole, page = (_template(f"letter.{kind}").render(told) for kind in ("txt", "html"))
    return subject, whole, page


def write(letter: Letter, person: Person) -> tuple[str, str]:
    """The subject and the text of a letter, in the person's language."""
    if letter.said is not None:
        return letter.said
    told = {"site": current_app.config["SETTINGS"].site_name, **letter.told}
    with force_locale(language_of(letter, person)):
        subject = _template(f"{letter.name}.subject").render(told)
        text = _template(f"{letter.name}.txt").render(told)
    return " ".join(subject.split())[:200], text.strip()


def language_of(letter: Letter, person: Person) -> str:
    """The person's language, where the letter is there in it as a whole."""
    return person.language if letter.name in IN_EVERY_LANGUAGE else whole(person.language)


def reachable_at(person: Person, account: Account | None, idea_id: int | None = None) -> str | None:
    """The address of an open sign-in; else that of an owner who agreed to be contacted about this idea."""
    if account is not None:
        return None if account.disabled_at else account.email
    if person.email is None or idea_id is None:
        return None
    agreed = sa.exists().where(
        Consent.idea_id == idea_id,
        Consent.person_id == person.id,
        Consent.purpose == "contact",
        Consent.withdrawn_at.is_(None),
    )
    return person.email if db.session.scalar(sa.select(agreed)) else None


def _template(name: str) -> Any:
    return current_app.jinja_env.get_template(f"messages/{name}")


def _once(model: Any, **values: Any) -> list[int]:
    """Add it, unless it is there already; its number, or none."""
    return [row[0] for row in statements.write(_adding(db.engine.dialect.name, model), [values])]


@lru_cache(maxsize=6)
def _adding(_dialect: str, model: Any) -> Any:
    adding = insert_into(model.__table__).on_conflict_do_nothing()
    return adding.returning(*model.__table__.primary_key)
