"""The directory of funders, and a funder's profile, mandate and people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.db import db
from innovation.exports import Asked, Listing, export, listing
from innovation.funders import commands, policy, queries
from innovation.funders.blueprint import bp
from innovation.funders.codes import INSTRUMENT_NAMES, KINDS, LEGAL_NAMES
from innovation.funders.forms import DirectoryFilterForm, InviteForm, ProfileForm, mandate_form
from innovation.funders.models import Award, Funder, Mandate
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.lists import ListState
from innovation.permission import Actor, NotThere
from innovation.places.names import PROVINCES
from innovation.places.queries import list_districts
from innovation.tables import write_table
from innovation.web import me
from workflows import Definition

MOST_EXPORTED = 10_000


@bp.get("/funders")
def funders() -> Any:
    form, state = DirectoryFilterForm.of_query().translated(), ListState.read(queries.SORTS, "name")
    filters, sort = form.filters(), _sort(state)
    if state.export:
        found = list(db.session.scalars(queries.funders_query(me(), filters, sort).limit(MOST_EXPORTED)))
        mandates = queries.latest_mandates([funder.id for funder in found])
        rows = (_line(funder, mandates.get(funder.id)) for funder in found)
        return write_table(_columns(), rows, state.export, "funders")
    page = state.on(queries.list_funders(me(), filters, sort=sort, page=state.number))
    return render_template(
        "funders/funders.html",
        page=page,
        form=form,
        state=state,
        mandates=queries.latest_mandates([funder.id for funder in page.items]),
        kinds=dict(KINDS),
        reasons=queries.pass_reasons(me()) if policy.may_see_pass_reasons.allows(me()) else None,
    )


def _sort(state: ListState) -> str:
    return f"-{state.sort}" if state.descending else state.sort


def _columns() -> list[tuple[str, str]]:
    return [
        ("name", _("Funder")),
        ("kind", _("Kind")),
        ("mandate", _("Mandate of")),
        ("least", _("Least amount, rand")),
        ("most", _("Most, rand")),
        ("awards", _("Past awards")),
        ("website", _("Website")),
        ("source", _("Source")),
    ]


def _line(funder: Funder, mandate: Mandate | None) -> dict[str, Any]:
    least = mandate.ticket_min_cents if mandate else None
    most = mandate.ticket_max_cents if mandate else None
    return {
        "name": funder.name,
        "kind": _(dict(KINDS).get(funder.kind, funder.kind)),
        "mandate": mandate.made_at.date() if mandate else None,
        "least": None if least is None else least / 100,
        "most": None if most is None else most / 100,
        "awards": funder.history.get("n_dev"),
        "website": funder.website,
        "source": funder.source,
    }


@bp.route("/funders/new", methods=["GET", "POST"])
def make_funder() -> Any:
    policy.may_make_funder.require(me())
    form = ProfileForm.read().translated()
    if request.method == "POST" and form.submit_to(commands.make_funder, me()):
        flash(_("The funder is in the directory. Write its mandate, so that ideas can be matched."))
        return redirect(url_for(".mandate", key=form.result.key))
    return render_template("funders/profile.html", form=form, funder=None), form.status


@bp.get("/funders/<key>")
def funder(key: str) -> Any:
    found = queries.find_funder(me(), key)
    state = ListState.read(queries.AWARD_SORTS, "date", descending=True)
    if state.export:
        return export(AWARDS, me(), {"key": key, "sort": _sort(state)}, state.export)
    page = state.on(queries.list_awards(found, sort=_sort(state), page=state.number))
    mandate = queries.latest_mandate(found)
    return render_template(
        "funders/funder.html",
        funder=found,
        mandate=mandate,
        looks_for=_mandate_words(mandate) if mandate else [],
        page=page,
        state=state,
        kinds=dict(KINDS),
    )


def _award_ids(actor: Actor, asked: Asked, most: int) -> list[int]:
    query = queries.awards_query(queries.find_funder(actor, asked["key"]), asked["sort"]).limit(most)
    return list(db.session.scalars(query.with_only_columns(Award.id, maintain_column_froms=True)))


def _award_lines(actor: Actor, ids: Sequence[int], asked: Asked) -> Iterator[tuple[int, Mapping[str, Any]]]:
    query = queries.awards_query(queries.find_funder(actor, asked["key"]), asked["sort"]).where(Award.id.in_(ids))
    yield from ((award.id, _award_line(award)) for award in db.session.scalars(query))


AWARDS = listing(
    Listing("awards", lazy_gettext("Past awards"), _award_ids, _award_lines, lambda _asked, _all: _award_columns())
)


def _award_columns() -> list[tuple[str, str]]:
    return [
        ("awarded_on", _("Awarded")),
        ("identifier", _("Identifier")),
        ("title", _("Title")),
        ("theme", _("Theme")),
        ("amount", _("Amount")),
        ("currency", _("Currency")),
        ("source", _("Source")),
    ]


def _award_line(award: Any) -> dict[str, Any]:
    keys = ("awarded_on", "identifier", "title", "theme", "currency", "source")
    return {key: getattr(award, key) for key in keys} | {"amount": award.amount_minor / 100}


def _mandate_words(mandate: Mandate) -> list[tuple[str, str]]:
    """The mandate in words: pairs of term and list."""
    themes, topics = (dict(pairs) for pairs in queries.themes_and_topics())
    definitions = list(queries.definitions_in_use().values())
    stages = {s.key: s.name for s in queries.stages_for_funders(definitions)}
    called, phases = queries.phases_in_use(definitions)
    names = dict(phases)
    districts = {d.id: d.name for d in list_districts()} if mandate.district_ids else {}
    preferred, accepted = (
        [stages.get(key, key) for key, level in mandate.appetite.items() if level == wanted]
        for wanted in ("preferred", "accepted")
    )
    places = [PROVINCES.get(code, code) for code in mandate.provinces]
    places += [districts.get(int(key), str(key)) for key in mandate.district_ids]
    return [
        (_("Themes"), _listed((themes.get(key, key) for key in mandate.theme_keys), _("Any"))),
        (_("Topics not funded"), _listed((topics.get(key, key) for key in mandate.exclusions), "")),
        *(
            [(_(called), _listed((_(names.get(key.lower(), key)) for key in mandate.phases), _("Any")))]
            if called
            else []
        ),
        (_("Where"), _listed([_("The whole country")] * mandate.national + places, _("Any"))),
        (_("Stages preferred"), _listed(map(_, preferred), "")),
        (_("Stages accepted"), _listed(map(_, accepted), "" if preferred else _("Any"))),
        (_("In which form"), _listed((_(INSTRUMENT_NAMES.get(key, key)) for key in mandate.instruments), _("Any"))),
        (_("Must be"), _listed((_(LEGAL_NAMES.get(key, key)) for key in mandate.requires), "")),
        (_("Evidence at least"), _least_evidence(mandate, definitions)),
    ]


def _least_evidence(mandate: Mandate, definitions: Iterable[Definition]) -> str:
    names = {level.key: level.name for definition in definitions for level in definition.evidence_levels}
    least = mandate.min_evidence
    return f"{least} {_(names.get(least, ''))}".strip() if least else _("Any")


def _listed(items: Any, nothing: str) -> str:
    return ", ".join(items) or nothing


@bp.route("/funders/<key>/profile", methods=["GET", "POST"])
def profile(key: str) -> Any:
    found = queries.find_funder(me(), key)
    policy.may_change_funder.require(me(), found)
    form = ProfileForm.read(obj=found).translated()
    if request.method == "POST" and form.submit_to(commands.change_funder, me(), found):
        flash(_("The profile is saved."))
        return redirect(url_for(".funder", key=key))
    return render_template("funders/profile.html", form=form, funder=found), form.status


@bp.get("/funders/mandate")
def own_mandate() -> Any:
    return redirect(url_for(".mandate", key=queries.acting_funder(me()).key))


@bp.route("/funders/<key>/mandate", methods=["GET", "POST"])
def mandate(key: str) -> Any:
    found = queries.find_funder(me(), key)
    policy.may_change_mandate.require(me(), found)
    stages = queries.stages_for_funders(queries.definitions_in_use().values())
    form = mandate_form(stages, found, queries.latest_mandate(found))
    if request.method == "POST" and form.submit_to(commands.change_mandate, me(), found):
        flash(_("The mandate is saved as version %(number)s.", number=form.result.number))
        own = found.id in me().funder_ids
        return redirect(url_for(".browse", fund=key) if own else url_for(".funder", key=key))
    return render_template(
        "funders/mandate.html", form=form, funder=found, versions=queries.list_mandates(found)
    ), form.status


@bp.route("/funders/<key>/people", methods=["GET", "POST"])
def people(key: str) -> Any:
    found = queries.find_funder(me(), key)
    colleagues = queries.list_colleagues(me(), found)
    form = InviteForm.read().translated()
    if request.method == "POST":
        policy.may_invite_to_funder.require(me(), found)
        if form.submit_to(commands.invite_to_funder, me(), found):
            flash(_("%(name)s can now act for the fund.", name=form.result.name))
            return redirect(url_for(".people", key=key))
    return render_template("funders/people.html", funder=found, colleagues=colleagues, form=form), form.status


@bp.post("/funders/<key>/people/<int:grant_id>/end")
def end_role(key: str, grant_id: int) -> Any:
    found = queries.find_funder(me(), key)
    if not policy.may_see_funder_people.allows(me(), found):
        raise NotThere
    grant = queries.find_colleague(me(), found, grant_id)
    commands.end_funder_role(me(), grant)
    flash(_("%(name)s no longer acts for the fund.", name=grant.person.name))
    leaving = grant.person_id == me().person_id
    return redirect(url_for("accounts.sessions") if leaving else url_for(".people", key=key))
