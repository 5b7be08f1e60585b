"""Parts of the next gate's pack about what came in the way of a pilot: what it cost, incidents, and stop warnings."""

from __future__ import annotations

from innovation.db import this_day
from innovation.ideas.deliverables import Part
from innovation.languages import gettext as _
from innovation.languages import ngettext, written_day
from innovation.languages import written_money as money
from innovation.pilots.costing import Cost, LineSpent
from innovation.pilots.incident_models import Incident, IncidentEntry
from innovation.pilots.incidents import KINDS, SAFEGUARDING, SHORT, STATES
from innovation.pilots.plan_models import Pilot
from innovation.pilots.queries.incidents import list_all, list_entries
from innovation.pilots.queries.spend import read_spend
from innovation.pilots.queries.warnings import Warned, list_answered, list_open
from innovation.pilots.saying import ANSWER_NAMES, figure, term_name


def spend(pilot: Pilot) -> Part | None:
    """Planned against spent, line by line, and the cost for each learner from all inputs; None where nothing is."""
    found = read_spend(pilot, this_day())
    if not found.actual.total:
        return None
    headings = (_("Line of the budget"), _("Planned"), _("Spent"), _("Left"))
    rows = [_line(line) for line in found.lines]
    rows.append((_("All inputs"), money(found.planned.total), money(found.actual.total), ""))
    cost = _(pilot.idea.definition.words.cost_short)
    notes = [
        _(
            "%(cost)s, from all inputs: %(actual)s; planned: %(planned)s.",
            cost=cost,
            actual=_each(found.actual),
            planned=_each(found.planned),
        ),
        _("Of what was spent, %(amount)s was given in kind.", amount=money(found.actual.in_kind)),
    ]
    return Part(_("What it cost"), headings, tuple(rows), tuple(notes))


def _line(line: LineSpent) -> tuple[str, ...]:
    left = "–" if line.left is None else money(line.left) if line.left >= 0 else _over(line)
    return (
        line.name or _("Not in the plan"),
        "–" if line.planned is None else money(line.planned),
        money(line.spent),
        left,
    )


def _over(line: LineSpent) -> str:
    return str(_("over by %(amount)s", amount=money(-(line.left or 0))))


def _each(cost: Cost) -> str:
    return "–" if cost.for_each is None else money(cost.for_each)


def incidents(pilot: Pilot) -> Part | None:
    """Each incident by kind and severity, settled or not, and what changed: for the panel, and never for funders.

    Of those about safeguarding no word is told.
    """
    found = list_all(pilot)
    if not found:
        return Part(_("Incidents"), notes=(_("None was reported."),), inside=True)
    entries = list_entries(found)
    headings = (_("Day"), _("Kind"), _("How bad"), _("Settled"), _("What changed"))
    rows = tuple(_incident(each, entries[each.id]) for each in found)
    number = sum(each.state == "open" for each in found)
    note = ngettext("%(num)d is not settled.", "%(num)d are not settled.", number) if number else _("All are settled.")
    return Part(_("Incidents"), headings, rows, (note,), inside=True)


def _incident(incident: Incident, entries: list[IncidentEntry]) -> tuple[str, ...]:
    settled = [entry for entry in entries if entry.step == "settled"] if incident.state == "settled" else []
    changes = settled[-1].changes if settled else ""
    if incident.kind == SAFEGUARDING and changes:
        changes = _("Known to those who run the programme")
    kind, severity = str(KINDS[incident.kind]), str(SHORT[incident.severity])
    return written_day(incident.happened_on), kind, severity, str(STATES[incident.state]), changes or "–"


def warnings(pilot: Pilot) -> Part | None:
    """Each stop threshold that was crossed, with the answer and its reason; None where none was."""
    found = [*list_open(pilot), *reversed(list_answered(pilot))]
    if not found:
        return None
    headings = (_("Indicator"), _("Term"), _("What crossed it"), _("Answer"), _("Reason"))
    return Part(_("Stop thresholds that were crossed"), headings, tuple(_warning(each) for each in found))


def _warning(each: Warned) -> tuple[str, ...]:
    of = each.warning
    limit = figure(of.threshold, beside=[of.told])
    if of.site_id is None and of.told is None:
        what = _("the mean was beyond %(limit)s; too few learners to tell it", limit=limit)
    elif of.site_id is None:
        what = _(
            "the mean was %(value)s, the threshold %(limit)s", value=figure(of.told, beside=[of.threshold]), limit=limit
        )
    else:
        what = ngettext("%(num)d site beyond %(limit)s", "%(num)d sites beyond %(limit)s", each.number, limit=limit)
    if each.taken_back == each.number:
        what = _("%(what)s; taken back by a correction", what=what)
    answer = str(ANSWER_NAMES[of.answer]) if of.answered_at else _("not answered yet")
    return of.indicator.name, term_name(of.term), str(what), str(answer), of.reason or "–"
