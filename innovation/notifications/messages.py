"""What each message says and where it leads: one function each; the words stand in templates/messages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import current_app

from innovation.accounts import queries as accounts
from innovation.accounts.models import Token
from innovation.funders.commitment_models import Commitment
from innovation.funders.models import Funder, Interest, Mandate
from innovation.funders.report_models import FundingReport
from innovation.gates.after_models import Reconsideration, WithheldDecision
from innovation.gates.models import Condition, Decision, Review, Seat
from innovation.gates.queries import AskedWaiver
from innovation.ideas import slips, status
from innovation.ideas.lesson_models import Lesson
from innovation.ideas.models import Handin, Idea
from innovation.jobs.kinds import KINDS
from innovation.jobs.models import Job
from innovation.languages import told_in
from innovation.meetings.models import Meeting
from innovation.notifications.post import Letter, path_to
from innovation.pilots.models import Milestone
from innovation.pilots.reading_models import StopWarning
from innovation.replication.models import Rollout

MOST_TOLD = 10  # in one letter


def about(idea: Idea, name: str, endpoint: str = "pipeline.idea", **told: Any) -> Letter:
    """A letter about an idea that leads to one of its pages."""
    link = path_to(endpoint, reference=idea.reference)
    return Letter(name, link, {"idea": idea, **told}, idea.id, outside=path_to("ideas.status"))


def _to_review(review: Review, name: str, endpoint: str = "gates.review", **told: Any) -> Letter:
    link = path_to(endpoint, review_id=review.id)
    return Letter(name, link, {"idea": review.idea, "gate": review.gate.name, **told}, review.idea_id)


# Sign-in


def invitation(token: Token) -> Letter:
    link = path_to("accounts.invitation", secret=accounts.secret_of(token))
    return Letter("invitation", link, {"until": token.expires_at})


def password_reset(token: Token) -> Letter:
    return Letter("password_reset", path_to("accounts.new_password", secret=accounts.secret_of(token)))


def password_changed(*, calendar: bool = False, phones: bool = False) -> Letter:
    """With what goes on in the person's name whatever their password is."""
    return Letter("password_changed", path_to("accounts.sign_in"), {"calendar": calendar, "phones": phones})


def email_changed() -> Letter:
    return Letter("email_changed", path_to("accounts.sign_in"))


def second_factor(kind: str, told: dict[str, Any]) -> Letter:
    """What changed about the second factor; the letter is named after the event."""
    return Letter(kind, path_to("accounts.second_factor"), told)


def identity(kind: str) -> Letter:
    """The sign-in at the provider was linked or is no longer; the letter is named after the event."""
    return Letter(kind, path_to("accounts.sessions"), {"provider": current_app.config["SETTINGS"].oidc_name})


def job_finished(job: Job) -> Letter:
    return Letter(
        "job_finished", path_to("jobs.job", job_id=job.id), {"job": job, "title": KINDS[job.kind].name_of(job)}
    )


# Ideas


def claim(idea: Idea, token: Token) -> Letter:
    link = path_to("ideas.claim", token=accounts.secret_of(token))
    told = {"idea": idea, "until": token.expires_at, "is_over": status.is_over(idea)}
    told["next"] = told_in(idea.owner.language, lambda: slips.next_for(idea))
    return Letter("claim", link, told, idea.id)


def deliverable(handin: Handin, name: str) -> Letter:
    """A version of a deliverable was handed in, accepted or returned."""
    asked = handin.idea.once("deliverable", handin.deliverable)
    link = path_to("ideas.deliverable", reference=handin.idea.reference, key=handin.deliverable)
    told = {"idea": handin.idea, "deliverable": asked.name, "number": handin.number}
    return Letter(name, link, told, handin.idea_id)


def evidence_accepted(idea: Idea, level: str) -> Letter:
    return about(idea, "evidence_accepted", level=idea.once("evidence_level", level).name)


