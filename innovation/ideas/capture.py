"""Capturing an idea in seconds: at a clinic, in somebody's name, or one's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from innovation.accounts.models import Account, Person
from innovation.accounts.queries import as_kept
from innovation.command import command
from innovation.db import db, now
from innovation.events import Fact, record_all
from innovation.ideas import canvas, claims, policy
from innovation.ideas.captured_before import Sent, ThereAlready, require_new
from innovation.ideas.codes import PURPOSES, phase_codes
from innovation.ideas.events import ConsentGiven, IdeaCaptured
from innovation.ideas.models import Consent, Idea, Revision
from innovation.ideas.moves import count, usual_due
from innovation.ideas.numbering import next_references
from innovation.once import repeatable
from innovation.permission import Actor
from innovation.places.names import fold
from innovation.programmes.models import Programme, Region
from innovation.rows import insert_all
from innovation.statements import ask, keep
from innovation.turns import take_turn
from innovation.values import dataclass
from workflows import CAPTURE, Refused, journey_of

NOT_OPEN = {
    "planned": "This clinic has not been opened yet. Open it first.",
    "voting": "This clinic is voting, so no idea can be added. Close the voting and reopen the clinic first.",
    "closed": "This clinic is closed. Reopen it to add an idea.",
    "reported": "This clinic has been reported, so no idea can be added any more.",
}
SENT_BEFORE = "Save once more to keep this as another idea, or open that one to change it."
ASK_CONTACT = "Tick that the owner agrees to be contacted, or leave the e-mail address and the phone number empty."


MADE = keep(
    sa.select(Idea.id).where(Idea.programme_id == sa.bindparam("programme"), Idea.import_key == sa.bindparam("key"))
)


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
    @property
    def language(self) -> str: ...


class SentBefore(ThereAlready):
    """The form was sent before and made an idea; what it holds now is another one, or the same with other words."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            reference, f"This form was sent before, and what it said then is kept as {reference}. {SENT_BEFORE}"
        )


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
@repeatable
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
    besides: str = "",
    reference: str = "",
) -> Captured:
    """Write down an idea at an open clinic, in the name of its owner.

    ``answers`` are those of the canvas: with them ``title``, ``theme`` and ``topic`` as ids, and ``where`` as a pair
    of district id and EMIS number. The same ``import_key`` twice makes one idea. ``besides`` is the reference of an
    idea that reads the same, has just been captured, and is known to be another one. ``reference`` is one that was
    kept for it, as on a card that was printed before.
    """
    reasons = closed_reasons(clinic)
    if reasons:
        raise Refused(reasons)
    home = Home(db.session.get_one(Programme, clinic.programme_id), clinic.region_id, clinic.clinic_id)
    owner = Owner(owner_name, owner_email or "", owner_phone or "", tuple(consents), language=clinic.language)
    sent = Sent(home.programme.id, home.clinic_id, answers.get("title"), owner_name, import_key)
    require_new(actor, sent, besides)
    return write_down(actor, home, Told(answers, owner, import_key, reference))


@command(policy.may_capture_own_idea)
@repeatable
def capture_own_idea(
    actor: Actor,
    region: Region,
    *,
    answers: Mapping[str, Any],
    consents: Iterable[str] = (),
    import_key: str | None = None,
    besides: str = "",
) -> Captured:
    """Write down an idea of one's own, outside any clinic; ``besides`` as at a clinic."""
    home = Home(db.session.get_one(Programme, region.programme_id), region.id)
    require_new(actor, Sent(home.programme.id, None, answers.get("title"), "", import_key), besides)
    return write_down(actor, home, Told(answers, Owner(consents=tuple(consents)), import_key))


@dataclass(frozen=True)
class Owner:
    """Who is named as the owner; without a name it is the person who acts.

    ``shown`` is the version and language of the notice that they saw, where it may not be the one in force;
    ``language`` the one in which they are told more. Not ``vouched`` for is what anybody may have typed: it makes no
    idea that of somebody who has a sign-in.
    """

    name: str = ""
    email: str = ""
    phone: str = ""
    consents: tuple[str, ...] = ()
    shown: tuple[int, str] | None = None
    language: str = ""
    vouched: bool = True


