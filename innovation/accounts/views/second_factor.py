"""One's own second factor: an app, recovery codes, and the password asked for again before they change."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from flask import current_app, flash, redirect, render_template, request, session, url_for
from markupsafe import Markup

from innovation.accounts import commands, factors, passkeys, queries, secondfactor
from innovation.accounts.blueprint import bp
from innovation.accounts.forms import CodeForm, NewPasskeyForm, ProofForm
from innovation.accounts.models import Account, AppFactor
from innovation.accounts.views.requirement import is_owed
from innovation.accounts.views.signing_in import provider_name
from innovation.db import now
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.web import me

PROVED_MINUTES = 15


def proved(view: Callable[..., Any]) -> Callable[..., Any]:
    """Open a view only soon after the password was given: a browser left open changes no second factor."""

    @functools.wraps(view)
    def ask(**arguments: Any) -> Any:
        return view(**arguments) if _has_proved() else redirect(url_for("accounts.prove"))

    return ask


def _has_proved() -> bool:
    """The password was given at sign-in or on the page for it, in this session, within the last minutes.

    A sign-in by the provider proves less: it may have asked for nothing, because it knew the browser.
    """
    started = None if session.get("by_provider") == me().session_id else factors.started_at(me())
    session_id, at = session.get("proved", (None, 0))
    latest = max(started.timestamp() if started else 0, at if session_id == me().session_id else 0)
    return now().timestamp() - latest < PROVED_MINUTES * 60


@bp.route("/account/proof", methods=["GET", "POST"])
def prove() -> Any:
    form = ProofForm.read()
    session_id = me().session_id
    if form.submit_to(commands.prove, me(), own_account(), address=request.remote_addr or ""):
        session["proved"] = [session_id, now().timestamp()]
        return redirect(url_for(".second_factor"))
    return render_template(
        "accounts/second_proof.html", form=form, account=own_account(), provider=provider_name()
    ), form.status


def own_account() -> Account:
    account = queries.find_self(me()).account
    if account is None:
        raise NotThere
    return account


@bp.get("/account/second-factor")
@proved
def second_factor() -> Any:
    return page(NewPasskeyForm())


def page(form: NewPasskeyForm) -> Any:
    """What there is; ``form`` is the one for a new passkey, perhaps sent and refused."""
    return render_template(
        "accounts/second_factor.html",
        form=form,
        factors=factors.find_factors(own_account().id),
        is_owed=is_owed(me()),
        with_passkeys=passkeys.are_possible(),
    ), form.status


@bp.post("/account/second-factor/app/secret")
@proved
def begin_app() -> Any:
    commands.begin_app(me(), own_account())
    return redirect(url_for(".app"))


@bp.route("/account/second-factor/app", methods=["GET", "POST"])
@proved
def app() -> Any:
    account = own_account()
    if factors.find_factors(account.id).app is not None:
        return redirect(url_for(".second_factor"))
    begun = factors.find_begun_app(account)
    form = CodeForm.read()
    if form.submit_to(commands.confirm_app, me(), account):
        return added(form.result)
    return _picture(account, begun, form)


def added(codes: list[str]) -> Any:
    """The first factor brings recovery codes, which are shown in this answer and never again."""
    flash(_("Your second factor is set up. Your other sessions have ended."))
    return _show(codes) if codes else redirect(url_for("accounts.second_factor"))


def _show(codes: list[str]) -> Any:
    return render_template("accounts/second_codes.html", codes=codes)


def _picture(account: Account, begun: AppFactor, form: CodeForm) -> Any:
    secret = secondfactor.unseal(begun.sealed_secret) or ""
    site = current_app.config["SETTINGS"].site_name
    import segno

    picture = segno.make(secondfactor.provisioning(secret, account.email, site), error="m", micro=False)
    svg = picture.svg_inline(scale=5, border=2, dark="#000", light="#fff", lineclass=None, svgclass="qr")
    return (
        render_template(
            "accounts/second_app.html",
            form=form,
            qr=Markup(svg),  # noqa: S704 (made by the library from an address of ours)
            secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        ),
        form.status,
    )


@bp.post("/account/second-factor/app/removal")
@proved
def remove_app() -> Any:
    commands.remove_app(me(), own_account())
    flash(_("The app is no longer asked for. Your other sessions have ended."))
    return redirect(url_for(".second_factor"))


@bp.post("/account/second-factor/codes")
@proved
def renew_codes() -> Any:
    return _show(commands.renew_codes(me(), own_account()))
