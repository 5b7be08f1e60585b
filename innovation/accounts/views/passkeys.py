"""Passkeys: adding, naming and removing one's own, and signing in with one."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, session, url_for

from innovation.accounts import commands, factors, passkeys, queries
from innovation.accounts.blueprint import bp
from innovation.accounts.forms import CodeForm, NewPasskeyForm, PasskeyAnswerForm, PasskeyNameForm, SignInForm
from innovation.accounts.models import Account
from innovation.accounts.passkeys import Challenge
from innovation.accounts.secondfactor import HalfWay
from innovation.accounts.views.second_factor import added, own_account, page, proved
from innovation.accounts.views.second_step import half_way
from innovation.accounts.views.second_step import page as second_step_page
from innovation.accounts.views.signing_in import browser, home, remember, sign_in_page
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.web import me, public, safe_next

ADD, ALONE, SECOND = "add", "alone", "second"


def _challenge(purpose: str) -> Challenge:
    """A new challenge, kept in the signed cookie until it is answered."""
    made = Challenge.make(purpose)
    session["challenge"] = made.kept()
    return made


def _answered(purpose: str) -> Challenge | None:
    return Challenge.read(session.pop("challenge", None), purpose)


def _json(options: str) -> Response:
    return Response(options, mimetype="application/json")


# One's own


@bp.post("/account/passkeys/options")
@proved
def passkey_options() -> Any:
    account = own_account()
    return _json(passkeys.ask_to_make(account, factors.list_passkeys(account.id), _challenge(ADD)))


@bp.post("/account/passkeys")
@proved
def add_passkey() -> Any:
    form = NewPasskeyForm.read()
    if form.submit_to(commands.add_passkey, me(), own_account(), challenge=_answered(ADD)):
        return added(form.result)
    return page(form)


@bp.post("/account/passkeys/<int:passkey_id>")
@proved
def rename_passkey(passkey_id: int) -> Any:
    form = PasskeyNameForm.read()
    if form.submit_to(commands.rename_passkey, me(), factors.find_own_passkey(me(), passkey_id)):
        flash(_("The name is saved."))
    else:
        flash(_("Give it a name of at most 60 characters."), "error")
    return redirect(url_for(".second_factor"))


@bp.post("/account/passkeys/<int:passkey_id>/removal")
@proved
def remove_passkey(passkey_id: int) -> Any:
    commands.remove_passkey(me(), factors.find_own_passkey(me(), passkey_id))
    flash(_("The passkey is removed. Your other sessions have ended."))
    return redirect(url_for(".second_factor"))


# Signing in


@bp.post("/sign-in/passkey/options")
@public
def sign_in_options() -> Any:
    if "second" not in request.args:
        return _json(passkeys.ask_to_sign((), _challenge(ALONE), alone=True))
    _half, account = half_way()
    if account is None:
        raise NotThere
    return _json(passkeys.ask_to_sign(factors.list_passkeys(account.id), _challenge(SECOND), alone=False))


@bp.post("/sign-in/passkey")
@public
def sign_in_by_passkey() -> Any:
    going = safe_next(request.args.get("next"))
    if "second" in request.args:
        half, account = half_way()
        return _finish(half, account, going) if half and account else redirect(url_for(".sign_in", next=going))
    form = PasskeyAnswerForm.read()
    if form.submit_to(commands.sign_in_with_passkey, me(), None, challenge=_answered(ALONE), **browser()):
        remember(form.result)
        return redirect(going or home())
    shown = SignInForm()
    shown.refusals, shown.status = form.refusals or [_("The browser sent no passkey. Please try again.")], 422
    return sign_in_page(shown, going)


def _finish(half: HalfWay, account: Account, going: str | None) -> Any:
    form, actor = PasskeyAnswerForm.read(), queries.actor_of(account.person)
    details = {"half": half, "challenge": _answered(SECOND), **browser()}
    if form.submit_to(commands.finish_with_passkey, actor, account, **details):
        remember(form.result)
        return redirect(going or home())
    shown = CodeForm()
    shown.refusals, shown.status = form.refusals or [_("The browser sent no passkey. Please try again.")], 422
    by_recovery = factors.find_factors(account.id).app is None
    if by_recovery:
        shown.ask_for_recovery()
    return second_step_page(shown, account, going, by_recovery=by_recovery)
