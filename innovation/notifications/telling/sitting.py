"""Who is told what happens while an idea is presented and a panel sits for it."""

from __future__ import annotations

from collections.abc import Iterable

from innovation.events import Event
from innovation.gates import queries as gates
from innovation.gates.after_models import Waiver
from innovation.gates.models import CHAIRING_ROLES, Review, Seat
from innovation.notifications import messages, post, recipients
from innovation.notifications.telling.parts import idea_of, review_of, tell, thing_of


def ask_to_waive(event: Event) -> None:
    """Whoever the process names for it, unless the answer has been given in the same moment."""
    asked = gates.as_asked(thing_of(event, Waiver, "waiver_id", Waiver.idea))
    if asked.waiver.state == "asked":
        tell(event, "waive", recipients.to_waive(asked), messages.waiver(asked, "waiver_asked"))


def tell_waived(event: Event) -> None:
    """The team, of what was granted, refused or taken back."""
    asked = gates.as_asked(thing_of(event, Waiver, "waiver_id", Waiver.idea))
    tell(event, "waived", recipients.team(asked.idea), messages.waiver(asked, "waiver_answered"))


def ask_to_convene(event: Event) -> None:
    idea = idea_of(event)
    people = recipients.who_runs(idea)
    tell(event, "convene", people, messages.idea_presented(idea, event.data["gate_key"]))


def tell_panel(event: Event) -> None:
    review = review_of(event)
    _ask_to_sit(event, review, review.seats)


def tell_seated(event: Event) -> None:
    """Somebody who was seated later; those seated at the start have been told by ``tell_panel``."""
    review = review_of(event)
    _ask_to_sit(event, review, [seat for seat in review.seats if seat.id == event.data["seat_id"]])


def _ask_to_sit(event: Event, review: Review, seats: Iterable[Seat]) -> None:
    """Those who score are asked to; the others read with the panel."""
    scoring = {seat.id: seat.scores for seat in seats}
    for letter, scores in ((messages.panel_convened, True), (messages.seat_to_read, False)):
        chosen = [seat_id for seat_id, does in scoring.items() if does is scores]
        tell(event, "seat", recipients.seated(review, chosen), letter(review))


def remind_panel(event: Event) -> None:
    review = review_of(event)
    people = recipients.seated(review, event.data["seat_ids"])
    tell(event, "reminder", people, messages.panel_reminder(review))


def tell_cancelled(event: Event) -> None:
    review = review_of(event)
    tell(event, "cancelled", recipients.seated(review), messages.review_cancelled(review))


def ask_to_settle(event: Event) -> None:
    """A declared interest waits for the other chairs, else the deputy, else the coordinator."""
    if event.data["level"] not in ("declare", "explained"):
        return
    review = review_of(event)
    seat: Seat = thing_of(event, Seat, "seat_id")
    people = recipients.seated(review, [other.id for other in seat.settlers]) if seat.settlers else []
    people = people or recipients.who_runs(review.idea)
    tell(event, "settle", people, messages.interest_declared(review))


def tell_settled(event: Event) -> None:
    review, accepted = review_of(event), event.data["level"] == "accepted"
    seat: Seat = thing_of(event, Seat, "seat_id", Seat.person)
    tell(event, "settled", [seat.person], messages.interest_settled(review, accepted=accepted))


def tell_overruled(event: Event) -> None:
    """Who is admitted again, or removed, is told; and so is the coordinator."""
    review, admitted = review_of(event), event.data["level"] == "admitted"
    seat: Seat = thing_of(event, Seat, "seat_id", Seat.person)
    tell(event, "overruled", [seat.person], messages.interest_overruled(review, admitted=admitted))
    tell(event, "overruling", recipients.who_runs(review.idea), messages.interest_ruling(review))


def tell_who_chairs_now(event: Event) -> None:
    """When an interest stands in the way of the chair, the deputy is told; where there is none, the coordinator."""
    review = review_of(event)
    seat: Seat = thing_of(event, Seat, "seat_id")
    if seat.role not in CHAIRING_ROLES or seat.is_free:
        return
    leading = review.leading
    if not leading:
        tell(event, "nobody-chairs", recipients.who_runs(review.idea), messages.nobody_chairs(review))
    elif seat.role != "deputy" and leading[0].role == "deputy":
        people = recipients.seated(review, [deputy.id for deputy in leading])
        tell(event, "chairs-now", people, messages.chairs_now(review))


def tell_quorum(event: Event) -> None:
    """When the quorum is reached, the coordinator and whoever chairs are told, once for each review."""
    if not event.data["quorum"]:
        return
    review = review_of(event)
    chairs = recipients.seated(review, [seat.id for seat in review.leading])
    for person in {p.id: p for p in [*chairs, *recipients.who_runs(review.idea)]}.values():
        post.notify(person, messages.quorum_reached(review), why=f"quorum:{review.id}", at=event.at)


def tell_abstention(event: Event) -> None:
    """Whoever leads, and the coordinator: a quorum may be out of reach now."""
    review = review_of(event)
    chairs = recipients.seated(review, [seat.id for seat in review.leading])
    people = {person.id: person for person in [*chairs, *recipients.who_runs(review.idea)]}
    tell(event, "abstention", people.values(), messages.seat_abstained(review))


def ask_to_confirm(event: Event) -> None:
    """Those who have scored look at what changed; those who have declared read the newer text from now on."""
    review = review_of(event)
    people = recipients.seated(review, [seat.id for seat in review.seats if seat.cleared])
    tell(event, "revision", people, messages.revision_taken(review, event.data["revision"]))
