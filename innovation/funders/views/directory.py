"""The directory of funders, and a funder's page, profile and people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.db import db
from innovation.exports import Asked, Listing, export, listing, whole_lines
from innovation.funders import commands, policy, queries
from innovation.funders.blueprint import bp
from innovation.funders.codes import KINDS, VISIBILITIES
from innovation.funders.forms import DirectoryFilterForm, InviteForm, ProfileForm
from innovation.funders.models import Award, Funder
from innovation.funders.queries import Giving
from innovation.funders.views.mandate_words import Wording
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.lists import ListState
from innovation.permission import Actor, NotThere
from innovation.tables import write_table
from innovation.web import local, me, public, today

MOST_EXPORTED = 10_000


@bp.get("/funders")
def funders() -> Any:
    form, state = DirectoryFilterForm.of_query().translated(), ListState.read(queries.SORTS, "name")
    filters, sort = form.filters(), _sort(state)
    if state.export:
        found = list(db.session.scalars(queries.funders_query(me(), filters, sort).limit(MOST_EXPORTED)))
        givings = queries.list_givings(funder.id for funder in found)
        rows = (_line(funder, givings.get(funder.id, [])) for funder in found)
        return write_table(_columns(), rows, state.export, "funders")
    page = state.on(queries.list_funders(me(), filters, sort=sort, page=state.number))
    givings = queries.list_givings(funder.id for funder in page.items)
    return render_template(
        "funders/funders.html",
        page=page,
        form=form,
        state=state,
        givings=givings,
        spans={funder_id: _span(found) for funder_id, found in givings.items()},
        kinds=dict(KINDS),
        reasons=queries.pass_reasons(me()) if policy.may_see_pass_reasons.allows(me()) else None,
    )


def _span(givings: Sequence[Giving]) -> tuple[int | None, int | None]:
    """The least and the most that a funder gives, over all its programmes; None where it says nothing."""
    said = [each.mandate for each in givings if each.mandate]
    least = [each.ticket_min_cents for each in said if each.ticket_min_cents is not None]
    most = [each.ticket_max_cents for each in said if each.ticket_max_cents is not None]
    return min(least, default=None), max(most, default=None)


def _sort(state: ListState) -> str:
    return f"-{state.sort}" if state.descending else state.sort


def _columns() -> list[tuple[str, str]]:
    return [
        ("name", _("Funder")),
        ("kind", _("Kind")),
        ("programmes", _("Programmes")),
        ("mandate", _("Mandate of")),
        ("confirm", _("To be confirmed before")),
        ("least", _("Least amount, rand")),
        ("most", _("Most, rand")),
        ("awards", _("Past awards")),
        ("visibility", _("Who may find it")),
        ("verified", _("Checked on")),
        ("website", _("Website")),
        ("source", _("Source")),
    ]


def _line(funder: Funder, givings: Sequence[Giving]) -> dict[str, Any]:
    least, most = _span(givings)
    said = [each.mandate for each in givings if each.mandate]
    return {
        "name": funder.name,
        "kind": _(dict(KINDS).get(funder.kind, funder.kind)),
        "programmes": len(givings),
        "mandate": max((each.made_at.date() for each in said), default=None),
        "confirm": min((each.stale_on for each in said), default=None),
        "least": None if least is None else least / 100,
        "most": None if most is None else most / 100,
        "awards": funder.history.get("n_dev"),
        "visibility": _(dict(VISIBILITIES)[funder.visibility]),
        "verified": funder.verified_at and local(funder.verified_at).date(),
        "website": funder.website,
        "source": funder.source,
    }


@bp.get("/funders/open")
@public
def open_funders() -> Any:
    """What funders look for that agreed to be found by anybody; never whom to contact."""
    state = ListState.read(("name",), "name")
    page = state.on(queries.list_open_funders(page=state.number))
    wording = Wording()
    givings = {
        funder_id: [each for each in found if each.programme.listed and each.counts(today())]
        for funder_id, found in queries.list_givings(funder.id for funder in page.items).items()
    }
    looks_for = {g.programme.id: wording.of(g.mandate) for found in givings.values() for g in found if g.mandate}
    return render_template(
        "funders/open.html", page=page, state=state, givings=givings, looks_for=looks_for, kinds=dict(KINDS)
    )


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
    wording = Wording()
    givings = queries.givings_of(found)
    return render_template(
        "funders/funder.html",
        funder=found,
        givings=givings,
        looks_for={each.programme.id: wording.of(each.mandate) for each in givings if each.mandate},
        budgets=queries.list_budgets(found),
        page=page,
        state=state,
        kinds=dict(KINDS),
        visibilities=dict(VISIBILITIES),
        verifier=queries.verifier_of(found) if policy.may_list_funders.allows(me()) else "",
    )


def _award_ids(actor: Actor, asked: Asked, most: int) -> list[int]:
    query = queries.awards_query(queries.find_funder(actor, asked["key"]), asked["sort"]).limit(most)
    return list(db.session.scalars(query.with_only_columns(Award.id, maintain_column_froms=True)))


def _award_lines(actor: Actor, ids: Sequence[int], asked: Asked) -> Iterator[tuple[int, Mapping[str, Any]]]:
    query = queries.awards_query(queries.find_funder(actor, asked["key"]), asked["sort"]).where(Award.id.in_(ids))
    yield from ((award.id, _award_line(award)) for award in db.session.scalars(query))


def _awards_in_sight(actor: Actor, ids: Sequence[int], asked: Asked) -> set[int]:
    query = queries.awards_query(queries.find_funder(actor, asked["key"])).where(Award.id.in_(ids))
    return set(db.session.scalars(query.with_only_columns(Award.id, maintain_column_froms=True)))


AWARDS = listing(
    Listing(
        "awards",
        lazy_gettext("Past awards"),
        _award_ids,
        _award_lines,
        lambda _asked, _all: _award_columns(),
        whole_lines(_awards_in_sight),
    )
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


@bp.route("/funders/<key>/profile", methods=["GET", "POST"])
def profile(key: str) -> Any:
    found = queries.find_funder(me(), key)
    policy.may_change_funder.require(me(), found)
    form = ProfileForm.read(obj=found).translated()
    if request.method == "POST" and form.submit_to(commands.change_funder, me(), found):
        flash(_("The profile is saved."))
        return redirect(url_for(".funder", key=key))
    return render_template("funders/profile.html", form=form, funder=found), form.status


@bp.post("/funders/<key>/verification")
def verification(key: str) -> Any:
    found = queries.find_funder(me(), key)
    commands.verify_funder(me(), found, answer="no" if request.form.get("answer") == "no" else "yes")
    flash(_("It is noted that you have checked this funder.") if found.verified_at else _("It is not checked now."))
    return redirect(url_for(".funder", key=key))


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