def lesson_owed(lesson: Lesson, *, overdue: bool = False) -> Letter:
    """For the owner of an idea that has ended: what was learnt is still to be written down."""
    told = {"idea": lesson.idea, "due": lesson.due_on, "overdue": overdue}
    link = path_to("ideas.lesson_text", lesson_id=lesson.id)
    return Letter("lesson_owed", link, told, lesson.idea_id, outside=path_to("ideas.status"))


def lesson_offered(lesson: Lesson) -> Letter:
    link = path_to("ideas.lesson", lesson_id=lesson.id)
    return Letter("lesson_offered", link, {"idea": lesson.idea}, lesson.idea_id)


# Gates


def idea_presented(idea: Idea, gate_key: str) -> Letter:
    return about(idea, "idea_presented", "gates.present", gate=idea.once("gate", gate_key).name)


def waiver(asked: AskedWaiver, name: str) -> Letter:
    """Somebody is asked for a waiver, or it was answered or taken back."""
    told = {"idea": asked.idea, "gate": asked.gate.name, "what": asked.label, "state": asked.waiver.state}
    return Letter(name, path_to("gates.asked_waiver", number=asked.id), told, asked.idea.id)


def waiver_due(asked: AskedWaiver, *, today: dt.date) -> Letter:
    """A request waits and the day by which its idea is to be presented comes near, or has passed."""
    letter, due = waiver(asked, "waiver_due"), asked.idea.due_on
    return replace(letter, told=letter.told | {"due": due, "overdue": due is not None and due < today})


def panel_convened(review: Review) -> Letter:
    return _to_review(review, "panel_convened", due=review.due_on)


def seat_to_read(review: Review) -> Letter:
    return _to_review(review, "seat_to_read")


def panel_reminder(review: Review) -> Letter:
    return _to_review(review, "panel_reminder", due=review.due_on)


def seat_due(review: Review, *, overdue: bool) -> Letter:
    return _to_review(review, "seat_due", due=review.due_on, overdue=overdue)


def review_cancelled(review: Review) -> Letter:
    return _to_review(review, "review_cancelled")


def seat_abstained(review: Review) -> Letter:
    return _to_review(review, "seat_abstained")


def revision_taken(review: Review, number: int) -> Letter:
    return _to_review(review, "revision_taken", number=number)


def interest_declared(review: Review) -> Letter:
    return _to_review(review, "interest_declared")


def interest_settled(review: Review, *, accepted: bool) -> Letter:
    """Who is recused is told so without the idea's name, which is no longer theirs to read."""
    told = {"idea": review.idea, "accepted": accepted}
    if not accepted:
        return Letter("interest_settled", "", told, also=(review.idea_id,))
    return Letter("interest_settled", path_to("gates.review", review_id=review.id), told, review.idea_id)


def interest_overruled(review: Review, *, admitted: bool) -> Letter:
    """Who is removed is told so without the idea's name, like whoever is recused."""
    told = {"idea": review.idea, "admitted": admitted}
    if not admitted:
        return Letter("interest_overruled", "", told, also=(review.idea_id,))
    return Letter("interest_overruled", path_to("gates.review", review_id=review.id), told, review.idea_id)


def interest_ruling(review: Review) -> Letter:
    return _to_review(review, "interest_ruling", "gates.interests")


def chairs_now(review: Review) -> Letter:
    return _to_review(review, "chairs_now", "gates.chairing")


def nobody_chairs(review: Review) -> Letter:
    return _to_review(review, "nobody_chairs", "gates.chairing")


def quorum_reached(review: Review) -> Letter:
    return _to_review(review, "quorum_reached")


def decision_proposed(review: Review) -> Letter:
    return _to_review(review, "decision_proposed", "gates.signature")


def decision_recorded(decision: Decision) -> Letter:
    return _of_decision(decision.review, decision.outcome, "decision_recorded")


def decision_superseded(decision: Decision) -> Letter:
    return _of_decision(decision.review, decision.outcome, "decision_superseded")


def decision_announced(withheld: WithheldDecision) -> Letter:
    """The letter about a decision that was held back, as it was changed before."""
    letter = decision_usually(withheld)
    subject, text = withheld.wording.get("subject"), withheld.wording.get("text")
    return replace(letter, said=(subject, text)) if subject and text else letter


