"""Capturing an idea in seconds: at a clinic, in somebody's name, or one's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from innovation.accounts.models import Person
from innovation.accounts.queries import find_account
from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.ideas import canvas, claims, policy
from innovation.ideas.codes import PURPOSES, phase_codes
from innovation.ideas.events import ConsentGiven, IdeaCaptured
from innovation.ideas.models import Consent, Idea, Revision
from innovation.ideas.moves import count
from innovation.permission import Actor
from innovation.places.names import fold
from innovation.programmes.models import Programme, ReferenceCounter, Region
from workflows import CAPTURE, Refused, journey_of

NOT_OPEN = {
    "planned": "This clinic has not been opened yet. Open it first.",
    "voting": "This clinic is voting, so no idea can be added. Close the voting and reopen the clinic first.",
    "closed": "This clinic is closed. Reopen it to add an idea.",
    "reported": "This clinic has been reported, so no idea can be added any more.",
}
SENT_BEFORE = "Save once more to keep this as another idea, or open that one to change it."
ASK_CONTACT = "Tick that the owner agrees to be contacted, or leave the e-mail address and the phone number empty."


class Clinic(Protocol):
    """What capturing needs to know of a clinic, which is an area above."""

    @property
    def clinic_id(self) -> int: ...
    @property
    def programme_id(self) -> int: ...
    @property
    def region_id(self) -> int: ...
    @property
    def state(self) -> str: ...


class SentBefore(Refused):
    """The form was sent before and made an idea; what it holds now is another one, or the same with other words."""

    def __init__(self, reference: str) -> None:
        super().__init__((f"This form was sent before, and what it said then is kept as {reference}. {SENT_BEFORE}",))


@dataclass(frozen=True)
class Captured:
    """The idea and its secret, which is told this once; none when the idea was there and has a newer secret."""

    idea: Idea
    secret: str | None
    is_new: bool


@dataclass(frozen=True)
class Home:
    """Where a captured idea belongs."""

    programme: Programme
    region_id: int
    clinic_id: int | None = None


def closed_reasons(clinic: Clinic) -> tuple[str, ...]:
    """Why no idea can be captured at the clinic now; empty when it is open."""
    return () if clinic.state == "open" else (NOT_OPEN[clinic.state],)


@command(policy.may_capture_idea)
def capture_idea(
    actor: Actor,
    clinic: Clinic,
    *,
    answers: Mapping[str, Any],
    owner_name: str,
    owner_email: str | None = None,
    owner_phone: str | None = None,
    consents: Iterable[str] = (),
    import_key: str | None = None,
) -> Captured:
    """Write down an idea at an open clinic, in the name of its owner.

    ``answers`` are those of the canvas: with them ``title``, ``theme`` and ``topic`` as ids, and ``where`` as a pair
    of district id and EMIS number. The same ``import_key`` twice makes one idea.
    """
    reasons = closed_reasons(clinic)
    if reasons:
        raise Refused(reasons)
    home = Home(db.session.get_one(Programme, clinic.programme_id), clinic.region_id, clinic.clinic_id)
    owner = Owner(owner_name, owner_email or "", owner_phone or "", tuple(consents))
    return write_down(actor, home, answers, owner, import_key)


@command(policy.may_capture_own_idea)
def capture_own_idea(
    actor: Actor,
    region: Region,
    *,
    answers: Mapping[str, Any],
    consents: Iterable[str] = (),
    import_key: str | None = None,
) -> Captured:
    """Write down an idea of one's own, outside any clinic."""
    home = Home(db.session.get_one(Programme, region.programme_id), region.id)
    return write_down(actor, home, answers, Owner(consents=tuple(consents)), import_key)


@dataclass(frozen=True)
class Owner:
    """Who is named as the owner; without a name it is the person who acts."""

    name: str = ""
    email: str = ""
    phone: str = ""
    consents: tuple[str, ...] = ()


def write_down(actor: Actor, home: Home, answers: Mapping[str, Any], owner: Owner, import_key: str | None) -> Captured:
    """Make the idea with its reference, first revision and secret; part of a command."""
    told = {key: value for key, value in answers.items() if value not in (None, "", [])}
    again = _captured_before(home, import_key, told, owner)
    if again is not None:
        return again
    _require_whole(home.programme, told, owner)
    reference = next_reference(home)
    again = _captured_before(
        home, import_key, told, owner
    )  # the counter's row made us wait for whoever sent the same form
    if again is not None:
        return again
    secret = claims.secret_from(f"{home.programme.id}:{import_key}") if import_key else claims.make_secret()
    person = _person(actor, owner)
    idea = _idea(actor, home, told, person, reference)
    idea.import_key, idea.secret_digest = import_key, claims.digest(secret)
    db.session.add(idea)
    db.session.flush()
    _first_revision(actor, idea, told)
    record(actor, IdeaCaptured(idea.id, idea.clinic_id, person.id))
    _agree(actor, idea, owner.consents)
    if person.account is not None:
        idea.claimed_at = now()
    elif person.email:
        claims.offer_claim(actor, idea)
    return Captured(idea, secret, is_new=True)


