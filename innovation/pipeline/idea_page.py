"""The page of one idea: where it stands, what stands in its way, what it is, who is in it, and what happened."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import render_template, request, url_for

from innovation.clinics.models import Clinic
from innovation.gates import queries as gates
from innovation.gates.commands import why_not_resumed
from innovation.gates.models import Condition, Decision
from innovation.ideas import canvas
from innovation.ideas import queries as ideas
from innovation.ideas.lesson_words import CAUSES
from innovation.ideas.models import Idea
from innovation.ideas.readiness import Item, Readiness, readiness
from innovation.languages import gettext as _
from innovation.languages import ngettext
from innovation.pipeline import line, timeline
from innovation.pipeline.blueprint import bp
from innovation.pipeline.cells import phases_of
from innovation.pipeline.steps import gate_name
from innovation.pipeline.together import Answer, ask
from innovation.pipeline.whole import Whole, find_whole, questions_about
from innovation.rereading import unless_changed
from innovation.values import dataclass
from innovation.web import can, day, local, me, money, today
from workflows import UNDER_WAY, Gate

WHOLE_HISTORY = 500
MOST_SENTENCES = 4


@dataclass(frozen=True)
class Action:
    """A button at the head of the page; ``kind`` primary, quiet or menu. With ``confirm`` it posts, after asking."""

    label: str
    url: str
    kind: str = "quiet"
    confirm: str = ""


@bp.get("/ideas/<reference>")
@unless_changed
def idea(reference: str) -> Any:
    actor = me()
    whole = find_whole(actor, reference)
    found, clinic, revision = whole.idea, whole.clinic, whole.revision
    decisions = gates.list_decisions(found, conditions=False)
    owed = gates.open_conditions(found)
    at_stage = found.standing == "held" and not found.definition.gate_at(found.place)
    held_by = why_not_resumed(owed, today()) if at_stage else ()
    ready = _ready(whole, [_owed(condition) for condition in owed])
    everything = request.args.get("history") == "all"
    last_review = [decision.review_id for decision in decisions[:1]]
    limit = WHOLE_HISTORY if everything else 12
    history = timeline.read(actor, found, sits=whole.sits, limit=limit, review_ids=last_review)
    answers = ask([*timeline.questions(actor, history), *questions_about(actor, found)])
    book = timeline.book_of(actor, history, answers)
    return render_template(
        "pipeline/idea.html",
        idea=found,
        clinic=clinic,
        eyebrow_parts=_eyebrow(found, clinic),
        actions=_actions(found, answers.get("open_review", []), stuck=bool(held_by)),
        marks=line.journey(found.definition, found.state, _notes(found, decisions), track=found.track),
        ready=ready,
        hindrance=_hindrance(found, ready, held_by),
        checks=[_check(found, item) for item in ready.items],
        facts=_facts(found, dict(revision.answers)),
        revision=revision,
        people=_people(found, answers.get("coordinator", [])),
        ask=whole.ask if found.standing != "withdrawn" else None,
        conditions=owed,
        decision=_last(found, decisions, book),
        told=_told(found, decisions, book),
        rework=_rework(found, _last(found, decisions, book)),
        files=sorted(answers.get("attached", []), reverse=True),
        related=ideas.list_related(actor, found),
        history=timeline.tell(history, book),
        more=history.more,
        whole=everything,
        merged_into=next(iter(answers.get("merged_into", [])), None),
        lesson=next(iter(answers.get("lesson", [])), None),
        causes=CAUSES,
    )


def _ready(whole: Whole, conditions: list[str]) -> Readiness:
    """What is missing for the gate ahead."""
    found, gate = whole.idea, ideas.gate_ahead(whole.idea)
    if gate is None:
        return Readiness()
    return readiness(
        found.definition,
        gate,
        dict(whole.revision.answers) | ideas.kept_by_idea(found),
        ideas.list_handins(found),
        has_ask=whole.ask is not None,
        today=today(),
        conditions=conditions,
        waived=found.waived_at(gate.key),
    )


def _eyebrow(found: Idea, clinic: Clinic | None) -> list[str]:
    parts = [found.reference]
    if clinic:
        parts.append(f"{clinic.title}, {day(clinic.starts_on)}")
    about = found.topic or found.theme
    parts += [_(about.name) if about else "", phases_of(found.definition, found.phases)]
    parts.append(found.district.name if found.district else "")
    return [part for part in parts if part]


# The head


def _actions(found: Idea, reviews: list[Answer], *, stuck: bool) -> list[Action]:
    """What this person can do now; what the workflow does not allow now is not offered."""
    triggers = found.journey.triggers(found.state)
    gate = ideas.gate_ahead(found)
    here: dict[str, Any] = {"reference": found.reference}
    actions: list[Action] = []
    if gate and "present" in triggers and can("present_idea", found):
        label = _("Present at the %(gate)s", gate=gate_name(gate))
        actions.append(Action(label, url_for("gates.present", **here), "primary"))
    if found.definition.gate_at(found.place) and found.standing == "active":
        actions += _at_gate(found, reviews)
    if getattr(found.where, "moves_on_by", None) in triggers and can("start_pilot", found):
        actions.append(Action(_("Start the pilot"), url_for("pilots.plan", **here), "primary"))
    if "resume" in triggers and not stuck and can("resume_idea", found):
        asks = _("The idea goes on from where it stands, and its team is told.")
        actions.append(Action(_("Resume"), url_for("gates.resume_idea", **here), "primary", asks))
    if found.standing == "held" and not found.definition.gate_at(found.place) and can("end_held_idea", found):
        actions.append(Action(_("Stop, merge or refer"), url_for("gates.end_held_idea", **here)))
    if "part" in triggers and can("undo_merge", found):
        actions.append(Action(_("Undo the merge"), url_for("gates.parting", **here)))
    if "revive" in triggers and can("revive_idea", found):
        asks = _("The idea starts again from the beginning, with its history kept. Its team is told.")
        actions.append(Action(_("Revive"), url_for("ideas.revive_idea", **here), "quiet", asks))
    if found.standing in UNDER_WAY and can("edit_canvas", found):
        actions.append(Action(_("Edit canvas"), url_for("ideas.canvas", **here)))
    return [*actions, *_menu(found, triggers)]


def _at_gate(found: Idea, reviews: list[Answer]) -> list[Action]:
    if reviews:
        return [Action(_("Open the review"), url_for("gates.review", review_id=reviews[0].number), "primary")]
    if can("convene_panel", found):
        return [Action(_("Convene a panel"), url_for("gates.convene", reference=found.reference), "primary")]
    return []


def _menu(found: Idea, triggers: tuple[str, ...]) -> list[Action]:
    here: dict[str, Any] = {"reference": found.reference}
    offers = [
        ("make_ask", _("Ask to funders"), "ideas.ask"),
        ("add_contributor", _("People"), "ideas.people"),
        ("see_consents", _("Consents"), "ideas.consents"),
        ("ask_waiver", _("Waivers"), "gates.waivers"),
        ("see_interests", _("Interest of funders"), "funders.interests"),
        ("renew_secret", _("Slip and secret"), "ideas.slip"),
        ("take_dossier", _("Dossier"), "dossiers.dossier"),
    ]
    found_actions = [
        Action(label, url_for(endpoint, **here), "menu") for may, label, endpoint in offers if can(may, found)
    ]
    if "withdraw" in triggers and can("withdraw_idea", found):
        found_actions.append(Action(_("Withdraw the idea"), url_for("ideas.withdrawal", **here), "menu"))
    return found_actions


def _notes(found: Idea, decisions: list[Decision]) -> dict[str, str]:
    """A short note under each mark of the line: when it was captured, what was decided, how long it is here."""
    notes = {found.definition.stages[0].key: _short(local(found.captured_at).date())}
    for decision in reversed(decisions):
        outcome = found.definition.outcome(decision.outcome)
        gate = decision.review.gate
        notes[gate.place] = f"{_(outcome.label)} · {_short(local(decision.decided_at).date())}"
    if found.standing == "active":
        days = max(0, (today() - local(found.place_since).date()).days)
        notes[found.place] = ngettext("%(num)d day here", "%(num)d days here", days)
    elif found.standing == "held" and found.held_until:
        notes[found.place] = _("until %(day)s", day=_short(found.held_until))
    return notes


def _short(date: Any) -> str:
    """12 Mar, and with the year when it is another one."""
    text = day(date)
    return text.removesuffix(f" {today().year}")


# What stands in the way


def _hindrance(found: Idea, ready: Readiness, held_by: tuple[str, ...]) -> dict[str, Any] | None:
    """How many things stand between the idea and its gate, the first of them in words, and how many more."""
    if held_by:
        return {
            "heading": _("This idea is on hold and cannot go on yet."),
            "sentences": held_by[:MOST_SENTENCES],
            "more": len(held_by[MOST_SENTENCES:]),
        }
    if found.standing != "active" or ready.gate is None or not ready.missing or found.definition.gate_at(found.place):
        return None
    gate: Gate = ready.gate
    heading = ngettext(
        "One thing stands between this idea and the %(gate)s.",
        "%(num)d things stand between this idea and the %(gate)s.",
        len(ready.missing),
        gate=gate_name(gate),
    )
    said = [_(sentence) for sentence in ready.missing[:MOST_SENTENCES]]
    return {"heading": heading, "sentences": said, "more": len(ready.missing) - len(said)}


def _owed(condition: Condition) -> str:
    return str(_("The condition “%(text)s” is open until %(day)s.", text=condition.text, day=day(condition.due_on)))


def _check(found: Idea, item: Item) -> dict[str, Any]:
    """One line of the checklist: what leads to it, and what to call the way there."""
    urls: dict[str, tuple[str, str, dict[str, Any]]] = {
        "canvas": ("edit_canvas", "ideas.canvas", {}),
        "deliverable": ("hand_in_deliverable", "ideas.deliverable", {"key": item.key}),
        "ask": ("make_ask", "ideas.ask", {}),
        "condition": ("offer_evidence", "gates.conditions", {}),
    }
    may, endpoint, more = urls[item.kind]
    does = can(may, found)
    opens = does or item.kind in ("deliverable", "condition")
    end = _(item.detail) if item.detail else _("Add") if does and not item.done else ""
    return {
        "done": item.state,
        "label": _(item.label) if item.kind != "condition" else item.label,
        "optional": not item.required,
        "end": end or (_("Open") if opens else ""),
        "url": url_for(endpoint, reference=found.reference, **more) if opens else "",
    }


# What it is, and who is in it


def _facts(found: Idea, answers: dict[str, Any]) -> list[tuple[str, str]]:
    """The canvas as this person may read it, field by field."""
    audiences = ("idea", "funders", "staff") if can("see_personal", found) else canvas.FOR_READERS
    return [
        (_(field.name), canvas.text_of(field, value, money=money, day=day))
        for field, value in canvas.answered(found.definition, answers, audiences)
    ]


def _people(found: Idea, coordinators: list[Answer]) -> dict[str, Any]:
    named = can("see_names", found)
    team = sorted((c for c in found.contributors if named and c.ended_at is None), key=lambda c: (c.added_at, c.id))
    return {
        "named": named,
        "owner": found.owner,
        "claimed": found.claimed_at is not None,
        "contacts": can("see_personal", found),
        "team": [contributor.person.name for contributor in team],
        "coordinators": _nearest(coordinators),
    }


def _nearest(coordinators: list[Answer]) -> list[str]:
    """Who coordinates the idea's gates: those of its region before those of the whole programme."""
    names = sorted((answer.text, answer.number) for answer in coordinators)
    near = [name for name, region_id in names if region_id]
    return (near or [name for name, _region in names])[:3]


