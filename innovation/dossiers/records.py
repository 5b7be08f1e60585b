"""A dossier as plain data: the same records become the files of the ZIP and the pages of the PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from flask import current_app, has_request_context

from innovation.dossiers.nameless import without_names
from innovation.dossiers.queries import Contents, Sitting
from innovation.gates import queries as gates
from innovation.gates.forms import ROLE_NAMES, STANCE_NAMES, STATE_NAMES
from innovation.gates.models import Condition, Decision, Scorecard
from innovation.ideas import canvas
from innovation.ideas.deliverables import content_inside, content_of
from innovation.ideas.models import Ask, Attachment, Handin, Idea
from innovation.languages import gettext as _
from innovation.meetings.forms import CHOICE_NAMES
from innovation.pipeline import timeline
from innovation.web import day, money
from workflows import Definition

Record = dict[str, Any]
READERS = ("idea", "funders")
STAFF = ("idea", "funders", "staff")
CODED = {"target": "stage", "stop_reason": "stop_reason"}
NUMBERS = ("signed_by",)  # of persons: who sat is not for every reader, and means nothing to any


def records_of(found: Contents) -> dict[str, Any]:
    """Every part by its name: lists of records, and the idea itself as one."""
    records = _records(found)
    return records if found.named else without_names(found, records)


def _records(found: Contents) -> dict[str, Any]:
    idea = found.idea
    return {
        "idea": _idea(found),
        "people": _people(found),
        "revisions": [_revision(found, revision, by) for revision, by in found.revisions],
        "asks": [_ask(each) for each in found.asks],
        "deliverables": [_handin(found, each) for each in found.handins],
        "files": [_file(each, found.names) for each in found.files],
        "consents": [{"purpose": each.purpose, "given": _at(each.given_at)} for each in found.consents],
        "reviews": [review_record(sitting) for sitting in found.sittings],
        "other_decisions": [_decision(idea, each, [each]) for each in found.decisions],
        "ending": _ending(found),
        "conditions": [_condition(each) for each in found.conditions],
        "meetings": found.meetings,
        "interests": [_interest(found, each) for each in found.interests],
        "messages": [{"subject": subject, "text": text, "at": _at(at)} for subject, text, at in found.notices],
        "history": _history(found),
        "left_out": [
            {"what": ": ".join(filter(None, (each.where, _said(each.what)))), "why": _said(each.why)}
            for each in found.left_out
        ],
    }


def _history(found: Contents) -> list[Record]:
    """What happened, in words. Its sentences come with links, which a worker can only make as if it were asked."""
    if found.history is None:
        return []
    if has_request_context():
        lines = timeline.tell(*found.history)
    else:
        with current_app.test_request_context(base_url=current_app.config["SETTINGS"].base_url):
            lines = timeline.tell(*found.history)
    return [
        {"at": _at(line.at), "what": " ".join(filter(None, (line.tag, line.text))), "who": line.who} for line in lines
    ]


def _said(text: str) -> str:
    """A sentence in the reader's language; nothing for none."""
    return _(text) if text else ""