def _captured_before(home: Home, import_key: str | None, told: Mapping[str, Any], owner: Owner) -> Captured | None:
    """The idea that the same form made before; ``SentBefore`` when it holds another one now, as after going back."""
    if import_key is None:
        return None
    idea = db.session.scalar(sa.select(Idea).filter_by(programme_id=home.programme.id, import_key=import_key))
    if idea is None:
        return None
    if import_key.startswith("form:") and _says_otherwise(idea, told, owner):
        raise SentBefore(idea.reference)
    secret = claims.secret_from(f"{home.programme.id}:{import_key}")
    return Captured(idea, secret if claims.fits(idea, secret) else None, is_new=False)


def _says_otherwise(idea: Idea, told: Mapping[str, Any], owner: Owner) -> bool:
    if owner.name and idea.claimed_at is None and fold(owner.name) != fold(idea.owner.name):
        return True
    first = db.session.scalars(sa.select(Revision).filter_by(idea_id=idea.id, number=1)).one()
    said = {"title": first.title, **first.answers}
    return any(said.get(key) != told.get(key) for key in {*said, *told} - set(canvas.ON_THE_FORM) | {"title"})


def _require_whole(programme: Programme, told: Mapping[str, Any], owner: Owner) -> None:
    definition = programme.workflow_version.definition
    lacking = [
        field.name
        for field in definition.canvas
        if field.required_from == CAPTURE
        and (field.kept_in == "canvas" or field.key == "title")
        and field.key not in told
    ]
    if lacking:
        raise Refused(tuple(f"{name} is needed to capture an idea." for name in lacking))
    if (owner.email or owner.phone) and "contact" not in owner.consents:
        raise Refused((ASK_CONTACT,))


def next_reference(home: Home) -> str:
    """The next reference of the region in this year, such as LP26-0317; no two transactions get the same."""
    region = db.session.get_one(Region, home.region_id)
    year = now().astimezone(ZoneInfo(home.programme.timezone)).year
    prefix = f"{region.prefix}{year % 100:02d}"
    return f"{prefix}-{count_up(prefix):04d}"


def count_up(prefix: str) -> int:
    """The next number of a prefix, counted in one statement that other transactions wait for."""
    insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    row = insert(ReferenceCounter).values(prefix=prefix, last=1)
    row = row.on_conflict_do_update(index_elements=["prefix"], set_={"last": ReferenceCounter.last + 1})
    return int(db.session.execute(row.returning(ReferenceCounter.last)).scalar_one())


def _person(actor: Actor, owner: Owner) -> Person:
    """The owner: whoever is known by the same name and address or number, else somebody new."""
    if not owner.name:
        return db.session.get_one(Person, actor.person_id)
    email, phone = owner.email.strip().lower() or None, owner.phone.strip() or None
    for known in _known(email, phone):
        if fold(known.name) == fold(owner.name):
            known.phone = known.phone or phone
            return known
    person = Person(name=owner.name.strip(), email=email, phone=phone, is_demo=actor.is_demo)
    db.session.add(person)
    db.session.flush()
    return person


def _known(email: str | None, phone: str | None) -> list[Person]:
    """People with this address or number; several may share one, as the staff of a school do."""
    if email is not None:
        account = find_account(email)
        named = db.session.scalars(sa.select(Person).where(Person.email == email).order_by(Person.id.desc()).limit(20))
        return [*([account.person] if account else []), *named]
    if phone is not None:
        return list(
            db.session.scalars(sa.select(Person).where(Person.phone == phone, Person.email.is_(None)).limit(20))
        )
    return []


def _idea(actor: Actor, home: Home, told: Mapping[str, Any], owner: Person, reference: str) -> Idea:
    programme = home.programme
    definition = programme.workflow_version.definition
    first = journey_of(definition).initial
    district_id, school_emis = told.get("where") or (None, None)
    return Idea(
        programme_id=programme.id,
        region_id=home.region_id,
        workflow_version_id=programme.workflow_version_id,
        workflow_version=programme.workflow_version,
        reference=reference,
        title=told["title"],
        summary=told.get("summary", ""),
        clinic_id=home.clinic_id,
        captured_by_id=actor.person_id,
        captured_at=now(),
        owner=owner,
        owner_id=owner.id,
        theme_id=told.get("theme"),
        topic_id=told.get("topic"),
        phases=phase_codes(told.get("phases", [])),
        district_id=district_id,
        school_emis=school_emis,
        place=first.place,
        standing=first.standing,
        place_since=now(),
        revision_number=1,
        search_text=canvas.search_text(definition, told),
    )


def _first_revision(actor: Actor, idea: Idea, told: Mapping[str, Any]) -> None:
    answers = {key: value for key, value in told.items() if key not in canvas.ON_THE_FORM}
    revision = Revision(
        idea_id=idea.id,
        number=1,
        title=idea.title,
        answers=answers,
        submitted_by_id=actor.person_id,
        submitted_at=now(),
    )
    db.session.add(revision)
    count(idea, idea.state, +1)


def _agree(actor: Actor, idea: Idea, consents: Iterable[str]) -> None:
    """Record what the owner agreed to, under the notice that they were shown."""
    version = idea.programme.notice_version
    for purpose in dict.fromkeys(consents):
        if purpose not in PURPOSES:
            raise Refused((f"There is no consent called {purpose}.",))
        given = Consent(
            idea_id=idea.id,
            person_id=idea.owner_id,
            purpose=purpose,
            notice_version=version,
            recorded_by_id=actor.person_id,
            given_at=now(),
        )
        db.session.add(given)
        record(actor, ConsentGiven(idea.id, idea.owner_id, purpose, version))