def decision_usually(withheld: WithheldDecision) -> Letter:
    """The same as it is where nobody changes it."""
    return _of_decision(withheld.review, withheld.outcome, "decision_recorded")


def _of_decision(review: Review, key: str, name: str) -> Letter:
    """It leads to the decision with its reasons."""
    outcome = review.idea.definition.outcome(key)
    letter = _to_review(review, name, "gates.outcome", outcome=outcome.label, description=outcome.description)
    return replace(letter, outside=path_to("ideas.status"))


def reconsideration(asked: Reconsideration, name: str) -> Letter:
    """Somebody is asked to look at a decision again, or it was answered."""
    link = path_to("gates.reconsideration", number=asked.id)
    told = {"idea": asked.idea, "gate": asked.review.gate.name, "by": asked.answer_by, "state": asked.state}
    return Letter(name, link, told, asked.idea_id, outside=path_to("ideas.status"))


def reconsideration_due(asked: Reconsideration, *, today: dt.date) -> Letter:
    letter = reconsideration(asked, "reconsideration_due")
    return replace(letter, told=letter.told | {"overdue": asked.answer_by < today})


def announcement_due(withheld: WithheldDecision, *, today: dt.date) -> Letter:
    """Nothing of what was decided stands in it."""
    told = {"due": withheld.tell_by, "overdue": withheld.tell_by < today}
    return _to_review(withheld.review, "announcement_due", "notifications.announcement", **told)


def announcement_late(withheld: WithheldDecision) -> Letter:
    return _to_review(withheld.review, "announcement_late", "notifications.announcement", due=withheld.tell_by)


def idea_joined(idea: Idea, other: Idea) -> Letter:
    return replace(about(idea, "idea_joined", other=other.title), also=(other.id,))


def condition(found: Condition, name: str) -> Letter:
    """A condition was offered, met, waived or returned, or holds its idea up."""
    return about(found.idea, name, "gates.conditions", condition=found.text)


def condition_moved(found: Condition) -> Letter:
    told = {"condition": found.text, "due": found.due_on, "reason": found.moved_reason}
    return about(found.idea, "condition_moved", "gates.conditions", **told)


def condition_due(found: Condition, *, today: dt.date) -> Letter:
    told = {"due": found.due_on, "overdue": found.due_on < today, "blocking": found.blocking}
    return about(found.idea, "condition_due", "gates.conditions", condition=found.text, **told)


def evidence_due(found: Condition, *, today: dt.date) -> Letter:
    """For those who check what was handed in."""
    told = {"due": found.due_on, "overdue": found.due_on < today, "condition": found.text}
    return about(found.idea, "evidence_due", "gates.conditions", **told)


def condition_late(found: Condition) -> Letter:
    owner = found.owner.name if found.owner else ""
    return about(found.idea, "condition_late", "gates.conditions", condition=found.text, due=found.due_on, owner=owner)


def panel_late(review: Review, owing: Iterable[Seat]) -> Letter:
    """For coordinators: they know who has submitted, never what."""
    return _to_review(review, "panel_late", due=review.due_on, owing=[seat.person.name for seat in owing])


def idea_due(idea: Idea, *, today: dt.date) -> Letter:
    overdue = idea.due_on is not None and idea.due_on < today
    return about(idea, "idea_due", due=idea.due_on, overdue=overdue, place=idea.where.name, kind=idea.where.kind)


def hold_ended(idea: Idea) -> Letter:
    return about(idea, "hold_ended", until=idea.held_until)


# Meetings


def leave_given(review: Review) -> Letter:
    return _to_review(review, "leave_given", "gates.scorecard")


def meeting(found: Meeting, name: str, calendar: str = "") -> Letter:
    """A meeting was planned, changed or cancelled, or its minutes went round; no idea on its agenda is named."""
    told = {"meeting": found, "gate": found.gate.name}
    endpoint = "meetings.minutes" if name.startswith("minutes") else "meetings.meeting"
    return Letter(name, path_to(endpoint, meeting_id=found.id), told, calendar=calendar)


# Funders


