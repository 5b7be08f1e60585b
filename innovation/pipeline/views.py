"""The pages that join areas: the front page, the pipeline, one's own work, and search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for

from innovation.db import whole_number
from innovation.exports import Asked, Listing, export, listing, whole_lines
from innovation.ideas import queries as ideas
from innovation.ideas import search as searching
from innovation.ideas.queries import Filters
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.lists import ListState, address
from innovation.permission import Actor
from innovation.pipeline import due_page, idea_page, line, log_page, queries, work
from innovation.pipeline.beside import Beside, find_beside
from innovation.pipeline.blueprint import bp
from innovation.pipeline.cells import Cells, cells, phases_of
from innovation.pipeline.queries import PROGRAMME_ROLES, Choice
from innovation.pipeline.rows import list_rows, rows_of
from innovation.pipeline.steps import next_step
from innovation.rereading import unless_changed
from innovation.searching import words
from innovation.web import me, public, today

__all__ = ["bp", "due_page", "idea_page", "log_page"]

LONG = 30  # days after which an idea counts as waiting long
MOST_DAYS = 36_500
FUNDER_ROLES = ("funder_admin", "funder_member")
SORTS = ("title", "captured", "days", "due", "updated", "reference")
NUMBERS = ("clinic", "district", "waiting")
TEXTS = ("place", "standing", "theme", "topic", "region", "owner", "q")


@bp.get("/")
@public
@unless_changed
def pipeline() -> Any:
    """Strangers see the front page, funders the ideas they may browse; others the pipeline, or what waits for them."""
    actor = me()
    if actor.person_id is None:
        return render_template("pipeline/front.html")
    if not request.args and not actor.has(*PROGRAMME_ROLES):
        return redirect(url_for(_home(actor)))
    return _pipeline(actor)


def _home(actor: Actor) -> str:
    if actor.has(*FUNDER_ROLES):
        return "funders.browse"
    return "accounts.people" if actor.has("administrator") else "pipeline.my_work"


def _pipeline(actor: Actor) -> Any:
    programmes = queries.list_programmes(actor)
    programme = queries.pick_programme(programmes, request.args.get("programme", ""))
    filters = read_filters(programme)
    state = ListState.read(SORTS, "days")
    sort = order_of(state)
    if state.export:
        return export(IDEAS, actor, {"filters": vars(filters), "sort": sort}, state.export)
    beside = find_beside(actor, programme, filters, LONG, sort=sort, page=state.number)
    page = state.on(list_rows(actor, filters, sort=sort, page=state.number, counted=beside.counted, found=beside.page))
    return render_template(
        "pipeline/pipeline.html",
        programme=programme,
        programmes=programmes,
        filters=filters,
        list=state,
        page=page,
        rows=cells(page.items),
        waiting_long=beside.waiting,
        waiting_url=address(waiting=LONG, page=None, export=None),
        long=LONG,
        dossiers_url=_dossiers_url(),
        marks=_marks(programme, beside, filters.place),
        choices={
            "clinics": beside.clinics,
            "themes": tuple((key, _(name)) for key, name in beside.themes),
            "districts": beside.districts,
        },
        chips=_chips(filters),
        cut_at=beside.cut_at,
        narrowed=bool(filters.without("programme") != Filters()),
        capture_url=_capture_url(beside.open_clinics),
    )


def order_of(state: ListState) -> str:
    """The order as ideas know it: who has been here for the fewest days came last."""
    if state.sort == "days":
        return "place_since" if state.descending else "-place_since"
    return f"-{state.sort}" if state.descending else state.sort


def read_filters(programme: Choice | None) -> Filters:
    """The filters as the address has them; what makes no sense narrows nothing."""
    found: dict[str, Any] = {name: request.args.get(name, "").strip()[:200] for name in TEXTS}
    for name in NUMBERS:
        typed = request.args.get(name, "")
        found[name] = whole_number(typed)
    if (found["waiting"] or 0) > MOST_DAYS:
        found["waiting"] = MOST_DAYS
    if found["standing"] not in ("any", "active", "held", "stopped", "merged", "referred", "withdrawn"):
        found["standing"] = ""
    return Filters(programme=programme.id if programme else None, **found)


def _marks(programme: Choice | None, beside: Beside, place: str) -> tuple[line.CountMark, ...]:
    if programme is None:
        return ()
    definition = programme.definition
    return line.counted(
        definition, beside.places, place, lambda key: address(place=key, page=None, standing=None, export=None)
    )


def _chips(filters: Filters) -> list[dict[str, str]]:
    """Filters that no field of the bar shows, each with the address of the list without it."""
    words = {
        "waiting": _("waiting more than %(n)s days", n=filters.waiting),
        "owner": _("my own ideas"),
        "topic": filters.topic,
        "region": filters.region,
    }
    return [
        {"label": text, "url": address(**{name: None}, page=None)}
        for name, text in words.items()
        if getattr(filters, name)
    ]


def _capture_url(codes: list[str]) -> str:
    """Into the clinic that is open; where several are, a facilitator chooses one."""
    if len(codes) > 1:
        return url_for("clinics.clinics", state="open")
    return url_for("ideas.capture", clinic=codes[0] if codes else None)


def _dossiers_url() -> str:
    """Where the dossiers of the ideas in this list are asked for: with the same filters, in the same order."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in ("page", "export")]
    return url_for("dossiers.dossiers") + (f"?{urlencode(kept)}" if kept else "")


