"""The pages of administrators and managers: people, their roles, invitations and affiliations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.accounts import commands, factors, policy, queries
from innovation.accounts.blueprint import bp
from innovation.accounts.forms import (
    AFFILIATIONS,
    STATE_NAMES,
    AffiliationForm,
    CorrectForm,
    InviteForm,
    PeopleFilterForm,
    RoleForm,
    role_name,
)
from innovation.accounts.models import Person
from innovation.accounts.scopes import WHERE, list_scopes, name_scopes
from innovation.db import db, now
from innovation.exports import Asked, Listing, export, listing, whole_lines
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.lists import ListState
from innovation.permission import Actor, Forbidden, NotThere
from innovation.web import me


@bp.get("/people")
def people() -> Any:
    policy.may_list_people.require(me())
    form, state = PeopleFilterForm.of_query(), ListState.read(queries.SORTS, "name")
    asked: Asked = {**form.filter(), "sort": state.sort, "descending": state.descending}
    if state.export:
        return export(PEOPLE, me(), asked, state.export)
    found = queries.list_people(me(), **asked, page=state.number)
    return render_template(
        "accounts/people.html",
        people=found,
        page=state.on(found.page),
        form=form,
        state=state,
        state_names=STATE_NAMES,
    )


def _columns() -> list[tuple[str, str]]:
    return [
        ("name", _("Name")),
        ("email", _("E-mail")),
        ("position", _("Position")),
        ("roles", _("Roles")),
        ("state", _("Sign-in")),
        ("since", _("Known since")),
    ]


def _ids(actor: Actor, asked: Asked, most: int) -> list[int]:
    query = queries.people_query(actor, **asked, most=most).limit(most)
    return list(db.session.scalars(query.with_only_columns(Person.id, maintain_column_froms=True)))


def _lines(actor: Actor, ids: Sequence[int], asked: Asked) -> Iterator[tuple[int, dict[str, Any]]]:
    found = queries.people_by_id(actor, ids, q=asked["q"])
    for person in found.page.items:
        held = found.roles.get(person.id, [])
        yield (
            person.id,
            {
                "name": person.name,
                "email": person.email,
                "position": person.position,
                "roles": "; ".join(": ".join(filter(None, (role_name(h.role), h.where))) for h in held),
                "state": str(STATE_NAMES[found.state(person)]),
                "since": person.created_at.date(),
            },
        )


def _in_sight(actor: Actor, ids: Sequence[int], asked: Asked) -> set[int]:
    return queries.still_found(actor, ids, q=asked["q"])


PEOPLE = listing(
    Listing("people", lazy_gettext("People"), _ids, _lines, lambda _asked, _all: _columns(), whole_lines(_in_sight))
)


@bp.route("/people/invitations", methods=["GET", "POST"])
def invite() -> Any:
    policy.may_invite_person.require(me())
    form = InviteForm.read(data={"email": request.args.get("email", "")[:254]})
    form.offer(list_scopes(me()), _roles())
    if form.submit_to(commands.invite_person, me(), None):
        return _invited(form.result)
    return render_template("accounts/invite.html", form=form), form.status


def _roles() -> tuple[str, ...]:
    return tuple(WHERE) if me().has("administrator") else policy.GIVEN_BY_MANAGERS


def _invited(person: Person) -> Any:
    if person.account is None:
        flash(_("%(name)s is invited. The link goes out by e-mail and works for 14 days.", name=person.name))
    else:
        flash(_("%(name)s has a sign-in already, so the role holds at once.", name=person.name))
    return redirect(url_for(".person", person_id=person.id))


@bp.get("/people/<int:person_id>")
def person(person_id: int) -> Any:
    return _page(queries.find_person(me(), person_id))


def _page(whose: Person, status: int = 200, **forms: Any) -> Any:
    """The person's page; ``forms`` are those that were sent and refused."""
    shown = {
        "role_form": RoleForm(),
        "details": CorrectForm(obj=whose),
        "affiliation_form": AffiliationForm(),
    } | forms
    shown["role_form"].offer(list_scopes(me()), _roles())
    invitation = queries.find_invitation(whose)
    return render_template(
        "accounts/person.html",
        person=whose,
        current=[grant for grant in whose.grants if grant.ended_at is None],
        past=[grant for grant in whose.grants if grant.ended_at is not None],
        places=name_scopes(whose.grants),
        givers=queries.name_people({grant.granted_by_id for grant in whose.grants}),
        affiliations=queries.list_affiliations(whose),
        invitation=invitation,
        has_factor=whose.account is not None and factors.has_factor(whose.account.id),
        is_invited=invitation is not None and invitation.used_at is None and invitation.expires_at > now(),
        affiliation_names=AFFILIATIONS,
        **shown,
    ), status


