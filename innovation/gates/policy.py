"""Words about panels and seats, and who may do what at a gate."""

from __future__ import annotations

from typing import Any

from innovation.accounts.policy import COORDINATOR, FACILITATOR, MANAGER
from innovation.gates.models import Review
from innovation.ideas.policy import CAPTURED, CONFLICTED, CONTRIBUTES, OWNS, idea_of
from innovation.permission import SIGNED_IN, Actor, allow, word


def review_of(subject: Any) -> Review:
    """The review that a subject is, or belongs to."""
    found: Review = subject if isinstance(subject, Review) else subject.review
    return found


@word("a gate coordinator or programme manager, in any region")
def runs_gates(actor: Actor, subject: Any) -> bool:
    return actor.has("manager", "coordinator")


@word("the member whose seat it is")
def sits(actor: Actor, subject: Any) -> bool:
    return actor.person_id is not None and subject.person_id == actor.person_id


@word("the member whose scoring seat it is, unless recused or excused")
def scores(actor: Actor, subject: Any) -> bool:
    return bool(subject.person_id == actor.person_id and subject.counts)


@word("the chair or a co-chair who has declared; the deputy where none of them sits")
def chairs(actor: Actor, subject: Any) -> bool:
    return any(seat.person_id == actor.person_id and seat.cleared for seat in review_of(subject).leading)


@word("whoever has a seat at the review, unless recused or excused")
def has_seat(actor: Actor, subject: Any) -> bool:
    return actor.person_id is not None and review_of(subject).seat_of(actor.person_id) is not None


@word("a gate coordinator or programme manager who does not sit there, but perhaps keeps its minutes")
def runs_it_outside(actor: Actor, subject: Any) -> bool:
    seat = review_of(subject).seat_of(actor.person_id)
    runs = COORDINATOR.holds(actor, subject) or MANAGER.holds(actor, subject)
    return runs and (seat is None or seat.role == "secretary")


@word("one of two co-chairs, who decide only together")
def cosigns(actor: Actor, subject: Any) -> bool:
    return any(seat.person_id == actor.person_id for seat in review_of(subject).signers)


@word("whoever wrote the idea down, or facilitates at its clinic")
def helped_to_capture(actor: Actor, subject: Any) -> bool:
    idea = idea_of(subject)
    wrote = actor.person_id is not None and idea.captured_by_id == actor.person_id
    return wrote or (idea.clinic_id is not None and FACILITATOR.holds(actor, idea))


@word("whoever answers a declared interest: the other chairs, else the deputy, else the coordinator")
def settles(actor: Actor, subject: Any) -> bool:
    waiting_on = subject.settlers
    if not waiting_on:
        return actor.holds("coordinator", subject) or actor.holds("manager", subject)
    return any(seat.person_id == actor.person_id and seat.cleared for seat in waiting_on)


@word("whoever the condition asks to act")
def owes(actor: Actor, subject: Any) -> bool:
    return actor.person_id is not None and subject.owner_id == actor.person_id


@word("somebody who is asked to look at the decision again, and did not make it")
def asked_to_answer(actor: Actor, subject: Any) -> bool:
    return any(each.person_id == actor.person_id for each in subject.answerers)


@word("whoever has taken it on to look at the decision again")
def took_it(actor: Actor, subject: Any) -> bool:
    return actor.person_id is not None and subject.taken_by_id == actor.person_id


@word("whom the process names for it: who chairs a panel of that gate, a gate coordinator or a programme manager")
def lets_go(actor: Actor, subject: Any) -> bool:
    role = subject.idea.definition.waivers.role_for(subject.kind)
    return actor.person_id in subject.chairs if role == "chair" else actor.holds(role, subject)


ASKED_TO_ANSWER, TOOK_IT, LETS_GO = asked_to_answer, took_it, lets_go


@word("the coordinator or programme manager who asked for the suggestion")
def asked_for_it(actor: Actor, subject: Any) -> bool:
    return subject.asked_by_id == actor.person_id and runs_gates.holds(actor, subject)


