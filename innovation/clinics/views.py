"""The pages of clinics: the list, the plan, one clinic, and its report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.clinics import (
    after_views,
    agenda,
    board_views,
    capture_page_views,
    card_views,
    cards,
    commands,
    join_views,
    next_steps,
    own_words,
    policy,
    queries,
    reporting,
    wall_views,
)
from innovation.clinics.blueprint import bp
from innovation.clinics.forms import (
    STATE_NAMES,
    STATE_TONES,
    AttendanceForm,
    ClinicFilterForm,
    ClinicForm,
    FacilitatorForm,
    PlanForm,
    attendance_form,
)
from innovation.clinics.models import Clinic
from innovation.clinics.queries import Listed
from innovation.db import db
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.ideas.naming import read_nameless
from innovation.languages import gettext as _
from innovation.lists import ListState
from innovation.permission import Actor, Forbidden
from innovation.programmes.models import Programme, Region
from innovation.tables import write_table
from innovation.web import me
from workflows import CLINIC, Refused

__all__ = [
    "after_views",
    "board_views",
    "bp",
    "capture_page_views",
    "card_views",
    "join_views",
    "own_words",
    "wall_views",
]
MOST_EXPORTED = 5000
IDEA_SORTS = {"captured", "title", "reference"}


@bp.get("/clinics")
def clinics() -> Any:
    form, state = ClinicFilterForm.of_query(), ListState.read(queries.SORTS, "date", descending=True)
    form.offer(me())
    size, number = (MOST_EXPORTED, 1) if state.export else (20, state.number)
    page = queries.list_clinics(
        me(), form.filters(), sort=state.sort, descending=state.descending, page=number, size=size
    )
    if state.export:
        return write_table(_columns(), (_line(item) for item in page.items), state.export, "clinics")
    return render_template(
        "clinics/clinics.html",
        page=state.on(page),
        form=form,
        state=state,
        narrowed=any(form.data.values()),
        state_names=STATE_NAMES,
        tones=STATE_TONES,
    )


def _columns() -> list[tuple[str, str]]:
    return [
        ("code", _("Code")),
        ("title", _("Clinic")),
        ("challenge", _("Challenge")),
        ("region", _("Region")),
        ("district", _("District")),
        ("theme", _("Theme")),
        ("venue", _("Venue")),
        ("starts_on", _("First day")),
        ("ends_on", _("Last day")),
        ("state", _("State")),
        ("ideas", _("Ideas")),
        ("people", _("People there")),
    ]


def _line(item: Listed) -> dict[str, Any]:
    clinic = item.clinic
    kept = {key: getattr(clinic, key) for key in ("code", "title", "challenge", "venue", "starts_on", "ends_on")}
    names = {"region": item.region, "district": item.district, "theme": item.theme, "ideas": item.ideas}
    return {**kept, **names, "state": str(STATE_NAMES[clinic.state]), "people": _heads(clinic)}


def _attendance_form(clinic: Clinic) -> type[AttendanceForm]:
    return attendance_form(queries.attendees_of(clinic))


def _heads(clinic: Clinic) -> int:
    return sum(int(str(n)) for n in (clinic.attendance or {}).values())


# Planning


@bp.route("/clinics/new", methods=["GET", "POST"])
def plan() -> Any:
    regions = queries.list_regions(me())
    if not regions:
        raise Forbidden
    form = PlanForm.read(data={"agenda_text": agenda.run_sheet()})
    form.offer(_programme_of(form, regions))
    form.offer_places(regions, queries.known_facilitators({r.programme_id for r in regions}, me().person_id))
    if form.submit_to(_plan, me(), regions, region_id=form.region_id.data):
        flash(_("%(title)s is planned. Open it when the room is ready.", title=form.result.title))
        return redirect(url_for(".clinic", code=form.result.code))
    return render_template("clinics/plan.html", form=form, clinic=None), form.status


def _programme_of(form: PlanForm, regions: list[Region]) -> Programme:
    chosen = next((region for region in regions if str(region.id) == str(form.region_id.data)), regions[0])
    return db.session.get_one(Programme, chosen.programme_id)


def _plan(actor: Actor, regions: list[Region], *, region_id: int, **details: Any) -> Clinic:
    return commands.plan_clinic(actor, next(region for region in regions if region.id == region_id), **details)


@bp.route("/clinics/<code>/plan", methods=["GET", "POST"])
def change(code: str) -> Any:
    clinic = queries.find_clinic(me(), code)
    policy.may_change_clinic.require(me(), clinic)
    form = ClinicForm.read(obj=clinic, data={"agenda_text": clinic.agenda})
    form.offer(db.session.get_one(Programme, clinic.programme_id))
    if form.submit_to(commands.change_clinic, me(), clinic):
        flash(_("The plan is saved."))
        return redirect(url_for(".clinic", code=clinic.code))
    return render_template("clinics/plan.html", form=form, clinic=clinic), form.status


# One clinic


@bp.get("/clinics/<code>")
def clinic(code: str) -> Any:
    found = queries.find_clinic(me(), code)
    state = ListState.read(IDEA_SORTS, "captured", descending=True)
    if state.export:
        return write_table(_idea_columns(), _idea_lines(found, state), state.export, found.code)
    return _page(found, state)


def _page(found: Clinic, state: ListState | None = None, status: int = 200, **forms: Any) -> Any:
    """The clinic's page; ``forms`` are those that were sent and refused."""
    state = state or ListState("captured", True, 1, None)
    shown = {
        "facilitator_form": FacilitatorForm(),
        "attendance_form": _attendance_form(found)(data=found.attendance),
    } | forms
    page = state.on(_ideas(found, state, page=state.number))
    return render_template(
        "clinics/clinic.html",
        clinic=found,
        names=queries.names_of(found),
        marks=_marks(found),
        steps=CLINIC.triggers(found.state),
        facilitators=queries.list_facilitators(found),
        total=queries.count_ideas(me(), found),
        page=page,
        nameless=read_nameless(me(), page.items),
        state=state,
        cards=cards.count_cards(found),
        without_step=next_steps.without_next_step(me(), found) if found.state in ("open", "voting", "closed") else [],
        report_reasons=queries.report_reasons(found) if found.state == "closed" else (),
        heads=_heads(found),
        attendees=reporting.attended(found),
        state_names=STATE_NAMES,
        tones=STATE_TONES,
        editable=found.state in agenda.EDITABLE,
        **shown,
    ), status