def _at(value: Any) -> str:
    """An instant in ISO form, in UTC to the second; nothing for none."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, dt.date) else ""


def _idea(found: Contents) -> Record:
    idea, definition = found.idea, found.idea.definition
    level = definition.evidence_level(idea.evidence_level)
    return {
        "reference": idea.reference,
        "title": idea.title,
        "summary": idea.summary,
        "place": _(idea.where.name),
        "standing": idea.standing,
        "since": _at(idea.place_since),
        "theme": _(idea.theme.name) if idea.theme else "",
        "topic": _(idea.topic.name) if idea.topic else "",
        "district": idea.district.name if idea.district else "",
        "clinic": found.whole.clinic.title if found.whole.clinic else "",
        "captured": _at(idea.captured_at),
        "evidence": f"{level.key} {_(level.name)}",
        "workflow": definition.name,
        "workflow_checksum": definition.checksum,
    }


def _people(found: Contents) -> list[Record]:
    """The owner and the team; how to reach the owner only for those who may read personal fields."""
    owner = {"name": found.idea.owner.name, "part": _("Owner")}
    if found.personal:
        owner |= {"email": found.idea.owner.email or "", "phone": found.idea.owner.phone or ""}
    team = sorted((c for c in found.idea.contributors if c.ended_at is None), key=lambda c: (c.added_at, c.id))
    return [owner, *({"name": each.person.name, "part": each.role or _("Contributor")} for each in team)]


def _revision(found: Contents, revision: Any, by: str) -> Record:
    audiences = STAFF if found.personal else READERS
    fields = canvas.answered(found.idea.definition, revision.answers, audiences)
    return {
        "number": revision.number,
        "title": revision.title,
        "handed_in": _at(revision.submitted_at),
        "by": by,
        "answers": [[_(field.name), canvas.text_of(field, value, money=money, day=day)] for field, value in fields],
    }


def _ask(ask: Ask) -> Record:
    whole = ("number", "instruments", "months", "provinces", "phases", "schools", "learners", "evidence_level")
    return {name: getattr(ask, name) for name in whole} | {
        "amount": money(ask.amount_cents),
        "cost_each": money(ask.cost_per_learner_cents),
        "purpose": ask.purpose,
        "made": _at(ask.made_at),
    }


def _handin(found: Contents, handin: Handin) -> Record:
    deliverable, names = found.idea.once("deliverable", handin.deliverable), found.names
    content = (content_inside if found.inside else content_of)(deliverable, handin.content)
    removed = handin.attachment is not None and handin.attachment.removed_at is not None
    return {
        "key": handin.deliverable,
        "name": _(deliverable.name),
        "number": handin.number,
        "state": handin.state,
        "handed_in": _at(handin.handed_in_at),
        "by": names.get(handin.handed_in_by_id or 0, ""),
        "judged": _at(handin.judged_at),
        "judged_by": names.get(handin.judged_by_id or 0, ""),
        "reason": handin.reason,
        "expires": _at(handin.expires_on),
        "text": content.text,
        "headings": list(content.headings),
        "rows": [list(row) for row in content.rows],
        "answers": [[_(question), answer] for question, answer in content.answers],
        "link": content.link,
        "parts": [dict(vars(part)) for part in content.parts],
        "file": handin.attachment.name if handin.attachment and not removed else "",
    }


def _file(file: Attachment, names: Mapping[int, str]) -> Record:
    return {
        "id": file.id,
        "name": file.name,
        "type": file.content_type,
        "bytes": file.size,
        "sha256": file.sha256,
        "added": _at(file.uploaded_at),
        "by": names.get(file.uploaded_by_id or 0, ""),
    }


# Reviews, by what the reader is shown of each


def review_record(sitting: Sitting) -> Record:
    review, view = sitting.review, sitting.view
    gate, names = review.gate, _criteria(sitting)
    own = view.seat
    return {
        "id": review.id,
        "gate": _(gate.name),
        "round": review.round,
        "state": str(STATE_NAMES[review.state]),
        "revision": review.revision.number if view.sees_pack else None,
        "convened": _at(review.convened_at),
        "closed": _at(review.closed_at),
        "quorum": view.quorum,
        "submitted": view.submitted,
        "members": view.expected,
        "sealed": _said(view.sealed_because),
        "panel": [
            {
                "name": member.name,
                "role": str(ROLE_NAMES[member.role]),
                "stance": str(STANCE_NAMES[member.stance]) if member.stance else "",
                "submitted": member.submitted,
            }
            for member in view.members
        ],
        "own_declarations": [
            {"level": each.level, "text": each.text, "at": _at(each.made_at)}
            for each in (own.declarations if own is not None else ())
        ],
        "own_scorecards": [
            _card(card, names) for card in (own.cards if own and view.card else ()) if card.submitted_at
        ],
        "marks": _marks(sitting, names),
        "answers": _answers(sitting, names),
        "comments": [{"criterion": names.get(key, key), "texts": list(texts)} for key, texts in view.comments.items()],
        "means": [{"criterion": names.get(key, key), "mean": round(mean, 2)} for key, mean in view.means.items()],
        "total": None if view.result is None or view.result.total is None else round(view.result.total, 2),
        "notes_to_the_chair": [{"from": note.name, "text": note.text} for note in view.notes],
        "feedback_to_the_team": [each.text for each in view.feedback],
        "decisions": _decisions(sitting),
    }


def _criteria(sitting: Sitting) -> dict[str, str]:
    return {criterion.key: _(criterion.name) for criterion in sitting.review.gate.criteria}


def _named(key: str, names: Mapping[str, str]) -> str:
    return names.get(key) or _("A condition from an earlier gate")


def _marks(sitting: Sitting, names: Mapping[str, str]) -> list[Record]:
    """Every mark, in order of size and without names, where the panel's result is open to the reader."""
    result = sitting.view.result
    return [
        {
            "criterion": _named(item.criterion_key, names),
            "marks": sorted(item.values),
            "mean": None if item.mean is None else round(item.mean, 2),
            "talk": item.talk,
        }
        for item in (result.criteria if result else ())
    ]


def _answers(sitting: Sitting, names: Mapping[str, str]) -> list[Record]:
    result = sitting.view.result
    return [
        {
            "criterion": _named(must.criterion_key, names),
            "answer": must.answer,
            "yes": must.yes,
            "no": must.no,
            "unsure": must.unsure,
        }
        for must in (result.musts if result else ())
    ]


