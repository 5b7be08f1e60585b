"""Paper cards: printed in numbers, typed in one by one in their order, and accounted for to the last one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from innovation.accounts.models import Person
from innovation.clinics import events, next_steps, policy
from innovation.clinics.models import Card, Clinic
from innovation.command import command
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.ideas import capture, numbering, store
from innovation.ideas.agreeing import Agreed, note_notice, owner_as_kept
from innovation.ideas.capture import Captured, Home, Owner, Told
from innovation.ideas.captured_before import Sent, require_new
from innovation.ideas.filecheck import Checked, is_image
from innovation.ideas.models import Idea
from innovation.ideas.queries.one import walled
from innovation.ideas.young import Young
from innovation.once import repeatable
from innovation.permission import Actor, NotThere
from innovation.programmes.models import Programme
from innovation.programmes.notices import find_notice, was_shown
from innovation.values import dataclass
from workflows import CARD, Refused

MOST_AT_ONCE = 200
MOST = 1000  # of one clinic
STATES = ("printed", "typed", "void", "missing")
STEPS = {"void": "void", "miss": "missing", "restore": "printed"}
OPEN = ("printed", "missing")


# Asking for cards


@command(policy.may_make_cards)
def make_cards(actor: Actor, clinic: Clinic, *, many: int) -> list[Card]:
    """The next cards of the clinic. Each keeps a reference for its idea, so that a part of it can be torn off as
    the slip before anybody has typed it in."""
    hold_row(clinic)
    before = db.session.scalar(sa.select(sa.func.max(Card.number)).where(Card.clinic_id == clinic.id)) or 0
    if clinic.state == "reported":
        raise Refused(("This clinic has been reported, so no idea can be added any more.",))
    if not 1 <= many <= MOST_AT_ONCE:
        raise Refused((f"Ask for 1 to {MOST_AT_ONCE} cards at a time.",))
    if before + many > MOST:
        raise Refused((f"A clinic can have {MOST} cards.",))
    programme = db.session.get_one(Programme, clinic.programme_id)
    references = numbering.next_references(programme, clinic.region_id, many)
    made = [
        Card(clinic_id=clinic.id, number=before + n, reference=reference, state=CARD.initial, made_at=now())
        for n, reference in enumerate(references, 1)
    ]
    db.session.add_all(made)
    record(actor, events.CardsMade(clinic.id, before + 1, before + many))
    return made


# Typing in


@command(policy.may_type_in_cards)
@repeatable
def keep_photo(actor: Actor, clinic: Clinic, *, number: int, photo: Checked) -> Card:
    """Keep a photograph of the card as proof of what stood on it; a newer one takes its place, and it is deleted."""
    card = find_card(clinic, number)
    if not is_image(photo.content_type):
        raise Refused(("Choose a picture: JPEG, PNG or WebP.",))
    digest = store.digest(photo.content)
    if digest != card.photo_sha256:
        before, card.photo_key = card.photo_key, store.store().put(photo.content)
        card.photo_type, card.photo_sha256 = photo.content_type, digest
        record(actor, events.CardPhotographed(clinic.id, card.id, digest, before or ""))
    return card


@command(policy.may_type_in_cards)
def type_in_card(
    actor: Actor,
    clinic: Clinic,
    *,
    number: int,
    answers: Mapping[str, Any],
    owner_name: str | None,
    owner_email: str | None = None,
    owner_phone: str | None = None,
    consents: Iterable[str] = (),
    young: Young | None = None,
    notice_version: int | None = None,
    besides: str = "",
    next_step: str = "",
    next_step_by: dt.date | None = None,
) -> Captured:
    """Make the idea of a card, under the reference that stands on it; a card makes one idea.

    ``notice_version`` is that of the notice on the card, where it is not the one in force; ``young`` and ``besides``
    are as in a room, and as for any idea that is captured.
    """
    card = find_card(clinic, number)
    hold_row(card)
    _require_open(clinic, card)
    programme = db.session.get_one(Programme, clinic.programme_id)
    notice = find_notice(programme, "")
    agreed = Agreed(notice_version or notice.version, notice.language, tuple(consents))
    if not was_shown(programme, agreed.version, agreed.language):
        raise Refused(("There has been no such version of the notice. Look at the back of the card.",))
    named = Owner(owner_name or "", owner_email or "", owner_phone or "", language=clinic.language)
    owner = owner_as_kept(named, agreed, young)
    require_new(actor, Sent(programme.id, clinic.id, answers.get("title"), owner.name, card.import_key), besides)
    home = Home(programme, clinic.region_id, clinic.id)
    captured = capture.write_down(actor, home, Told(answers, owner, card.import_key, card.reference))
    note_notice(actor, captured.idea, Agreed(agreed.version, agreed.language, owner.consents), young)
    card.state = CARD.fire(card.state, "type")
    card.idea_id, card.typed_by_id, card.typed_at = captured.idea.id, actor.person_id, now()
    record(actor, events.CardTypedIn(clinic.id, card.id, captured.idea.id))
    if next_step:
        next_steps.record_next_steps(actor, clinic, steps={captured.idea.id: (next_step, next_step_by)})
    return captured


def _require_open(clinic: Clinic, card: Card) -> None:
    reasons = [*capture.closed_reasons(clinic)]
    if card.idea_id is not None:
        reasons.append(f"Card {card.number} is typed in already, as {card.reference}. Is it another card?")
    if card.state == "void":
        reasons.append(f"Card {card.number} is void. Take that back first, in the list of cards.")
    if reasons:
        raise Refused(tuple(reasons))


# Accounting for them


@command(policy.may_type_in_cards)
def mark_cards(actor: Actor, clinic: Clinic, *, step: str, numbers: Iterable[int] = ()) -> list[Card]:
    """Say of cards that they are void or missing, or take that back; without numbers, of all not accounted for."""
    if step not in STEPS:
        raise Refused(("Choose what to do with the cards.",))
    wanted = sorted(set(numbers))
    query = sa.select(Card).where(Card.clinic_id == clinic.id).order_by(Card.number).with_for_update()
    query = query.where(Card.number.in_(wanted) if wanted else Card.state == "printed")
    cards = list(db.session.scalars(query))
    if not cards:
        raise Refused(("There is no such card.",))
    typed = [card for card in cards if card.state == "typed"]
    if typed:
        raise Refused(tuple(f"Card {card.number} is typed in already, as {card.reference}." for card in typed))
    for card in cards:
        card.state = CARD.fire(card.state, step)
    record(actor, events.CardsMarked(clinic.id, step, tuple(card.number for card in cards)))
    return cards


# Reading


def find_card(clinic: Clinic, number: int) -> Card:
    """The card with this number; ``NotThere`` where the clinic has none."""
    card = db.session.scalar(sa.select(Card).where(Card.clinic_id == clinic.id, Card.number == number))
    if card is None:
        raise NotThere
    return card


@dataclass(frozen=True)
class Listed:
    """A card as the list shows it; ``hidden`` where its idea is not for this person."""

    card: Card
    typed_by: str
    hidden: bool


def list_cards(actor: Actor, clinic: Clinic, state: str = "") -> list[Listed]:
    """The cards in their order, all or those in one state."""
    query = (
        sa.select(Card, Person.name, _is_hidden(actor))
        .outerjoin(Person, Person.id == Card.typed_by_id)
        .where(Card.clinic_id == clinic.id)
        .order_by(Card.number)
    )
    if state in STATES:
        query = query.where(Card.state == state)
    return [Listed(card, name or "", bool(hidden)) for card, name, hidden in db.session.execute(query)]


def _is_hidden(actor: Actor) -> Any:
    return sa.exists().where(Idea.id == Card.idea_id, walled(actor))


def find_photo(actor: Actor, clinic: Clinic, number: int) -> Card:
    """The card whose photograph this person may look at; ``NotThere`` where there is none for them."""
    card = find_card(clinic, number)
    hidden = db.session.scalar(sa.select(_is_hidden(actor)).where(Card.id == card.id))
    if card.photo_key is None or hidden:
        raise NotThere
    return card


def count_cards(clinic: Clinic) -> dict[str, int]:
    """How many cards are in which state."""
    query = sa.select(Card.state, sa.func.count()).where(Card.clinic_id == clinic.id).group_by(Card.state)
    found = {row[0]: row[1] for row in db.session.execute(query)}
    return {state: found.get(state, 0) for state in STATES}


def next_card(clinic: Clinic, after: int = 0) -> Card | None:
    """The next card that is still to be typed in, from the beginning again once the end is reached."""
    waiting = sa.select(Card).where(Card.clinic_id == clinic.id, Card.state == "printed").order_by(Card.number).limit(1)
    following = db.session.scalar(waiting.where(Card.number > after))
    return following or db.session.scalar(waiting.where(Card.number != after))


def cards_to_print(clinic: Clinic, first: int, last: int) -> list[Card]:
    """The cards between two numbers that nobody has typed in: a reprint tells no secret of an idea that is there."""
    query = sa.select(Card).where(Card.clinic_id == clinic.id, Card.number.between(first, last))
    query = query.where(Card.state.in_(OPEN)).order_by(Card.number).limit(MOST)
    return list(db.session.scalars(query))


def open_cards(clinic: Clinic, numbers: Iterable[int]) -> list[Card]:
    """Those of the cards that nobody has typed in."""
    query = sa.select(Card).where(Card.clinic_id == clinic.id, Card.number.in_(list(numbers)), Card.state.in_(OPEN))
    return list(db.session.scalars(query.order_by(Card.number)))


def clinic_of_card(reference: str) -> tuple[Clinic, Card] | None:
    """The card with this reference, and its clinic."""
    query = sa.select(Clinic, Card).join(Card, Card.clinic_id == Clinic.id).where(Card.reference == reference.upper())
    row = db.session.execute(query).one_or_none()
    return (row[0], row[1]) if row is not None else None
