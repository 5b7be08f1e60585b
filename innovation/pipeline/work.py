"""Everything that waits for a person, with when it is due and where to do it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sized
from typing import Any

from flask import url_for

from innovation.clinics import queries as clinics
from innovation.db import now
from innovation.funders import freshness
from innovation.funders import queries as funders
from innovation.funders.commitment_models import Commitment
from innovation.funders.queries import is_open
from innovation.gates import queries as gates
from innovation.gates.queries import WaitingItem
from innovation.ideas import queries as ideas
from innovation.ideas.models import Handin, Idea
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext, ngettext
from innovation.meetings import queries as meetings
from innovation.meetings.policy import may_chair_meeting, may_prepare_meeting
from innovation.permission import Actor
from innovation.pipeline import money_due, pilot_dates, pilot_due, queries, system_dates
from innovation.pipeline.steps import gate_name
from innovation.replication import queries as replication
from innovation.values import dataclass

SOON = 7  # days


@dataclass(frozen=True)
class Task:
    """One thing to do: a sentence, the page where it is done, the idea it is about."""

    text: str
    url: str
    reference: str
    title: str
    due_on: dt.date | None = None
    detail: str = ""
    hours: tuple[dt.datetime, dt.datetime] | None = None  # where it has its time of the day


@dataclass(frozen=True)
class Group:
    label: str
    tone: str
    tasks: list[Task]


def grouped(tasks: Iterable[Task], today: dt.date) -> list[Group]:
    """The tasks by urgency, the most urgent group first; empty groups are left out."""
    listed = sorted(tasks, key=lambda task: (task.due_on or dt.date.max, task.reference))
    soon = today + dt.timedelta(days=SOON)
    groups = [
        Group(_("Overdue"), "kill", [t for t in listed if t.due_on and t.due_on < today]),
        Group(_("This week"), "recycle", [t for t in listed if t.due_on and today <= t.due_on <= soon]),
        Group(_("Later"), "info", [t for t in listed if t.due_on and t.due_on > soon]),
        Group(_("When you can"), "", [t for t in listed if not t.due_on]),
    ]
    return [group for group in groups if group.tasks]


def list_tasks(actor: Actor, today: dt.date) -> list[Task]:
    """Everything that waits for this person; as many queries for thirty things as for one."""
    waiting, papers = gates.waiting_for(actor), queries.list_to_accept(actor)
    at_gates = [item for item in waiting if item.kind != "announce"]
    at_gates += gates.to_announce(actor, [item.review_id for item in waiting if item.kind == "announce"])
    at_gates += [*gates.to_reconsider(actor), *gates.to_name(actor), *gates.to_waive(actor)]
    return [
        *(_at_gates(item) for item in at_gates),
        *_at_meetings(actor),
        *_seats_to_fill(actor, today),
        *_with_funders(actor),
        *_to_confirm(actor, today),
        *_with_money(actor),
        *_pilots(actor),
        *_at_pilots(actor),
        *_with_rollouts(actor),
        *_in_system(actor, today),
        *_lessons(actor),
        *_to_prepare(actor),
        *_to_accept(papers),
        *_at_clinics(actor, today),
        *_drafts(actor),
        *_and_more(at_gates, papers),
    ]


GATE_TASKS = {
    "declare": (lazy_gettext("Say whether you have an interest"), "gates.declaration"),
    "score": (lazy_gettext("Score the idea"), "gates.review"),
    "settle": (lazy_gettext("Answer a declared interest"), "gates.review"),
    "decide": (lazy_gettext("Record the panel's decision"), "gates.decision"),
    "sign": (lazy_gettext("Sign the decision"), "gates.signature"),
    "announce": (lazy_gettext("Announce what the panel has decided"), "notifications.announcement"),
    "tell": (lazy_gettext("Tell the team what was decided"), "notifications.announcement"),
    "name": (lazy_gettext("Name somebody who looks at a decision again"), "gates.reconsideration"),
    "reconsider": (lazy_gettext("Look at a decision again"), "gates.reconsideration"),
    "waive": (lazy_gettext("Answer a request for a waiver"), "gates.asked_waiver"),
    "convene": (lazy_gettext("Convene a panel"), "gates.convene"),
    "resume": (lazy_gettext("Resume it, or decide otherwise: its hold has ended"), "pipeline.idea"),
    "condition": (lazy_gettext("Show that a condition is met"), "gates.evidence"),
    "evidence": (lazy_gettext("Check the evidence for a condition"), "gates.settlement"),
}


def _at_gates(item: WaitingItem) -> Task:
    text, endpoint = GATE_TASKS[item.kind]
    about: dict[str, Any] = {"reference": item.reference}
    if item.condition_id is not None:
        about = {"condition_id": item.condition_id}
    elif item.reconsideration_id is not None:
        about = {"number": item.reconsideration_id}
    elif item.waiver_id is not None:
        about = {"number": item.waiver_id}
    elif item.review_id is not None:
        about = {"review_id": item.review_id}
    return Task(str(text), url_for(endpoint, **about), item.reference, item.title, item.due_on)


def _at_meetings(actor: Actor) -> list[Task]:
    """Meetings that the person is asked to; where nobody opened one on its day, whoever prepares it is asked why."""
    tasks = []
    for meeting in meetings.list_to_attend(actor):
        late = meeting.state == "planned" and meeting.starts_at < now() - dt.timedelta(days=1)
        if late and not (may_prepare_meeting.allows(actor, meeting) or may_chair_meeting.allows(actor, meeting)):
            continue
        text = _("Open the meeting, move it or cancel it") if late else _("Take part in a meeting of the panel")
        url = url_for("meetings.meeting", meeting_id=meeting.id)
        hours = (meeting.starts_at, meeting.ends_at)
        tasks.append(Task(text, url, _(meeting.gate.name), meeting.title, meeting.day, hours=None if late else hours))
    return tasks


def _seats_to_fill(actor: Actor, today: dt.date) -> list[Task]:
    """Members who have left while they sit, and panels that cannot decide as they are."""
    if not actor.has("coordinator"):
        return []
    tasks = []
    for leaver in gates.list_leavers(actor, today):
        if leaver.to_fill and leaver.why != "lapsed":  # who sits when their term ends finishes what they have begun
            due = min((seat.review.due_on for seat in leaver.to_fill if seat.review.due_on), default=None)
            text = _("Fill the seats of somebody who can sit no longer")
            number = ngettext("%(num)d seat", "%(num)d seats", len(leaver.to_fill))
            url = url_for("gates.vacancies", _anchor=f"person-{leaver.person_id}")
            tasks.append(Task(text, url, number, leaver.name, due))
    for short in gates.list_short_panels(actor):
        review, detail = short.review, " ".join(_(reason) for reason in short.lacking)
        url = url_for("gates.seats", review_id=review.id)
        text = _("Complete a panel that cannot decide as it is")
        tasks.append(Task(text, url, review.idea.reference, review.idea.title, review.due_on, detail))
    return tasks


def _with_funders(actor: Actor) -> list[Task]:
    """Interest for the owner to answer, and for a funder's people what owners answered of late."""
    tasks = []
    for item in funders.waiting_for(actor):
        interest, idea = item.interest, item.interest.idea
        due = None
        if item.kind == "answer":
            due = freshness.ends_on(interest.shown_at) - dt.timedelta(days=1)
            text = _("Answer the interest of %(funder)s", funder=interest.funder.name)
            url = url_for("funders.interests", reference=idea.reference)
        else:
            accepted = interest.state == "accepted"
            text = _("Contact the owner: your interest was accepted") if accepted else _("Your interest was declined")
            url = url_for("funders.pack", reference=idea.reference)
        tasks.append(Task(text, url, idea.reference, idea.title, due))
    return tasks


