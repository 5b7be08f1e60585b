"""Going to the provider and coming back: to sign in, to accept an invitation, to link an account, to prove oneself."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import structlog
from flask import current_app, flash, redirect, render_template, request, session, url_for

from innovation.accounts import commands, provider, queries
from innovation.accounts.blueprint import bp
from innovation.accounts.knownbrowser import KnownBrowser
from innovation.accounts.provider import Errand, NotGenuine, Pending, ProviderAway, Told
from innovation.accounts.secondfactor import HalfWay
from innovation.accounts.views.second_factor import own_account, proved
from innovation.accounts.views.signing_in import (
    browser,
    go_half_way,
    home,
    link_over,
    provider_name,
    remember,
    start_browser_session,
)
from innovation.db import db, now
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.web import full_address, me, public, safe_next
from workflows import Refused

logger = structlog.get_logger()
FRESH_SECONDS = 60
View = Callable[..., Any]


def offered(view: View) -> View:
    """There is no such address unless a provider is named."""

    @functools.wraps(view)
    def ask(**arguments: Any) -> Any:
        if not provider.is_offered():
            raise NotThere
        return view(**arguments)

    return ask


# Going there


@bp.post("/sign-in/provider")
@public
@offered
def sign_in_by_provider() -> Any:
    return _send(Errand.make("sign_in", going=safe_next(request.args.get("next")) or ""))


@bp.post("/invitations/<secret>/provider")
@public
@offered
def accept_by_provider(secret: str) -> Any:
    if queries.find_token(queries.INVITATION, secret) is None:
        return link_over("invitation")
    return _send(Errand.make("accept", secret))


@bp.post("/account/identities")
@offered
@proved
def link_identity() -> Any:
    return _send(Errand.make("link", str(me().session_id)))


@bp.post("/account/proof/provider")
@offered
def prove_by_provider() -> Any:
    return _send(Errand.make("prove", str(me().session_id)))


def _send(errand: Errand) -> Any:
    """A page that goes on to the provider by itself: our policy lets no form lead elsewhere, not even by a detour."""
    from innovation.accounts import oidc

    db.session.rollback()  # nobody should wait for the database while we wait for the provider
    try:
        address = oidc.address_of(errand, _back(), freshly=errand.purpose == "prove")
    except ProviderAway as error:
        return _away(error)
    session["provider"] = errand.kept()
    return render_template("accounts/provider_go.html", address=address, provider=provider_name())


def _back() -> str:
    return full_address(current_app.url_map.bind("localhost").build("accounts.provider_return"))


# Coming back


@bp.get("/sign-in/provider/return")
@public
@offered
def provider_return() -> Any:
    errand = Errand.read(session.pop("provider", None))
    if errand is None:
        return _trouble("late", 400)
    if "error" in request.args and "code" not in request.args:
        return _trouble("stopped", 400)
    try:
        told = commands.hear_provider(
            me(),
            errand,
            answer=request.args,
            back=_back(),
            address=request.remote_addr or "",
            known=KnownBrowser.here(),
        )
    except ProviderAway as error:
        return _away(error)
    except NotGenuine as error:
        logger.warning("provider_not_genuine", what=str(error))
        return _trouble("not_genuine", 400)
    return ERRANDS[errand.purpose](errand, told)


def _sign_in(errand: Errand, told: Told) -> Any:
    going = safe_next(errand.going)
    identity = queries.find_identity(told.issuer, told.subject)
    if identity is None:
        return _offer_to_link(told, going)
    if identity.account.disabled_at is not None:
        return _trouble("unknown", 403)
    found = commands.sign_in_with_identity(me(), identity, **browser())
    if isinstance(found, HalfWay):
        on = go_half_way(found, going)
        session["half_by_provider"] = True
        return on
    remember(found)
    session["by_provider"] = me().session_id
    return redirect(going or home())


def _offer_to_link(told: Told, going: str | None) -> Any:
    """An account with an e-mail that the provider has checked is linked once its owner has signed in as before."""
    account = queries.find_account(told.email) if told.email else None
    if account is None or account.disabled_at is not None:
        return _trouble("unknown", 403)
    session["pending"] = Pending.of(account.id, told).kept()
    name = provider_name()
    flash(
        _("Sign in once more as you did until now. After that, you can always use %(provider)s.", provider=name), "info"
    )
    return redirect(url_for(".sign_in", next=going))


def _accept(errand: Errand, told: Told) -> Any:
    token = queries.find_token(queries.INVITATION, errand.subject)
    if token is None:
        return link_over("invitation")
    try:
        account = commands.accept_by_identity(queries.actor_of(token.person), token, told=told)
    except Refused as refused:
        flash(" ".join(_(reason) for reason in refused.reasons), "error")
        return redirect(url_for(".invitation", secret=errand.subject))
    start_browser_session(account)
    flash(_("Welcome. Your sign-in is open."))
    return redirect(home())


def _link(errand: Errand, told: Told) -> Any:
    _require_same_session(errand)
    try:
        commands.link_identity(me(), own_account(), told=told)
        flash(_("Your sign-in is linked. Your other sessions have ended."))
    except Refused as refused:
        flash(" ".join(_(reason) for reason in refused.reasons), "error")
    return redirect(url_for(".sessions"))


def _prove(errand: Errand, told: Told) -> Any:
    """It counts when the provider says that it has just asked, and that it was the person it is linked to."""
    _require_same_session(errand)
    identity = queries.find_identity(told.issuer, told.subject)
    if identity is None or identity.account_id != me().account_id or told.asked_at < errand.at - FRESH_SECONDS:
        flash(_("%(provider)s did not ask you again. Use your password instead.", provider=provider_name()), "error")
        return redirect(url_for(".prove"))
    session["proved"] = [me().session_id, now().timestamp()]
    return redirect(url_for(".second_factor"))


def _require_same_session(errand: Errand) -> None:
    if me().session_id is None or errand.subject != str(me().session_id):
        raise NotThere


ERRANDS: dict[str, Callable[[Errand, Told], Any]] = {
    "sign_in": _sign_in,
    "accept": _accept,
    "link": _link,
    "prove": _prove,
}


def _away(error: ProviderAway) -> Any:
    logger.error("provider_away", why=str(error))
    return _trouble("away", 503)


def _trouble(kind: str, status: int) -> Any:
    return render_template("accounts/provider_trouble.html", kind=kind, provider=provider_name()), status


# Taking the link away


@bp.post("/account/identities/<int:identity_id>/removal")
@proved
def unlink_identity(identity_id: int) -> Any:
    commands.unlink_identity(me(), queries.find_own_identity(me(), identity_id))
    flash(_("The link is removed. Your other sessions have ended."))
    return redirect(url_for(".sessions"))