def interest_of(interest: Interest, name: str, **more: Any) -> Letter:
    """For the owner: a funder is interested, no longer so, or waits for an answer or waited too long."""
    return about(interest.idea, name, "funders.interests", funder=interest.funder.name, **more)


def interest_answered(interest: Interest, name: str) -> Letter:
    """Accepted, declined or not answered: by the reference alone; it leads to the pack, not to the idea's page."""
    reference = interest.idea.reference
    return Letter(name, path_to("funders.pack", reference=reference), {"reference": reference}, interest.idea_id)


def money_for_owner(interest: Interest, kind: str) -> Letter:
    return about(interest.idea, "money_for_owner", "funders.funding", funder=interest.funder.name, kind=kind)


def money_for_funder(funder: Funder, idea: Idea, kind: str) -> Letter:
    """By the reference alone: the idea may not be shared with funders any more."""
    link = path_to("funders.talks", reference=idea.reference, fund=funder.key)
    return Letter("money_for_funder", link, {"reference": idea.reference, "kind": kind}, idea.id)


def agreement_late(commitment: Commitment) -> Letter:
    """For the owner and those who run the programme; neither the sum nor the terms are in it."""
    told = {"funder": commitment.funder.name, "due": commitment.agree_by}
    return about(commitment.idea, "agreement_late", "funders.funding", **told)


def mandate_due(mandate: Mandate, *, today: dt.date) -> Letter:
    funder, programme = mandate.programme.funder, mandate.programme
    told = {"funder": funder.name, "programme": programme.name, "day": mandate.stale_on}
    link = f"{path_to('funders.funder', key=funder.key)}#programme-{programme.id}"
    return Letter("mandate_due", link, {**told, "is_over": mandate.stale_on <= today})


def milestone_news(milestone: Milestone, kind: str) -> Letter:
    return about(milestone.idea, "milestone_news", "pilots.milestones", title=milestone.title, kind=kind)


def stop_warning(idea: Idea, warnings: list[StopWarning], kind: str, *, endpoint: str = "pilots.measured") -> Letter:
    """Which thresholds were crossed, without a value and without a site: the panel reads it, too."""
    warned = [(each.indicator.name, each.term) for each in warnings]
    told = {"warned": warned[:MOST_TOLD], "more": max(len(warned) - MOST_TOLD, 0), "kind": kind}
    return about(idea, "stop_warning", endpoint, **told, by=min(each.answer_by for each in warnings))


def report_news(report: FundingReport, kind: str) -> Letter:
    """For those who write a report to funders, and those who release it."""
    link = path_to("funders.report", reference=report.idea.reference, number=report.number)
    told = {"idea": report.idea, "kind": kind, "number": report.number, "due": report.due_on}
    return Letter("report_news", link, told, report.idea_id, outside=path_to("ideas.status"))


def report_for_funder(funder: Funder, report: FundingReport) -> Letter:
    """By the reference alone, as all letters to a funder's people."""
    reference = report.idea.reference
    link = path_to("funders.funder_report", reference=reference, number=report.number, fund=funder.key)
    kind = "report_corrected" if report.edition > 1 else "report_released"
    return Letter("money_for_funder", link, {"reference": reference, "kind": kind}, report.idea_id)


# Rollouts


def rollout_asked(rollout: Rollout) -> Letter:
    link = path_to("replication.rollout", reference=rollout.idea.reference, number=rollout.number)
    told = {"idea": rollout.idea, "organisation": rollout.organisation}
    return Letter("rollout_asked", link, told, rollout.idea_id, outside=path_to("ideas.status"))


def rollout_answered(rollout: Rollout, kind: str) -> Letter:
    """For the adopter and its mentor, who know the idea by its page for everybody; nothing else of it is told."""
    link = path_to("replication.rollout", reference=rollout.idea.reference, number=rollout.number)
    told = {"reference": rollout.idea.reference, "kind": kind, "reason": rollout.reason}
    told["organisation"] = rollout.organisation
    outside = path_to("replication.how_to", reference=rollout.idea.reference)
    return Letter("rollout_answered", link, told, rollout.idea_id, outside=outside)
