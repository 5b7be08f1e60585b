"""What the tracker and the hand-over know, in parts for the next gate's pack: nothing of it is typed again.

The parts of a pilot stand in ``pilots.queries.sections``; those here are added to them, so that a deliverable can be
made of both. One that is made of these alone needs no pilot.
"""

from __future__ import annotations

from collections.abc import Callable

from innovation.ideas.deliverables import Part
from innovation.ideas.models import Idea
from innovation.languages import gettext as _
from innovation.languages import written_day
from innovation.pilots.plan_models import Pilot
from innovation.pilots.queries.sections import SECTIONS
from innovation.replication.codes import LICENCES
from innovation.replication.queries.homes import home_of, licence_of
from innovation.replication.queries.tracking import Followed, read_tracker
from innovation.replication.system_codes import HANDOVER_STATES, REFERENCES
from innovation.replication.system_models import SystemHome
from workflows import Deliverable, Gate, Tracked, falls_short


def system_parts(idea: Idea, deliverable: Deliverable) -> list[Part]:
    """The parts of a deliverable about which the tracker and the hand-over have something to tell."""
    found = (OF_SYSTEM[key](idea) for key in deliverable.made_of if key in OF_SYSTEM)
    return [part for part in found if part is not None]


def tracker(idea: Idea) -> Part | None:
    """Every criterion with the mark that stands, what shows it, and since when; those without one are said."""
    found = read_tracker(idea)
    if found is None or not any(each.marks for each in found.followed):
        return None
    headings = (_("Criterion"), _("Mark"), _("What it means"), _("What shows it"), _("As it was on"))
    notes = [_("Mean of the marks that are confirmed: %(mean)s, over %(n)s of %(of)s criteria.", **_mean(found.found))]
    notes += [_(reason) for reason in falls_short(found.gate, found.confirmed)]
    rows = tuple(_row(found.gate, each) for each in found.followed)
    return Part(_("Tracker of institutionalisation"), headings, rows, tuple(notes))


def _mean(found: Tracked) -> dict[str, object]:
    mean = "–" if found.mean is None else f"{found.mean:.1f}"
    return {"mean": mean, "n": found.marked, "of": found.of}


def _row(gate: Gate, followed: Followed) -> tuple[str, ...]:
    name, mark = _(followed.criterion.name), followed.standing
    if mark is None:
        waits = _("proposed, not confirmed") if followed.waiting else ""
        return name, "–", waits or _("not marked yet"), "", ""
    label = gate.mark(mark.mark).label
    return name, label, _(followed.criterion.anchor(mark.mark)), mark.evidence, written_day(mark.seen_on)


def handover(idea: Idea) -> Part | None:
    """Which post owns it, what it rests on, from what it is paid, and the plan of the hand-over."""
    home = home_of(idea)
    if home is None:
        return None
    rows = [*_of_post(home)]
    rows += [
        (str(REFERENCES[each.kind]), f"{each.number} {each.title}".strip(), written_day(each.issued_on))
        for each in home.references
    ]
    rows += [
        (
            _("Budget line, %(year)s", year=each.year),
            f"{each.vote} {each.budget_programme}".strip(),
            _("R%(rand)s, paid by %(by)s", rand=f"{each.amount_cents // 100:,}".replace(",", " "), by=each.funded_by),
        )
        for each in home.budget_lines
    ]
    rows += [
        (
            _("Step of the plan"),
            f"{each.what} ({each.who})",
            _("done on %(day)s", day=written_day(each.done_on))
            if each.done_on
            else _("until %(day)s", day=written_day(each.due_on)),
        )
        for each in home.steps
    ]
    return Part(_("Home in the system, and hand-over"), (_("What"), _("Which"), _("When")), tuple(rows))


def _of_post(home: SystemHome) -> list[tuple[str, str, str]]:
    day = home.happened_on or home.agreed_for
    said = [
        (_("Post that owns it"), ", ".join(each for each in (home.post, home.unit) if each), ""),
        (_("Hands over"), home.from_role, ""),
        (_("Takes over"), home.to_role, ""),
        (_("Licence"), str(LICENCES.get(licence_of(home), "")), ""),
        (_("Hand-over"), str(HANDOVER_STATES[home.state][0]), written_day(day) if day else ""),
    ]
    return [row for row in said if row[1]]


def _of_idea(part: Callable[[Idea], Part | None]) -> Callable[[Pilot], Part | None]:
    return lambda pilot: part(pilot.idea)


OF_SYSTEM: dict[str, Callable[[Idea], Part | None]] = {"tracker": tracker, "handover": handover}
SECTIONS.update({key: _of_idea(part) for key, part in OF_SYSTEM.items()})
