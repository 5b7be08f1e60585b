"""The pages of reach: the map, the tables behind it, and the places of one idea."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import render_template, request

from innovation.db import whole_number
from innovation.ideas.queries import find_idea
from innovation.insights import policy, queries, reach
from innovation.insights.blueprint import bp
from innovation.insights.outline import outline
from innovation.insights.queries import KINDS, Narrowed
from innovation.insights.reach import BENCHMARK, Cell
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.lists import ListState
from innovation.permission import NotThere
from innovation.pilots.policy import may_see_pilot
from innovation.pilots.privacy import FEWEST_LEARNERS, is_few
from innovation.pilots.saying import term_name
from innovation.places.models import SchoolTerm
from innovation.places.names import PROVINCES
from innovation.places.queries import list_terms
from innovation.rereading import unless_changed
from innovation.tables import write_table
from innovation.web import me

MOST_EXPORTED = 10_000
MOST_SHOWN = 20
STAGES = {
    "pilot": lazy_gettext("In pilots"),
    "rollout": lazy_gettext("In rollouts"),
    "system": lazy_gettext("Part of the system"),
}


@bp.get("/reach")
@unless_changed
def programme_reach() -> Any:
    """Whom the programme's innovations reach, on a map and in tables."""
    policy.may_see_reach.require(me())
    programmes, themes = queries.choices(me())
    terms = {term.key: term for term in list_terms()}
    by = _narrowed(terms, {key for key, _name in programmes}, {key for key, _name in themes})
    state = ListState.read(("places",), "places")
    if state.export:
        return _exported(by, state.export)
    choices = {"programmes": programmes, "themes": themes, "terms": [(key, term_name(key)) for key in terms]}
    return _page("insights/reach.html", by, choices=choices, state=state, term=request.args.get("term", ""))


@bp.get("/ideas/<reference>/reach")
@unless_changed
def idea_reach(reference: str) -> Any:
    """Where one innovation is at work."""
    idea = find_idea(me(), reference)
    if not may_see_pilot.allows(me(), idea):
        raise NotThere
    by = Narrowed(idea_id=idea.id)
    state = ListState.read(("places",), "places")
    if state.export:
        return _exported(by, state.export)
    return _page("insights/idea_reach.html", by, idea=idea, state=state)


def _narrowed(terms: Mapping[str, SchoolTerm], programmes: set[int], themes: set[str]) -> Narrowed:
    """What the address narrows to; what it names and does not exist narrows nothing."""
    asked = request.args
    programme, found = whole_number(asked.get("programme")), terms.get(asked.get("term", ""))
    return Narrowed(
        programme=programme if programme in programmes else None,
        kind=asked["stage"] if asked.get("stage") in KINDS else "",
        theme=asked["theme"] if asked.get("theme") in themes else "",
        province=asked["province"] if asked.get("province") in PROVINCES else "",
        since=found.starts_on if found else None,
        until=found.ends_on if found else None,
    )


def _page(template: str, by: Narrowed, **more: Any) -> Any:
    found = queries.find_reach(me(), by, MOST_SHOWN)
    cells = {code: found.provinces.get(code, Cell()) for code in PROVINCES}
    numbers = {code: cell.places for code, cell in cells.items()}
    return render_template(
        template,
        by=by,
        total=reach.total(found.provinces.values()),
        cells=cells,
        unknown=found.provinces.get("", Cell()),
        bands=reach.bands(numbers),
        outline=outline(),
        provinces=PROVINCES,
        stages=STAGES,
        by_stage=found.stages,
        districts=[row for row in found.districts if row.name],
        innovations=found.innovations,
        most=MOST_SHOWN,
        benchmark=BENCHMARK,
        fewest=FEWEST_LEARNERS,
        **more,
    )


def _exported(by: Narrowed, kind: str) -> Any:
    """The places as a file; numbers that could point at somebody are left out of it."""
    columns = [
        ("place", _("Number or name")),
        ("school", _("School")),
        ("province", _("Province")),
        ("district", _("District")),
        ("quintile", _("Quintile")),
        ("urban_rural", _("Urban or rural")),
        ("learners", _("Learners")),
        ("teachers", _("Teachers")),
    ]
    return write_table(columns, _lines(by), kind, "reach")


def _lines(by: Narrowed) -> Iterator[dict[str, Any]]:
    for place, school, quintile, setting, district, province, learners, teachers in queries.list_schools(
        me(), by, MOST_EXPORTED
    ):
        yield {
            "place": place,
            "school": school or "",
            "province": province or "",
            "district": district or "",
            "quintile": quintile or "",
            "urban_rural": setting or "",
            "learners": "" if learners is None or is_few(learners) else learners,
            "teachers": "" if teachers is None else teachers,
        }
