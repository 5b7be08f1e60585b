"""One's own page: name, password, roles and the browsers that are signed in."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.accounts import commands, factors, queries
from innovation.accounts.blueprint import bp
from innovation.accounts.forms import AFFILIATIONS, ChangePasswordForm, DetailsForm
from innovation.accounts.models import Person
from innovation.accounts.scopes import name_scopes
from innovation.accounts.views.signing_in import provider_name
from innovation.languages import gettext as _
from innovation.languages import ngettext
from innovation.web import full_address, me


@bp.get("/account")
def sessions() -> Any:
    return _page()


def _page(status: int = 200, **forms: Any) -> Any:
    """The page; ``forms`` are those that were sent and refused."""
    person = queries.find_self(me())
    grants = [grant for grant in person.grants if grant.ended_at is None]
    shown = {"details": DetailsForm(obj=person), "password": ChangePasswordForm()} | forms
    return render_template(
        "accounts/account.html",
        person=person,
        factors=factors.find_factors(person.account.id) if person.account else None,
        identities=queries.list_identities(person.account) if person.account else (),
        provider=provider_name(),
        sessions=queries.list_sessions(me()),
        grants=grants,
        places=name_scopes(grants),
        affiliations=queries.list_affiliations(person),
        affiliation_names=AFFILIATIONS,
        calendar=_calendar_address(person),
        **shown,
    ), status


def _calendar_address(person: Person) -> str:
    """The whole address of the person's calendar; empty where they have none."""
    token = queries.find_calendar(person)
    return full_address(url_for("pipeline.calendar", secret=queries.secret_of(token))) if token else ""


@bp.post("/account/calendar")
def open_calendar() -> Any:
    commands.open_calendar(me(), queries.find_self(me()))
    flash(_("Your calendar has an address. Give it to your calendar program, and to nobody else."))
    return redirect(url_for(".sessions", _anchor="calendar"))


@bp.post("/account/calendar/removal")
def close_calendar() -> Any:
    commands.close_calendar(me(), queries.find_self(me()))
    flash(_("The address of your calendar works no more."))
    return redirect(url_for(".sessions", _anchor="calendar"))


@bp.post("/account/details")
def details() -> Any:
    form = DetailsForm.read()
    if form.submit_to(commands.change_own_details, me(), queries.find_self(me())):
        flash(_("Your details are saved."))
        return redirect(url_for(".sessions"))
    return _page(form.status, details=form)


@bp.post("/account/password")
def password() -> Any:
    form = ChangePasswordForm.read()
    account = queries.find_self(me()).account
    if form.submit_to(commands.change_password, me(), account, address=request.remote_addr or ""):
        flash(_("Your password is changed. Your other sessions have ended."))
        return redirect(url_for(".sessions"))
    return _page(form.status, password=form)


@bp.post("/account/sessions/<int:session_id>")
def end_session(session_id: int) -> Any:
    commands.end_session(me(), queries.find_own_session(me(), session_id))
    flash(_("That session has ended."))
    return redirect(url_for(".sessions"))


@bp.post("/account/other-sessions")
def end_other_sessions() -> Any:
    ended = commands.end_other_sessions(me(), queries.find_self(me()))
    flash(ngettext("%(num)d other session has ended.", "%(num)d other sessions have ended.", ended))
    return redirect(url_for(".sessions"))