ASKED_FOR_IT = asked_for_it
RUNS_GATES, SITS, SCORES, CHAIRS, SETTLES, OWES = runs_gates, sits, scores, chairs, settles, owes
COSIGNS, HELPED_TO_CAPTURE, HAS_SEAT, RUNS_IT_OUTSIDE = cosigns, helped_to_capture, has_seat, runs_it_outside
INVOLVED = (OWNS, CONTRIBUTES, CONFLICTED)

may_list_reviews = allow(SIGNED_IN)
may_see_gate_desk = allow(RUNS_GATES)
may_list_panels = allow(RUNS_GATES)
may_make_panel = allow(RUNS_GATES)
may_edit_panel = allow(COORDINATOR, MANAGER)
may_ask_assignment = allow(RUNS_GATES)  # of the ideas, those for which they may convene a panel
may_change_assignment = allow(ASKED_FOR_IT)
may_present_idea = allow(OWNS, CONTRIBUTES, COORDINATOR, MANAGER, unless=(CONFLICTED,))
may_ask_waiver = allow(OWNS, CONTRIBUTES, COORDINATOR, MANAGER, unless=(CONFLICTED,))
may_answer_waiver = allow(LETS_GO, unless=INVOLVED)
may_convene_panel = allow(COORDINATOR, MANAGER, unless=INVOLVED)
may_run_review = allow(COORDINATOR, MANAGER, unless=INVOLVED)
may_read_severity = allow(CHAIRS, COORDINATOR, unless=INVOLVED)  # from reviews whose marks are open to them
may_declare_interest = allow(SITS)
may_settle_interest = allow(SETTLES, unless=(*INVOLVED, SITS))
may_overrule_interest = allow(SETTLES, unless=(*INVOLVED, SITS))
may_see_panel_interests = allow(CHAIRS, RUNS_IT_OUTSIDE, unless=INVOLVED)
may_see_chair = allow(HAS_SEAT, COORDINATOR, MANAGER, unless=INVOLVED)
may_score_idea = allow(SCORES, unless=INVOLVED)
may_take_revision = allow(CHAIRS, COORDINATOR, MANAGER, unless=INVOLVED)
may_give_leave = allow(CHAIRS, unless=INVOLVED)
may_record_decision = allow(CHAIRS, unless=(*INVOLVED, HELPED_TO_CAPTURE))
may_supersede_decision = allow(CHAIRS, MANAGER, unless=(*INVOLVED, HELPED_TO_CAPTURE, COSIGNS))
may_announce_decision = allow(CHAIRS, COORDINATOR, MANAGER, unless=INVOLVED)
may_take_back_decision = allow(CHAIRS, MANAGER, unless=(*INVOLVED, HELPED_TO_CAPTURE, COSIGNS))
may_list_announcements = allow(RUNS_GATES)
may_list_conditions = allow(RUNS_GATES)
may_ask_reconsideration = allow(OWNS, unless=(CONFLICTED,))
may_take_reconsideration = allow(ASKED_TO_ANSWER, unless=(*INVOLVED, HELPED_TO_CAPTURE))
may_name_answerer = allow(COORDINATOR, MANAGER, unless=INVOLVED)
may_answer_reconsideration = allow(TOOK_IT, unless=(*INVOLVED, HELPED_TO_CAPTURE))
may_offer_evidence = allow(OWNS, CONTRIBUTES, OWES, unless=(CONFLICTED,))
may_settle_condition = allow(COORDINATOR, MANAGER, unless=INVOLVED)
may_move_due_date = allow(CHAIRS, COORDINATOR, MANAGER, unless=INVOLVED)
may_waive_condition = allow(CHAIRS, MANAGER, unless=INVOLVED)
may_hold_for_condition = allow()
may_note_absence = allow()
may_resume_idea = allow(COORDINATOR, MANAGER, unless=INVOLVED)
may_end_held_idea = allow(COORDINATOR, MANAGER, unless=INVOLVED)
may_merge_idea = allow(CAPTURED, COORDINATOR, MANAGER, unless=INVOLVED)
may_undo_merge = allow(CAPTURED, COORDINATOR, MANAGER, unless=INVOLVED)