def _back(person_id: int, told: str) -> Any:
    flash(told)
    return redirect(url_for(".person", person_id=person_id))


@bp.post("/people/<int:person_id>/invitation")
def send_invitation(person_id: int) -> Any:
    commands.send_invitation(me(), queries.find_person(me(), person_id))
    return _back(person_id, _("A new link goes out by e-mail. The earlier one has stopped working."))


@bp.post("/people/<int:person_id>/invitation/withdrawal")
def withdraw_invitation(person_id: int) -> Any:
    commands.withdraw_invitation(me(), queries.find_person(me(), person_id))
    flash(_("The invitation is withdrawn, and its roles have ended."))
    return redirect(url_for(".people"))


@bp.post("/people/<int:person_id>/roles")
def grant_role(person_id: int) -> Any:
    whose = queries.find_person(me(), person_id)
    form = RoleForm.read()
    form.offer(list_scopes(me()), _roles())
    if form.submit_to(commands.grant_role, me(), whose):
        return _back(person_id, _("The role is given and holds from now on."))
    return _page(whose, form.status, role_form=form)


@bp.post("/people/<int:person_id>/roles/<int:grant_id>")
def end_role(person_id: int, grant_id: int) -> Any:
    commands.end_role(me(), queries.find_grant(me(), person_id, grant_id))
    flash(_("The role has ended."))
    try:
        queries.find_person(me(), person_id)
    except NotThere:  # it was the last role that let this person see them
        return redirect(url_for(".people"))
    return redirect(url_for(".person", person_id=person_id))


@bp.post("/people/<int:person_id>/details")
def correct(person_id: int) -> Any:
    whose = queries.find_person(me(), person_id)
    if not policy.may_correct_person.allows(me(), whose):
        raise Forbidden
    form = CorrectForm.read()
    if form.submit_to(commands.correct_person, me(), whose):
        return _back(person_id, _("The details are saved."))
    return _page(whose, form.status, details=form)


@bp.post("/people/<int:person_id>/sign-in")
def reopen_sign_in(person_id: int) -> Any:
    commands.reopen_sign_in(me(), queries.find_person(me(), person_id))
    return _back(person_id, _("The sign-in is open again."))


@bp.post("/people/<int:person_id>/sign-in/closure")
def close_sign_in(person_id: int) -> Any:
    commands.close_sign_in(me(), queries.find_person(me(), person_id))
    return _back(person_id, _("The sign-in is closed, and every session has ended."))


@bp.post("/people/<int:person_id>/second-factor/removal")
def reset_second_factor(person_id: int) -> Any:
    commands.reset_second_factor(me(), queries.find_person(me(), person_id))
    return _back(person_id, _("The second factor is taken off, and every session has ended. They are told by e-mail."))


@bp.post("/people/<int:person_id>/affiliations")
def record_affiliation(person_id: int) -> Any:
    whose = queries.find_person(me(), person_id)
    form = AffiliationForm.read()
    if form.submit_to(commands.record_affiliation, me(), whose):
        return _back(person_id, _("It is noted."))
    return _page(whose, form.status, affiliation_form=form)


@bp.post("/people/<int:person_id>/affiliations/<int:affiliation_id>")
def end_affiliation(person_id: int, affiliation_id: int) -> Any:
    affiliation = queries.find_affiliation(me(), person_id, affiliation_id)
    commands.end_affiliation(me(), queries.find_person(me(), person_id), affiliation=affiliation)
    return _back(person_id, _("It is noted as past."))
