"""Who is told what when something has happened: one reaction each, harmless when it runs again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy.orm import joinedload

from innovation.accounts.models import Person, Token
from innovation.db import db
from innovation.events import Event
from innovation.funders.models import Interest
from innovation.gates import queries as gates
from innovation.gates.after_models import Reconsideration, Waiver, WithheldDecision
from innovation.gates.models import LEADING_ROLES, Condition, Decision, Review, Seat
from innovation.ideas.models import Handin, Idea
from innovation.jobs.models import Job
from innovation.notifications import messages, post, recipients
from innovation.notifications.post import Letter


def _tell(event: Event, name: str, people: Iterable[Person], letter: Letter) -> None:
    """Tell each of them once, but not the one who did it."""
    for person in people:
        if person.id != event.actor_id:
            post.notify(person, letter, why=f"event:{event.id}:{name}", at=event.at)


def _of(event: Event, model: type[Any], field: str, *load: Any) -> Any:
    """The thing that a fact names."""
    return db.session.get_one(model, event.data[field], options=[joinedload(each) for each in load])


def _idea(event: Event) -> Idea:
    found: Idea = _of(event, Idea, "idea_id")
    return found


def _review(event: Event) -> Review:
    found: Review = _of(event, Review, "review_id", Review.idea)
    return found


# Sign-in: by e-mail only, since the person cannot read an inbox yet


def mail_invitation(event: Event) -> None:
    _mail_token(event, messages.invitation)


def mail_reset(event: Event) -> None:
    _mail_token(event, messages.password_reset)


def mail_claim(event: Event) -> None:
    """To the owner named at capture, unless the idea has another owner by now."""
    idea = _idea(event)
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
        post.send(person, person.account.email, messages.password_changed(), why=f"event:{event.id}:password")


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
    job = _of(event, Job, "job_id")
    _tell(event, "job", [db.session.get_one(Person, job.person_id)], messages.job_finished(job))


# Ideas


def tell_contributor(event: Event) -> None:
    idea, person = _idea(event), _of(event, Person, "person_id")
    _tell(event, "contributor", [person], messages.about(idea, "contributor_added"))


def tell_new_owner(event: Event) -> None:
    idea = _idea(event)
    _tell(event, "owner", recipients.owner(idea), messages.about(idea, "ownership_handed_over"))


def ask_to_accept(event: Event) -> None:
    handin = _handin(event)
    people = recipients.coordinators(handin.idea)
    _tell(event, "accept", people, messages.deliverable(handin, "deliverable_handed_in"))


def tell_accepted(event: Event) -> None:
    handin = _handin(event)
    _tell(event, "accepted", recipients.team(handin.idea), messages.deliverable(handin, "deliverable_accepted"))


def tell_returned(event: Event) -> None:
    handin = _handin(event)
    _tell(event, "returned", recipients.team(handin.idea), messages.deliverable(handin, "deliverable_returned"))


def _handin(event: Event) -> Handin:
    found: Handin = _of(event, Handin, "handin_id", Handin.idea)
    return found


def tell_evidence(event: Event) -> None:
    idea = _idea(event)
    _tell(event, "evidence", recipients.team(idea), messages.evidence_accepted(idea, event.data["level"]))


def tell_pilot_started(event: Event) -> None:
    idea = _idea(event)
    people = [*recipients.team(idea), *recipients.coordinators(idea)]
    _tell(event, "pilot", people, messages.about(idea, "pilot_started"))


def tell_resumed(event: Event) -> None:
    idea = _idea(event)
    _tell(event, "resumed", recipients.team(idea), messages.about(idea, "idea_resumed"))


def tell_revived(event: Event) -> None:
    idea = _idea(event)
    _tell(event, "revived", recipients.team(idea), messages.about(idea, "idea_revived"))


def tell_withdrawn(event: Event) -> None:
    idea = _idea(event)
    people = [*recipients.team(idea), *recipients.coordinators(idea)]
    _tell(event, "withdrawn", people, messages.about(idea, "idea_withdrawn"))


def tell_ended(event: Event) -> None:
    idea = _idea(event)
    people = [*recipients.team(idea), *recipients.coordinators(idea)]
    outcome = idea.definition.outcome(event.data["outcome"]).label
    _tell(event, "ended", people, messages.about(idea, "idea_ended", outcome=outcome))


# Gates


def ask_to_waive(event: Event) -> None:
    """Whoever the process names for it, unless the answer has been given in the same moment."""
    asked = gates.as_asked(_of(event, Waiver, "waiver_id", Waiver.idea))
    if asked.waiver.state == "asked":
        _tell(event, "waive", recipients.to_waive(asked), messages.waiver(asked, "waiver_asked"))


def tell_waived(event: Event) -> None:
    """The team, of what was granted, refused or taken back."""
    asked = gates.as_asked(_of(event, Waiver, "waiver_id", Waiver.idea))
    _tell(event, "waived", recipients.team(asked.idea), messages.waiver(asked, "waiver_answered"))


def ask_to_convene(event: Event) -> None:
    idea = _idea(event)
    people = recipients.coordinators(idea)
    _tell(event, "convene", people, messages.idea_presented(idea, event.data["gate_key"]))


def tell_panel(event: Event) -> None:
    review = _review(event)
    _ask_to_sit(event, review, review.seats)


def tell_seated(event: Event) -> None:
    """Somebody who was seated later; those seated at the start have been told by ``tell_panel``."""
    review = _review(event)
    _ask_to_sit(event, review, [seat for seat in review.seats if seat.id == event.data["seat_id"]])


def _ask_to_sit(event: Event, review: Review, seats: Iterable[Seat]) -> None:
    """Those who score are asked to; the others read with the panel."""
    scoring = {seat.id: seat.scores for seat in seats}
    for letter, scores in ((messages.panel_convened, True), (messages.seat_to_read, False)):
        chosen = [seat_id for seat_id, does in scoring.items() if does is scores]
        _tell(event, "seat", recipients.seated(review, chosen), letter(review))


def remind_panel(event: Event) -> None:
    review = _review(event)
    people = recipients.seated(review, event.data["seat_ids"])
    _tell(event, "reminder", people, messages.panel_reminder(review))


def tell_cancelled(event: Event) -> None:
    review = _review(event)
    _tell(event, "cancelled", recipients.seated(review), messages.review_cancelled(review))


def ask_to_settle(event: Event) -> None:
    """A declared interest waits for the other chairs, else the deputy, else the coordinator."""
    if event.data["level"] not in ("declare", "explained"):
        return
    review = _review(event)
    seat: Seat = _of(event, Seat, "seat_id")
    people = recipients.seated(review, [other.id for other in seat.settlers]) if seat.settlers else []
    people = people or recipients.coordinators(review.idea)
    _tell(event, "settle", people, messages.interest_declared(review))


def tell_settled(event: Event) -> None:
    review, accepted = _review(event), event.data["level"] == "accepted"
    seat: Seat = _of(event, Seat, "seat_id", Seat.person)
    _tell(event, "settled", [seat.person], messages.interest_settled(review, accepted=accepted))


def tell_overruled(event: Event) -> None:
    """Who is admitted again, or removed, is told; and so is the coordinator."""
    review, admitted = _review(event), event.data["level"] == "admitted"
    seat: Seat = _of(event, Seat, "seat_id", Seat.person)
    _tell(event, "overruled", [seat.person], messages.interest_overruled(review, admitted=admitted))
    _tell(event, "overruling", recipients.coordinators(review.idea), messages.interest_ruling(review))


def tell_who_chairs_now(event: Event) -> None:
    """When an interest stands in the way of the chair, the deputy is told; where there is none, the coordinator."""
    review = _review(event)
    seat: Seat = _of(event, Seat, "seat_id")
    if seat.role not in (*LEADING_ROLES, "deputy") or seat.is_free:
        return
    leading = review.leading
    if not leading:
        _tell(event, "nobody-chairs", recipients.coordinators(review.idea), messages.nobody_chairs(review))
    elif seat.role != "deputy" and leading[0].role == "deputy":
        people = recipients.seated(review, [deputy.id for deputy in leading])
        _tell(event, "chairs-now", people, messages.chairs_now(review))


def tell_quorum(event: Event) -> None:
    """When the quorum is reached, the coordinator and whoever chairs are told, once for each review."""
    if not event.data["quorum"]:
        return
    review = _review(event)
    chairs = recipients.seated(review, [seat.id for seat in review.leading])
    for person in {p.id: p for p in [*chairs, *recipients.coordinators(review.idea)]}.values():
        post.notify(person, messages.quorum_reached(review), why=f"quorum:{review.id}", at=event.at)


def tell_abstention(event: Event) -> None:
    """Whoever leads, and the coordinator: a quorum may be out of reach now."""
    review = _review(event)
    chairs = recipients.seated(review, [seat.id for seat in review.leading])
    people = {person.id: person for person in [*chairs, *recipients.coordinators(review.idea)]}
    _tell(event, "abstention", people.values(), messages.seat_abstained(review))


def ask_to_confirm(event: Event) -> None:
    """Those who have scored look at what changed; those who have declared read the newer text from now on."""
    review = _review(event)
    people = recipients.seated(review, [seat.id for seat in review.seats if seat.cleared])
    _tell(event, "revision", people, messages.revision_taken(review, event.data["revision"]))


def ask_to_sign(event: Event) -> None:
    review = _review(event)
    people = recipients.seated(review, [seat.id for seat in review.signers])
    _tell(event, "sign", people, messages.decision_proposed(review))


def tell_decision(event: Event) -> None:
    """By the letter that was seen before, where it was held back; not at all where it took effect in silence."""
    decision = _decision(event)
    withheld = gates.withheld_of(decision) if decision else None
    if withheld is None:
        _tell_outcome(event, messages.decision_recorded)
    elif not withheld.silent_because:
        _announce(event, withheld)


def tell_at_last(event: Event) -> None:
    """The letters about a decision that took effect in silence."""
    decision = _review(event).decision
    withheld = gates.withheld_of(decision) if decision else None
    if withheld is not None:
        _announce(event, withheld)


def _announce(event: Event, withheld: WithheldDecision) -> None:
    people = [each for each in recipients.of_decision(withheld.review) if each.id not in withheld.left_out]
    _tell(event, "decision", people, messages.decision_announced(withheld))


def tell_new_decision(event: Event) -> None:
    _tell_outcome(event, messages.decision_superseded)


def _tell_outcome(event: Event, letter: Callable[[Decision], Letter]) -> None:
    decision = _decision(event)
    if decision is None:
        return
    _tell(event, "decision", recipients.of_decision(decision.review), letter(decision))


def _decision(event: Event) -> Decision | None:
    """The decision that stands for the review now; None once it was superseded by another outcome."""
    decision = _review(event).decision
    return decision if decision and decision.outcome == event.data["outcome"] else None


def ask_to_reconsider(event: Event) -> None:
    """Whoever may answer, and the coordinators; nobody twice."""
    asked: Reconsideration = _of(event, Reconsideration, "reconsideration_id")
    people = [*recipients.answerers(asked), *recipients.coordinators(asked.idea)] if asked.state == "asked" else []
    letter = messages.reconsideration(asked, "reconsideration_asked")
    for person in people:
        if person.id != event.actor_id:
            post.notify(person, letter, why=f"reconsideration:{asked.id}", at=event.at)


def tell_reconsidered(event: Event) -> None:
    """The team and the coordinators; a new decision is told by its own letter besides."""
    asked: Reconsideration = _of(event, Reconsideration, "reconsideration_id")
    people = [*recipients.team(asked.idea), *recipients.coordinators(asked.idea)]
    _tell(event, "reconsidered", people, messages.reconsideration(asked, "reconsideration_answered"))


def tell_joined(event: Event) -> None:
    idea, other = _idea(event), db.session.get_one(Idea, event.data["from_id"])
    _tell(event, "joined", recipients.team(idea), messages.idea_joined(idea, other))


def ask_to_check(event: Event) -> None:
    found = _condition(event)
    people = recipients.coordinators(found.idea)
    _tell(event, "check", people, messages.condition(found, "condition_offered"))


def tell_condition_met(event: Event) -> None:
    found = _condition(event)
    _tell(event, "met", recipients.team(found.idea), messages.condition(found, "condition_met"))


def tell_condition_waived(event: Event) -> None:
    found = _condition(event)
    _tell(event, "waived", recipients.team(found.idea), messages.condition(found, "condition_waived"))


def tell_due_date_moved(event: Event) -> None:
    found = _condition(event)
    _tell(event, "moved", recipients.team(found.idea), messages.condition_moved(found))


def tell_condition_returned(event: Event) -> None:
    found = _condition(event)
    _tell(event, "returned", recipients.team(found.idea), messages.condition(found, "condition_returned"))


def tell_held(event: Event) -> None:
    found = _condition(event)
    people = [*recipients.team(found.idea), *recipients.coordinators(found.idea)]
    _tell(event, "held", people, messages.condition(found, "held_for_condition"))


def _condition(event: Event) -> Condition:
    found: Condition = _of(event, Condition, "condition_id", Condition.idea)
    return found


# Funders


def tell_owner_of_interest(event: Event) -> None:
    interest = _interest(event)
    _tell(event, "interest", recipients.owner(interest.idea), messages.interest_shown(interest))


def tell_accepted_interest(event: Event) -> None:
    interest = _interest(event)
    people = recipients.of_funder(interest.funder_id, interest.idea)
    _tell(event, "accepted", people, messages.interest_answered(interest, "interest_accepted"))


def tell_declined_interest(event: Event) -> None:
    interest = _interest(event)
    people = recipients.of_funder(interest.funder_id, interest.idea)
    _tell(event, "declined", people, messages.interest_answered(interest, "interest_declined"))


def tell_withdrawn_interest(event: Event) -> None:
    interest = _interest(event)
    _tell(event, "withdrawn", recipients.owner(interest.idea), messages.interest_withdrawn(interest))


def _interest(event: Event) -> Interest:
    found: Interest = _of(event, Interest, "interest_id", Interest.idea, Interest.funder)
    return found