def _told(found: Idea, decisions: list[Decision], book: timeline.Book) -> dict[str, Any]:
    """What is said of why the idea waits or has ended: by its panel, or by who ended it between two gates."""
    if found.standing in ("stopped", "merged", "referred") and not found.definition.gate_at(found.place):
        ending = gates.last_ending(found)
        return dict(ending.details) if ending is not None and can("see_personal", found) else {}
    last = _last(found, decisions, book)
    return dict(last["details"]) if last else {}


def _rework(found: Idea, last: dict[str, Any] | None) -> dict[str, Any] | None:
    """What the panel sent the idea back for, while it stands where it was sent."""
    details = last["details"] if last else {}
    if found.standing != "active" or details.get("target") != found.place or not details.get("rework"):
        return None
    by = details.get("resubmit_by")
    return {"what": details["rework"], "by": dt.date.fromisoformat(by) if by else None}


def _last(found: Idea, decisions: list[Decision], book: timeline.Book) -> dict[str, Any] | None:
    """The newest decision, as everybody who sees the idea may read it."""
    if not decisions:
        return None
    newest = decisions[0]
    opens = newest.review_id in book.reviews
    outcome = found.definition.outcome(newest.outcome)
    return {
        "label": _(outcome.label),
        "details": dict(newest.details) if opens else {},
        "tone": timeline.TONES.get(outcome.key, "info"),
        "gate": gate_name(newest.review.gate),
        "at": newest.decided_at,
        "url": url_for("gates.outcome", review_id=newest.review_id) if opens else "",
    }