def _to_confirm(actor: Actor, today: dt.date) -> list[Task]:
    """For who administers a funder: what it looks for that nobody has confirmed for long."""
    own = {grant.funder_id for grant in actor.scopes("funder_admin") if grant.funder_id is not None}
    tasks = []
    for mandate in funders.to_confirm(own, today) if own else []:
        text = _("Say whether what your fund looks for is still true")
        programme = mandate.programme
        url = url_for("funders.funder", key=programme.funder.key, _anchor=f"programme-{programme.id}")
        tasks.append(Task(text, url, programme.funder.name, programme.name, mandate.stale_on))
    return tasks


def _with_money(actor: Actor) -> list[Task]:
    """Offers for the owner, milestones and reports for the team or who looks at them, money for a funder's people."""
    tasks = []
    for offer in money_due.offers_to_answer(actor):
        text = _("Answer the offer of %(funder)s", funder=offer.funder.name)
        url = url_for("funders.funding", reference=offer.idea.reference)
        tasks.append(Task(text, url, offer.idea.reference, offer.idea.title))
    for milestone in money_due.milestones_to_do(actor):
        text = _("Look at a milestone") if milestone.state == "shown" else _("Reach a milestone, and show it")
        url = url_for("pilots.milestones", reference=milestone.idea.reference)
        about = milestone.idea
        tasks.append(Task(text, url, about.reference, about.title, milestone.due_on, milestone.title))
    for report in money_due.reports_to_do(actor):
        about = report.idea
        text = _("Release a report to all funders") if report.state == "ready" else _("Write the report to all funders")
        url = url_for("funders.report", reference=about.reference, number=report.number)
        tasks.append(Task(text, url, about.reference, about.title, report.due_on))
    return [*tasks, *_at_funds(actor)]


