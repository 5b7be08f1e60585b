"""The pages about schools: the list, the picker, and groups that wait for a district."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from innovation.db import db
from innovation.exports import Asked, Listing, export, listing, open_to_all
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext, ngettext
from innovation.lists import ListState
from innovation.permission import Actor, NotThere
from innovation.places import commands, policy, queries
from innovation.places.forms import MapForm, SchoolFilterForm, TermForm
from innovation.places.models import District, School
from innovation.places.names import province_code
from innovation.web import me

bp = Blueprint("places", __name__)


@bp.get("/schools")
def schools() -> Any:
    form, state = SchoolFilterForm.of_query(), ListState.read(queries.SORTS, "name")
    by = form.filter(state.sort)
    if state.export:
        return export(SCHOOLS, me(), vars(by), state.export)
    page = state.on(queries.list_schools(me(), by, page=state.number))
    return render_template("places/schools.html", page=page, form=form, state=state)


def _columns() -> list[tuple[str, str]]:
    return [
        ("emis", _("EMIS number")),
        ("name", _("School")),
        ("province", _("Province")),
        ("district", _("District")),
        ("old_district", _("District in the register")),
        ("circuit", _("Circuit")),
        ("quintile", _("Quintile")),
        ("phase", _("Phase")),
        ("learners", _("Learners")),
    ]


def _line(school: Any) -> dict[str, Any]:
    names = {"province": school.province.name, "district": school.district.name if school.district else ""}
    keys = ("emis", "name", "old_district", "circuit", "quintile", "phase", "learners")
    return {key: getattr(school, key) for key in keys} | names


def _ids(actor: Actor, asked: Asked, most: int) -> list[str]:
    query = queries.schools_query(actor, queries.SchoolFilter(**asked)).limit(most)
    return list(db.session.scalars(query.with_only_columns(School.emis, maintain_column_froms=True)))


def _lines(actor: Actor, ids: Sequence[str], asked: Asked) -> Iterator[tuple[str, dict[str, Any]]]:
    query = queries.schools_query(actor, queries.SchoolFilter(sort=asked["sort"])).where(School.emis.in_(ids))
    yield from ((school.emis, _line(school)) for school in db.session.scalars(query))


SCHOOLS = listing(
    Listing("schools", lazy_gettext("Schools"), _ids, _lines, lambda _asked, _all: _columns(), open_to_all)
)


@bp.get("/schools/options")
def school_options() -> Any:
    """The picker: schools that fit what has been typed, as JSON or as a list to choose from."""
    if not policy.may_find_school.allows(me()):
        raise NotThere
    field = request.args.get("field", "school")[:40]
    asked = request.args.get("q", request.args.get(field, ""))[:80]
    found = queries.search_schools(asked, province_code(request.args.get("province", "")))
    if request.accept_mimetypes.best == "application/json":
        return jsonify([{"emis": s.emis, "name": s.name, "district": queries.where(s)} for s in found])
    return render_template("places/options.html", found=found, field=field, asked=asked)


@bp.route("/schools/terms", methods=["GET", "POST"])
def terms() -> Any:
    """School terms as they are kept, and one more; a term that is there already is corrected."""
    policy.may_keep_terms.require(me())
    form = TermForm.read()
    if form.submit_to(commands.keep_term, me(), None):
        flash(_("The term is kept."))
        return redirect(url_for(".terms"))
    return render_template("places/terms.html", terms=queries.list_terms(), form=form), form.status


@bp.get("/schools/unmapped")
def unmapped() -> Any:
    return _mapping_page(MapForm(), 200)


@bp.post("/schools/unmapped")
def map_schools() -> Any:
    form = MapForm.read()
    district = db.session.get(District, form.district_id.data) if form.district_id.data else None
    if form.submit_to(commands.map_schools, me(), district):
        text = ngettext("%(num)d school now has its district.", "%(num)d schools now have their district.", form.result)
        flash(text)
        return redirect(url_for(".unmapped"))
    return _mapping_page(form, form.status)


def _mapping_page(form: MapForm, status: int) -> Any:
    groups = queries.list_unmapped(me())
    forms = [_group_form(group, form) for group in groups]
    return render_template("places/unmapped.html", groups=list(zip(groups, forms, strict=True)), form=form), status


def _group_form(group: queries.Unmapped, sent: MapForm) -> MapForm:
    """Each group has its own form; the one that was sent keeps what was chosen."""
    key = {"province_code": group.province_code, "old_district": group.old_district}
    if (sent.province_code.data, sent.old_district.data) == tuple(key.values()):
        return sent
    return MapForm(MultiDict(key))
