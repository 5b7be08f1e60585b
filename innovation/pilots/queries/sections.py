"""What a pilot already knows, in parts for the next gate's pack: nothing of it is typed again.

A part takes the pilot and gives a title, headings, rows and notes, or None where there is nothing to tell. Another one
is one line in ``SECTIONS``, under a key that definitions know (``workflows/definition/words.py``, ``PILOT_PARTS``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from innovation.db import db
from innovation.ideas.deliverables import Part
from innovation.ideas.models import Idea
from innovation.ideas.queries import is_of_system
from innovation.languages import gettext as _
from innovation.languages import written_day
from innovation.pilots import saying
from innovation.pilots.effects import Effect
from innovation.pilots.plan_models import Pilot, PilotSite
from innovation.pilots.privacy import FEWEST_LEARNERS
from innovation.pilots.queries import what_happened
from innovation.pilots.queries.evidence import work_out_evidence
from innovation.pilots.queries.field_sections import adaptations, visits
from innovation.pilots.queries.milestones import list_milestones
from innovation.pilots.queries.moved import moved_thresholds
from innovation.pilots.queries.results import KINDS, kind_of, read_effects, read_terms
from innovation.pilots.reading_models import Reading
from innovation.places.models import School
from workflows import Deliverable


def made_deliverables(idea: Idea) -> list[Deliverable]:
    """What gates ask for that is made from the pilot."""
    return [each for each in idea.definition.deliverables if each.made_of and not is_of_system(each)]


def parts_of(pilot: Pilot, deliverable: Deliverable) -> list[Part]:
    """The parts of a deliverable about which the pilot has something to tell."""
    found = (SECTIONS[key](pilot) for key in deliverable.made_of if key in SECTIONS)
    return [part for part in found if part is not None]


def thresholds(pilot: Pilot) -> Part | None:
    """Every indicator against what was set for it, those that failed and those that cannot tell among them."""
    terms = read_terms(pilot)
    if not terms:
        return None
    effects = read_effects(pilot, terms[0])
    headings = (_("Indicator"), _("Target"), _("Stop beyond"), _("Baseline"), _("Now"), _("Mean change"), _("Outcome"))
    notes = [f"{effect.measure.name}: {' '.join(saying.claims(effect))}" for effect in effects]
    methods = {saying.method(each) for effect in effects for each in (effect.change, effect.more_than_compared)} - {""}
    notes += [_("Method: %(method)s.", method=method) for method in sorted(methods)]
    notes += moved_thresholds(pilot)
    title = _("Results against the thresholds, %(term)s", term=saying.term_name(terms[0]))
    return Part(title, headings, tuple(_against(effect) for effect in effects), tuple(notes))


def _against(effect: Effect) -> tuple[str, ...]:
    measure, found, change = effect.measure, effect.pilot, effect.change
    name = f"{measure.name} ({measure.unit})" if measure.unit else measure.name
    mean = found.after if found.pairs else None
    limits = [saying.figure(limit, beside=[mean]) for limit in measure.limits]
    if mean is None:
        return (name, *limits, "–", "–", "–", saying.reason(change))
    by = saying.figure(change.middle, signed=True, beside=[effect.wanted_change])
    if not change.why_not:
        by += f" ({saying.figure(change.low, signed=True)} … {saying.figure(change.high, signed=True)})"
    now = saying.figure(mean, beside=measure.limits)
    return (name, *limits, saying.figure(found.before), now, by, saying.outcome(effect))


def evidence(pilot: Pilot) -> Part | None:
    """The level that was really reached, and what would raise it."""
    worked = work_out_evidence(pilot)
    if worked.level is None:
        return None
    rows = tuple(
        (f"{rung.level.key} {_(rung.level.name)}", _("yes") if rung.reached else _("no"), saying.rung_words(rung))
        for rung in worked.rungs
    )
    reached = _("Level of evidence, worked out: %(level)s", level=f"{worked.level.key} {_(worked.level.name)}")
    return Part(reached, (_("Level"), _("Reached"), _("Because, or what is missing")), rows)


def sites(pilot: Pilot) -> Part | None:
    """Where it was tried, by group and quintile, and who left."""
    kind = kind_of()
    counted = sa.select(
        kind, School.quintile, sa.func.count(), sa.func.sum(PilotSite.learners), sa.func.count(PilotSite.left_on)
    )
    query = counted.outerjoin(School, School.emis == PilotSite.emis).where(PilotSite.pilot_id == pilot.id)
    found = db.session.execute(query.group_by(kind, School.quintile)).all()
    if not found:
        return None
    words = pilot.idea.definition.words
    headings = (_("Group"), _(words.sites), _(words.reached), _("Left"), _("By quintile"))
    return Part(
        _("Where it was tried"), headings, tuple(_of_kind(pilot, kind, found) for kind in KINDS if _has(found, kind))
    )


def _has(found: Any, kind: str) -> bool:
    return any(row[0] == kind for row in found)


def _of_kind(pilot: Pilot, kind: str, found: Any) -> tuple[str, ...]:
    rows = sorted((row for row in found if row[0] == kind), key=lambda row: row[1] or 99)
    spread = ", ".join(_("%(n)s in %(quintile)s", n=row[2], quintile=row[1] or _("none known")) for row in rows)
    learners, left = (sum(row[at] or 0 for row in rows) for at in (3, 4))
    known = str(learners) if learners >= FEWEST_LEARNERS else "–"
    name = saying.group_name(kind, pilot.idea.definition)
    return name, str(sum(row[2] for row in rows)), known, str(left), spread


def exposure(pilot: Pilot) -> Part | None:
    """At how many sites the main indicator was measured, term by term: who took part, and who still does."""
    terms = read_terms(pilot)
    if not terms or not pilot.indicators:
        return None
    counted = (
        sa.select(Reading.term, sa.func.count())
        .join(PilotSite, PilotSite.id == Reading.site_id)
        .where(Reading.indicator_id == pilot.indicators[0].id, Reading.replaced_at.is_(None))
        .where(Reading.term.in_(terms), ~PilotSite.is_comparison)
        .group_by(Reading.term)
    )
    found = {term: count for term, count in db.session.execute(counted)}  # noqa: C416
    taking_part = sa.select(sa.func.count()).where(PilotSite.pilot_id == pilot.id, ~PilotSite.is_comparison)
    of = db.session.scalar(taking_part) or 0
    rows = tuple((saying.term_name(term), str(found.get(term, 0)), str(of)) for term in reversed(terms))
    sites = _(pilot.idea.definition.words.sites)
    return Part(_("Who took part, term by term"), (_("Term"), _("Measured"), sites), rows)


def milestones(pilot: Pilot) -> Part | None:
    """What was to be reached by when, and whether a coordinator accepted that it was."""
    rows = tuple(
        (each.title, written_day(each.due_on), saying.milestone_state(each.state))
        for each in list_milestones(pilot.idea)
    )
    return Part(_("Milestones"), (_("Milestone"), _("By"), _("State")), rows) if rows else None


SECTIONS: dict[str, Callable[[Pilot], Part | None]] = {
    "thresholds": thresholds,
    "evidence": evidence,
    "sites": sites,
    "fidelity": exposure,
    "adaptations": adaptations,
    "visits": visits,
    "milestones": milestones,
    "spend": what_happened.spend,
    "incidents": what_happened.incidents,
    "warnings": what_happened.warnings,
}