@dataclass(frozen=True)
class Told:
    """What is told of one idea. The same ``import_key`` twice makes one idea; no ``reference`` means the next one."""

    answers: Mapping[str, Any]
    owner: Owner
    import_key: str | None = None
    reference: str = ""


def write_down(actor: Actor, home: Home, told: Told) -> Captured:
    """Make the idea with its reference, first revision and secret; part of a command."""
    return write_down_all(actor, home, [told])[0]


def write_down_all(actor: Actor, home: Home, told: Iterable[Told]) -> list[Captured]:
    """Make each idea as ``write_down`` does, asking the database as often for many as for one; part of a command."""
    every = [replace(each, answers=_given(each.answers)) for each in told]
    before = _captured_before(home, every)
    new = [each for each in every if each.import_key not in before]
    if new:
        for each in new:
            _require_whole(home.programme, each.answers, each.owner)
    made = iter(_make(actor, home, new) if new else [])
    return [before[each.import_key] if each.import_key in before else next(made) for each in every]


def _given(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answers.items() if value not in (None, "", [])}


def _make(actor: Actor, home: Home, new: list[Told]) -> list[Captured]:
    owners = _people(actor, [told.owner for told in new])
    insert_all([owner for owner in dict.fromkeys(owners) if sa.inspect(owner).transient])
    made = []
    # Others wait for the counter, so it is taken late.
    following = iter(next_references(home.programme, home.region_id, sum(not told.reference for told in new)))
    for told, owner in zip(new, owners, strict=True):
        idea = _idea(actor, home, told.answers, owner, told.reference or next(following))
        key = told.import_key
        secret = claims.secret_for(home.programme.id, key) if key else claims.make_secret()
        idea.import_key, idea.secret_digest = key, claims.digest(secret)
        made.append(Captured(idea, secret, is_new=True))
    ideas = insert_all([captured.idea for captured in made])
    insert_all([_first_revision(actor, idea, told.answers) for idea, told in zip(ideas, new, strict=True)])
    for idea, owner in zip(ideas, owners, strict=True):
        set_committed_value(idea, "owner", owner)
        set_committed_value(idea, "workflow_version", home.programme.workflow_version)
    count(ideas[0], {ideas[0].state: len(ideas)})
    facts: list[Fact] = [IdeaCaptured(idea.id, idea.clinic_id, idea.owner_id) for idea in ideas]
    agreed = [_agree(actor, home, idea, told.owner) for idea, told in zip(ideas, new, strict=True)]
    for consent in insert_all([consent for each in agreed for consent in each]):
        facts.append(ConsentGiven(consent.idea_id, consent.person_id, consent.purpose, consent.notice_version))
    for idea in ideas:
        if idea.owner.account is not None:
            idea.claimed_at = now()
    facts += claims.offer_first_claims(each for each in ideas if each.owner.account is None and each.owner.email)
    record_all(actor, facts, begun={f"idea:{idea.id}" for idea in ideas})
    return made


def _captured_before(home: Home, every: Iterable[Told]) -> dict[str | None, Captured]:
    """The ideas that the same forms made before, by key; ``SentBefore`` for one that holds another idea now, as after
    going back."""
    asked = {told.import_key: told for told in every if told.import_key is not None}
    if asked:
        take_turn(f"captured {min(asked)}")  # whoever sends the same form at the same moment then finds the idea
    if not asked or not _made_one(home, asked):
        return {}
    found = sa.select(Idea).where(Idea.programme_id == home.programme.id, Idea.import_key.in_(asked))
    before: dict[str | None, Captured] = {}
    for idea in db.session.scalars(found):
        key = str(idea.import_key)
        if key.startswith("form:") and _says_otherwise(idea, asked[key].answers, asked[key].owner):
            raise SentBefore(idea.reference)
        before[key] = Captured(idea, claims.secret_of(idea), is_new=False)
    return before


def _made_one(home: Home, asked: Mapping[str, Told]) -> bool:
    """Whether the one form made an idea before; many forms are looked for at once anyway."""
    if len(asked) > 1:
        return True
    [key] = asked
    return bool(ask(MADE, {"programme": home.programme.id, "key": key}))


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