def _pilots(actor: Actor) -> Iterator[Task]:
    for pilot in pilot_due.plans_to_finish(actor):
        idea, url = pilot.idea, url_for("pilots.plan", reference=pilot.idea.reference)
        yield Task(_("Finish the plan of the pilot, and start it"), url, idea.reference, idea.title, idea.due_on)


def _at_pilots(actor: Actor) -> Iterator[Task]:
    """Pilots that have crossed a stop threshold or had an incident, for those who say whether they go on."""
    for asking in pilot_dates.to_answer(actor):
        url = url_for("pilots.measured", reference=asking.reference, _anchor="warnings")
        yield Task(_("Say whether a pilot goes on"), url, asking.reference, asking.title, asking.answer_by)
    for text, waiting in (
        (_("Settle an incident in a pilot"), pilot_dates.to_settle(actor)),
        (_("Let a paused pilot go on"), pilot_dates.to_resume(actor)),
    ):
        for each in waiting:
            url = url_for("pilots.incident_list", reference=each.reference)
            yield Task(text, url, each.reference, each.title, each.answer_by)


def _at_funds(actor: Actor) -> Iterator[Task]:
    """For a funder's people: agreements to be signed, tranches to be released, and their days."""
    for commitment in money_due.agreements_to_record(actor):
        yield _at_fund(_("Sign the agreement, and record it"), commitment, commitment.agree_by)
    for tranche in money_due.tranches_ahead(actor):
        ready = money_due.is_ready(tranche)
        text = _("Release a tranche") if ready else _("A tranche is due once its milestone is accepted")
        yield _at_fund(text, tranche.commitment, tranche.due_on)


def _at_fund(text: str, commitment: Commitment, due_on: dt.date | None) -> Task:
    idea, url = commitment.idea, url_for("funders.commitment", commitment_id=commitment.id)
    return Task(text, url, idea.reference, idea.title if is_open(idea) else "", due_on)


def _with_rollouts(actor: Actor) -> Iterator[Task]:
    """Requests for the owner to answer; and for an adopter's contact, who need not see the idea, their own rollout."""
    for rollout in replication.rollouts_to_do(actor):
        url = url_for("replication.rollout", reference=rollout.idea.reference, number=rollout.number)
        if rollout.state == "asked":
            text, title = (
                _("Answer %(name)s: they want to take the idea up", name=rollout.organisation),
                rollout.idea.title,
            )
        else:
            mine, version = rollout.contact_id == actor.person_id, rollout.playbook_version
            text = _("Fill in how your rollout goes") if mine else _("Look after %(name)s", name=rollout.organisation)
            title = version.title if version else ""
        yield Task(text, url, rollout.idea.reference, title)


