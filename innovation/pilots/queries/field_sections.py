"""What visits and adaptations have to tell in the next gate's pack."""

from __future__ import annotations

from innovation.ideas.deliverables import Part
from innovation.languages import gettext as _
from innovation.languages import written_day
from innovation.pilots import saying
from innovation.pilots.fidelity import DIMENSIONS
from innovation.pilots.plan_models import Pilot
from innovation.pilots.queries.adaptations import list_adaptations
from innovation.pilots.queries.visits import Coverage, read_coverage, read_dimensions
from innovation.pilots.trying import ACTS, TOUCHED, standing


def visits(pilot: Pilot) -> Part | None:
    """How faithfully it was done by dimension, and where nobody has looked."""
    coverage = read_coverage(pilot)
    if not coverage.visits:
        return None
    headings = (_("Dimension"), _("Mean of 0 to 10"), _("Lowest"), _("Highest"), _("Visits at which it was seen"))
    rows = tuple(
        (
            str(DIMENSIONS[each.dimension]),
            saying.figure(each.mean),
            "–" if each.lowest is None else str(each.lowest),
            "–" if each.highest is None else str(each.highest),
            str(each.visits),
        )
        for each in read_dimensions(pilot)
    )
    return Part(_("Visits, and how faithfully it was done"), headings, rows, _notes(coverage))


def _notes(coverage: Coverage) -> tuple[str, ...]:
    counts = {"visits": coverage.visits, "visited": coverage.visited, "sites": coverage.sites}
    told = _("Visits: %(visits)s, at %(visited)s of %(sites)s sites.", **counts)
    names, more = ", ".join(coverage.not_visited), coverage.sites - coverage.visited - len(coverage.not_visited)
    if not names:
        return (told,)
    if more > 0:
        return told, _("Not visited: %(names)s, and %(more)s more.", names=names, more=more)
    return told, _("Not visited: %(names)s.", names=names)


def adaptations(pilot: Pilot) -> Part | None:
    """What was done otherwise, why, and what became of it; what touched the core is pointed out."""
    found = list_adaptations(pilot)
    if not found:
        return None
    headings = (_("Adaptation"), _("Touches"), _("Why"), _("What was found"), _("What became of it"))
    rows = tuple(
        (
            f"{each.number}. {each.change}",
            f"{TOUCHED[each.touches]} ({_('core') if each.is_core else _('adaptable')})",
            each.goal,
            each.found or "–",
            f"{ACTS[each.act][0]}, {written_day(each.settled_on)}"
            if each.act and each.settled_on
            else str(standing(each.act, each.state)[0]),
        )
        for each in found
    )
    core = sum(each.is_core for each in found)
    notes = (_("%(core)s of %(all)s adaptations touch a core part.", core=core, all=len(found)),)
    return Part(_("Adaptations"), headings, rows, notes)