def _people(actor: Actor, owners: list[Owner]) -> list[Person]:
    """The owners: whoever is known by the same name and address or number, else somebody new."""
    known = defaultdict[str, list[Person]](list)
    for person in _known(owners):
        known[fold(person.name)].append(person)
    return [_person(actor, owner, known[fold(owner.name)]) for owner in owners]


def _person(actor: Actor, owner: Owner, namesakes: list[Person]) -> Person:
    if not owner.name:
        return db.session.get_one(Person, actor.person_id)
    email, phone = _address(owner), _number(owner)
    for person in namesakes:
        if person.account is not None and not owner.vouched:
            continue
        if _is_reached(person, email, phone):
            person.phone = person.phone or phone
            return person
    person = Person(name=owner.name.strip(), email=email, phone=phone, is_demo=actor.is_demo, account=None)
    person.language = owner.language or "en"
    namesakes.append(person)
    return person


def _is_reached(person: Person, email: str | None, phone: str | None) -> bool:
    """By this address, or by this number where there is no address."""
    if email is not None:
        return email == person.email or (person.account is not None and person.account.email == as_kept(email))
    return phone is not None and phone == person.phone and person.email is None


def _address(owner: Owner) -> str | None:
    return owner.email.strip().lower() or None


def _number(owner: Owner) -> str | None:
    return owner.phone.strip() or None


def _known(owners: Iterable[Owner]) -> list[Person]:
    """People with these addresses and numbers, those with a sign-in first; several may share one, as the staff of a
    school do."""
    named = [owner for owner in owners if owner.name]
    emails = {email for email in map(_address, named) if email}
    phones = {phone for owner in named if not _address(owner) and (phone := _number(owner))}
    found: list[Person] = []
    if emails:
        signs_in = Person.account.has(Account.email.in_([as_kept(email) for email in emails]))
        found += _persons(signs_in, len(emails))
        found += _persons(Person.email.in_(emails), 20 * len(emails))
    if phones:
        found += _persons(sa.and_(Person.phone.in_(phones), Person.email.is_(None)), 20 * len(phones))
    return found


def _persons(condition: sa.ColumnElement[bool], most: int) -> Iterable[Person]:
    query = sa.select(Person).where(condition).options(joinedload(Person.account))
    return db.session.scalars(query.order_by(Person.id.desc()).limit(most))


def _idea(actor: Actor, home: Home, told: Mapping[str, Any], owner: Person, reference: str) -> Idea:
    programme = home.programme
    definition = programme.workflow_version.definition
    first = journey_of(definition).initial
    district_id, school_emis = told.get("where") or (None, None)
    return Idea(
        programme_id=programme.id,
        region_id=home.region_id,
        workflow_version_id=programme.workflow_version_id,
        reference=reference,
        title=told["title"],
        summary=told.get("summary", ""),
        clinic_id=home.clinic_id,
        captured_by_id=actor.person_id,
        captured_at=now(),
        owner_id=owner.id,
        theme_id=told.get("theme"),
        topic_id=told.get("topic"),
        phases=phase_codes(told.get("phases", [])),
        evidence_level=definition.evidence_levels[0].key,
        district_id=district_id,
        school_emis=school_emis,
        place=first.place,
        standing=first.standing,
        place_since=now(),
        due_on=usual_due(programme, definition.stages[0]),
        revision_number=1,
        search_text=canvas.search_text(definition, told),
    )


def _first_revision(actor: Actor, idea: Idea, told: Mapping[str, Any]) -> Revision:
    return Revision(
        idea_id=idea.id,
        number=1,
        title=idea.title,
        answers={key: value for key, value in told.items() if key not in canvas.ON_THE_FORM},
        submitted_by_id=actor.person_id,
        submitted_at=now(),
    )


def _agree(actor: Actor, home: Home, idea: Idea, owner: Owner) -> list[Consent]:
    """What the owner agreed to, under the notice that they were shown, as it is kept."""
    version, language = owner.shown or (home.programme.notice_version, "")
    purposes = dict.fromkeys(owner.consents)
    for unknown in purposes.keys() - PURPOSES:
        raise Refused((f"There is no consent called {unknown}.",))
    return [
        Consent(
            idea_id=idea.id,
            person_id=idea.owner_id,
            purpose=purpose,
            notice_version=version,
            notice_language=language,
            recorded_by_id=actor.person_id,
            given_at=now(),
        )
        for purpose in purposes
    ]