def _in_system(actor: Actor, today: dt.date) -> Iterator[Task]:
    """Reviews of what was handed over, to fill in or to decide, and marks of trackers to confirm."""
    texts = {
        "fill": _("Say how it goes since the hand-over"),
        "decide": _("Decide whether what was handed over lasts"),
        "confirm": _("Confirm a mark of the tracker, or return it"),
    }
    for each in system_dates.to_do(actor, today):
        url = url_for("replication.post_review", reference=each.reference, number=each.number)
        if each.kind == "confirm":
            url = url_for("replication.tracked_criterion", reference=each.reference, criterion=each.criterion)
        yield Task(texts[each.kind], url, each.reference, each.title, each.due_on)


def _lessons(actor: Actor) -> Iterator[Task]:
    """Lessons of the person's own ideas that have ended without one."""
    for lesson, idea in ideas.lessons_owed_by(actor):
        url = url_for("ideas.lesson_text", lesson_id=lesson.id)
        yield Task(_("Write down what was learnt"), url, idea.reference, idea.title, lesson.due_on)


def _to_prepare(actor: Actor) -> list[Task]:
    """What the person's own ideas still miss for the gate ahead, or that they can be presented now."""
    tasks = []
    for idea, ready in queries.list_preparing(actor):
        if ready.gate is None:
            continue
        gate = gate_name(ready.gate)
        if ready.missing:
            text = ngettext(
                "%(num)d thing is missing for the %(gate)s",
                "%(num)d things are missing for the %(gate)s",
                len(ready.missing),
                gate=gate,
            )
        else:
            text = _("Present the idea at the %(gate)s", gate=gate)
        url = url_for("gates.present", reference=idea.reference)
        tasks.append(
            Task(text, url, idea.reference, idea.title, idea.due_on, " ".join(_(m) for m in ready.missing[:2]))
        )
    return tasks


def _to_accept(papers: Iterable[tuple[Handin, Idea]]) -> list[Task]:
    return [
        Task(
            _("Accept or return: %(name)s", name=_(idea.once("deliverable", handin.deliverable).name)),
            url_for("ideas.deliverable", reference=idea.reference, key=handin.deliverable),
            idea.reference,
            idea.title,
            idea.due_on,
        )
        for handin, idea in papers
    ]


def _and_more(at_gates: Iterable[WaitingItem], papers: Sized) -> list[Task]:
    """Where to see the rest of what there is too much of to be listed here."""
    many = [kind for kind, number in Counter(item.kind for item in at_gates).items() if number >= gates.MOST_LISTED]
    about = [str(GATE_TASKS[kind][0]) for kind in many]
    if len(papers) >= gates.MOST_LISTED:
        about.append(_("Accept or return what was handed in"))
    text = _("There is more of this: the first %(num)d are listed, and the next follow", num=gates.MOST_LISTED)
    url = url_for("gates.desk") if "convene" in many else url_for("pipeline.my_work")
    return [Task(text, url, _("Many"), kind) for kind in about]


def _at_clinics(actor: Actor, today: dt.date) -> list[Task]:
    """The next step of each clinic that the person facilitates: opening, closing, or its report a week later."""
    tasks = []
    for clinic in clinics.list_to_run(actor, today + dt.timedelta(days=SOON)):
        text, due = {
            "planned": (_("Open the clinic"), clinic.starts_on),
            "closed": (_("Finish the report of the clinic"), clinic.ends_on + dt.timedelta(days=SOON)),
        }.get(clinic.state, (_("Capture ideas, then close the clinic"), clinic.ends_on))
        tasks.append(Task(text, url_for("clinics.clinic", code=clinic.code), clinic.code, clinic.title, due))
    return tasks


def _drafts(actor: Actor) -> list[Task]:
    return [
        Task(
            _("Hand in your draft of the canvas"),
            url_for("ideas.canvas", reference=idea.reference),
            idea.reference,
            idea.title,
        )
        for _draft, idea in ideas.list_drafts(actor)
    ]