def _card(card: Scorecard, names: Mapping[str, str]) -> Record:
    return {
        "version": card.number,
        "submitted": _at(card.submitted_at),
        "change_reason": card.change_reason,
        "feedback": card.feedback,
        "note": card.note,
        "scores": [
            {
                "criterion": _named(score.criterion, names),
                "answer": score.answer,
                "mark": score.mark,
                "not_applicable": score.not_applicable,
                "comment": score.comment,
            }
            for score in card.scores
        ],
    }


def _decisions(sitting: Sitting) -> list[Record]:
    """The decision that stands and those before it; what the scores recommended where the scores are open."""
    review, view = sitting.review, sitting.view
    if view.decision is None:
        return []
    advised = view.result is not None and view.relation in ("seat", "staff")
    told = [_decision(review.idea, each, review.decisions) for each in reversed(review.decisions)]
    if advised:
        for record, decision in zip(told, reversed(review.decisions), strict=True):
            record |= {
                "recommended": _outcome(review.idea.definition, decision.recommended),
                "recommended_because": _said(decision.recommended_because),
                "against_reason": decision.against_reason,
                "rests_on": _rests_on(sitting, decision),
            }
    return told


def _rests_on(sitting: Sitting, decision: Decision) -> Record | None:
    """The revision, version, scorecards and votes, for whoever sees the marks.

    The numbers by which the record names them are for those who run the gate, who read that record as well.
    """
    basis = gates.find_basis(decision)
    if basis is None:
        return None
    table, cards = basis.at_table, [card.id for card in gates.cards_behind(decision)]
    votes = [ballot.vote_id for ballot in table.ballots] if table else []
    told: Record = {
        "revision": basis.revision.number,
        "version": basis.workflow_version.number,
        "version_sha256": basis.workflow_version.checksum,
        "quorum": basis.quorum,
        "scorecards": len(cards),
        "vote": {
            "on": _outcome(sitting.review.idea.definition, table.voted_on),
            "at_the_table": len(table.present),
            "counted": {str(CHOICE_NAMES[choice]): number for choice, number in table.tally.items()},
        }
        if table
        else None,
    }
    if sitting.view.relation == "staff":
        told["numbers"] = {"revision": basis.revision_id, "scorecards": cards, "votes": votes}
        told["numbers"] |= {"meeting": table.meeting_id, "item": table.item_id} if table else {}
    return told


def _outcome(definition: Definition, key: str | None) -> str:
    return _(definition.outcome(key).label) if key else ""


def _decision(idea: Idea, decision: Decision, known: Iterable[Decision]) -> Record:
    later = any(each.supersedes_id == decision.id for each in known)
    return {
        "id": decision.id,
        "gate": _(decision.review.gate.name),
        "outcome": _outcome(idea.definition, decision.outcome),
        "decided": _at(decision.decided_at),
        "stands": not later,
        "supersedes": decision.supersedes_id,
        "reasons": decision.rationale,
        "details": details_of(decision.review.definition, decision.details, idea),
        "conditions": [_condition(each) for each in decision.conditions],
    }


def details_of(definition: Definition, details: Mapping[str, Any], idea: Idea) -> Record:
    """What the outcome required, with names for the codes of the workflow.

    A decision that supersedes an older one may speak of what only the version has under which the idea goes on.
    """
    told = {str(key): str(value) for key, value in details.items() if value not in (None, "") and key not in NUMBERS}
    for name, kind in CODED.items():
        if name in told:
            told[name] = _(_called(definition, idea, kind, told[name]))
    return told


def _called(definition: Definition, idea: Idea, kind: str, key: str) -> str:
    with suppress(KeyError):
        return str(getattr(definition, kind)(key).name)
    return str(idea.once(kind, key).name)


def _ending(found: Contents) -> Record | None:
    ending = found.ending
    if ending is None:
        return None
    details = details_of(found.idea.definition, ending.details, found.idea)
    outcome = _outcome(found.idea.definition, ending.outcome)
    return {"outcome": outcome, "reasons": ending.rationale, "details": details, "at": _at(ending.ended_at)}


def _condition(condition: Condition) -> Record:
    return {
        "text": condition.text,
        "owner": condition.owner.name if condition.owner else "",
        "due": _at(condition.due_on),
        "shown_by": condition.evidence,
        "blocking": condition.blocking,
        "state": condition.state,
        "offered": condition.offered,
        "moved_reason": condition.moved_reason,
        "settled": _at(condition.settled_at),
        "settled_reason": _said(condition.settled_reason),
    }


def _interest(found: Contents, interest: Any) -> Record:
    told = {"funder": interest.funder.name, "state": interest.state, "shown": _at(interest.shown_at)}
    told["answered"] = _at(interest.answered_at)
    if found.reads_interests:
        told |= {"message": interest.message, "answer": interest.reason}
    return told