def _columns() -> list[tuple[str, str]]:
    return [
        ("reference", _("Reference")),
        ("title", _("Title")),
        ("theme", _("Theme")),
        ("phases", _("Phases")),
        ("district", _("District")),
        ("place", _("Where it is")),
        ("standing", _("Standing")),
        ("clinic", _("Clinic")),
        ("clinic_date", _("Date of the clinic")),
        ("step", _("Next step")),
        ("days", _("Days here")),
        ("due", _("Due")),
    ]


def _lines(actor: Actor, ids: Sequence[int], _asked: Asked) -> Iterator[tuple[int, dict[str, Any]]]:
    still = ideas.still_visible(actor, ids)
    for row in rows_of([idea_id for idea_id in ids if idea_id in still]):
        yield (
            row.id,
            {
                "reference": row.reference,
                "title": row.title,
                "theme": _(row.theme) if row.theme else "",
                "phases": phases_of(row.definition, row.phases),
                "district": row.district or "",
                "place": _(row.where.name),
                "standing": row.standing,
                "clinic": row.clinic or "",
                "clinic_date": row.clinic_on,
                "step": next_step(row).text,
                "days": row.days_here,
                "due": row.due_on,
            },
        )


def _ids(actor: Actor, asked: Asked, most: int) -> list[int]:
    return ideas.list_ids(actor, Filters(**asked["filters"]), sort=asked["sort"], most=most)


def _in_sight(actor: Actor, ids: Sequence[int], _asked: Asked) -> set[int]:
    return ideas.still_visible(actor, ids)


IDEAS = listing(
    Listing("ideas", lazy_gettext("Pipeline"), _ids, _lines, lambda _asked, _all: _columns(), whole_lines(_in_sight))
)


# One's own work


@bp.get("/work")
def my_work() -> Any:
    actor = me()
    state = ListState.read((), "")
    page = state.on(queries.list_own_ideas(actor, page=state.number))
    return render_template(
        "pipeline/work.html",
        groups=work.grouped(work.list_tasks(actor, today()), today()),
        page=page,
        rows=cells(rows_of([idea.id for idea in page.items])),
    )


# Search


@bp.get("/search")
def search() -> Any:
    actor, filters = me(), read_filters(None)
    text = filters.q
    state = ListState.read((), "")
    rows: list[Cells] = []
    page = None
    if words(text):
        narrowed = replace(filters, q="", standing=filters.standing or "any")
        page = state.on(ideas.search_ideas(actor, text, narrowed, page=state.number))
        snippets = (searching.snippet(idea.search_text or idea.summary, text) for idea in page.items)
        rows = cells(rows_of([idea.id for idea in page.items]), snippets)
    shown_here = {"text": text, "page": page, "rows": rows, "filters": filters, "onward": _onward(actor)}
    return render_template("pipeline/search.html", **shown_here)


def _onward(actor: Actor) -> tuple[str, str]:
    """Where somebody goes on whose search found nothing: label and address."""
    if actor.has(*PROGRAMME_ROLES):
        return _("See the pipeline"), url_for(".pipeline")
    if actor.has(*FUNDER_ROLES):
        return _("Find ideas"), url_for("funders.browse")
    return _("My work"), url_for(".my_work")
