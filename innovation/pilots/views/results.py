"""The page of what a pilot shows: pictures, what may be said of them, and the level of evidence reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import render_template, request, url_for

from innovation.db import Page
from innovation.ideas.models import Idea
from innovation.languages import gettext as _
from innovation.pilots import queries, saying
from innovation.pilots.blueprint import bp
from innovation.pilots.effects import Effect, Interval, mean_change
from innovation.pilots.queries import Results
from innovation.pilots.queries.results import PER_PAGE
from innovation.pilots.views.asked import asked_pilot
from innovation.tables import Columns, write_table
from workflows import Definition


@bp.get("/ideas/<reference>/pilot/results")
def results(reference: str) -> Any:
    """One term and a page of indicators; ``kind`` gives the same as a file."""
    pilot = asked_pilot(reference)
    asked = request.args.get("page", "1")
    found = queries.read_results(pilot, request.args.get("term", ""), int(asked) if asked[:4].isdecimal() else 1)
    idea, kind = pilot.idea, request.args.get("kind", "")
    if kind in ("csv", "xlsx"):
        name = f"{idea.reference}-{found.term}-{found.page}"
        return write_table(_columns(), _lines(found, idea.definition), kind, name)
    return render_template(
        "pilots/results.html",
        idea=idea,
        pilot=pilot,
        found=found,
        page=_page(idea, found),
        worked=queries.work_out_evidence(pilot, found),
        accepted=idea.definition.evidence_level(idea.evidence_level),
        saying=saying,
        moved=queries.moved_thresholds(pilot),
        made_of_it=[] if pilot.is_earlier else queries.made_deliverables(idea),
    )


def _page(idea: Idea, found: Results) -> Page[Effect]:
    whole = Page(found.effects, found.page, PER_PAGE, found.measures, found.page < found.pages)
    return whole.at(lambda number: url_for(".results", reference=idea.reference, term=found.term, page=number))


# The same as a file


def _columns() -> Columns:
    return [
        ("indicator", _("Indicator")),
        ("unit", _("Unit")),
        ("term", _("Term")),
        ("group", _("Group")),
        ("site", _("Site")),
        ("sites", _("Sites measured twice")),
        ("left_out", _("Left out")),
        ("before", _("Baseline")),
        ("after", _("In the term")),
        ("change", _("Change")),
        ("low", _("Interval from")),
        ("high", _("Interval to")),
        ("sd", _("Standard deviation")),
        ("smallest", _("Smallest")),
        ("lower_quartile", _("Lower quartile")),
        ("median", _("Median")),
        ("upper_quartile", _("Upper quartile")),
        ("largest", _("Largest")),
        ("target", _("Target")),
        ("reached", _("Sites at the target")),
        ("method", _("Method")),
    ]


QUARTILES = ("smallest", "lower_quartile", "median", "upper_quartile", "largest")


def _lines(found: Results, definition: Definition) -> Iterator[Mapping[str, Any]]:
    """For each indicator its groups, the difference between them, and the sites that have a dot of their own."""
    for effect in found.effects:
        measure = effect.measure
        about = {"indicator": measure.name, "unit": measure.unit, "term": effect.term, "target": measure.target}
        for kind, group in effect.groups:
            figures: dict[str, Any] = {"sites": group.pairs, "left_out": group.left_out}
            if group.pairs:
                figures |= {"before": group.before, "after": group.after, "sd": group.sd, "reached": group.reached}
                figures |= dict(zip(QUARTILES, group.quartiles, strict=True))
            named = {"group": saying.group_name(kind, definition)}
            yield about | named | figures | _interval(mean_change(group), bool(group.pairs))
        if effect.comparison.sites:
            both = effect.more_than_compared
            yield (about | {"group": _("Difference")} | _interval(both, both.why_not != "not_both"))
        for site in found.sites.get(measure.id, ()):
            told = {"group": saying.group_name(site.group, definition), "site": site.place}
            yield about | told | {"before": site.before, "after": site.after, "change": site.change}


def _interval(found: Interval, is_there: bool) -> dict[str, Any]:
    if not is_there:
        return {"method": saying.reason(found)}
    if found.why_not:
        return {"change": found.middle, "method": saying.reason(found)}
    return {"change": found.middle, "low": found.low, "high": found.high, "method": saying.method(found)}