def _marks(found: Clinic) -> list[dict[str, Any]]:
    here = agenda.STATES.index(found.state)
    status = {True: "done", False: "todo"}
    return [
        {"label": STATE_NAMES[key], "kind": "stage", "status": "now" if at == here else status[at < here], "note": ""}
        for at, key in enumerate(agenda.STATES)
        if key != "voting" or found.state == "voting"
    ]


def _ideas(found: Clinic, state: ListState, *, page: int = 1, size: int = 20) -> Any:
    sort = f"-{state.sort}" if state.descending else state.sort
    by = ideas.Filters(clinic=found.id, standing="any")
    return ideas.list_ideas(me(), by, sort=sort, page=page, size=size)


def _idea_columns() -> list[tuple[str, str]]:
    return [
        ("reference", _("Reference")),
        ("title", _("Idea")),
        ("owner", _("Owner")),
        ("theme", _("Theme")),
        ("where", _("Where it is")),
        ("standing", _("Standing")),
        ("captured", _("Captured on")),
    ]


def _idea_lines(found: Clinic, state: ListState) -> Iterator[dict[str, Any]]:
    listed = _ideas(found, state, size=MOST_EXPORTED).items
    nameless = read_nameless(me(), listed)
    for idea in listed:
        yield _idea_line(idea) | ({"owner": ""} if idea.id in nameless else {})


def _idea_line(idea: Idea) -> dict[str, Any]:
    return {
        "reference": idea.reference,
        "title": idea.title,
        "owner": idea.owner.name,
        "theme": idea.theme.name if idea.theme else "",
        "where": _(idea.where.name),
        "standing": idea.standing,
        "captured": idea.captured_at.date(),
    }


@bp.post("/clinics/<code>/state")
def state(code: str) -> Any:
    found = queries.find_clinic(me(), code)
    step = commands.STEPS.get(request.form.get("step", ""))
    if step is None:
        flash(_("Choose what to do with the clinic."), "error")
        return redirect(url_for(".clinic", code=found.code))
    try:
        changed = step(me(), found)
    except Refused as refused:
        if step in (commands.close_clinic, commands.report_clinic) and next_steps.without_next_step(me(), found):
            return after_views.steps_page(found, refused)
        raise
    flash(_("The clinic is now: %(state)s.", state=STATE_NAMES[changed.state]))
    return redirect(url_for(".clinic", code=found.code))


@bp.post("/clinics/<code>/attendance")
def attendance(code: str) -> Any:
    found = queries.find_clinic(me(), code)
    form = _attendance_form(found).read()
    if form.submit_to(commands.record_attendance, me(), found):
        flash(_("The attendance is recorded."))
        return redirect(url_for(".clinic", code=found.code, _anchor="attendance"))
    return _page(found, status=form.status, attendance_form=form)


@bp.post("/clinics/<code>/facilitators")
def facilitators(code: str) -> Any:
    found = queries.find_clinic(me(), code)
    form = FacilitatorForm.read()
    if form.submit_to(commands.add_facilitator, me(), found):
        flash(_("%(name)s runs this clinic now.", name=form.result.name))
        return redirect(url_for(".clinic", code=found.code, _anchor="facilitators"))
    return _page(found, status=form.status, facilitator_form=form)


@bp.post("/clinics/<code>/facilitators/<int:person_id>/end")
def end_facilitator(code: str, person_id: int) -> Any:
    found = queries.find_clinic(me(), code)
    commands.end_facilitator(me(), found, person_id=person_id)
    flash(_("That person no longer runs this clinic."))
    return redirect(url_for(".clinic", code=found.code, _anchor="facilitators"))
