"""The pages before one is signed in: sign-in, forgotten password, and the links that are mailed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import structlog
from flask import Flask, Response, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_login import login_user, logout_user

from innovation import errors
from innovation.accounts import commands, passkeys, provider, queries
from innovation.accounts.blueprint import bp
from innovation.accounts.browsers import describe
from innovation.accounts.forms import ForgottenForm, NewPasswordForm, SignInForm, role_name
from innovation.accounts.knownbrowser import KnownBrowser
from innovation.accounts.models import Account, Token
from innovation.accounts.provider import Pending
from innovation.accounts.scopes import name_scopes
from innovation.accounts.secondfactor import HalfWay
from innovation.accounts.throttling import Throttled
from innovation.accounts.views import requirement
from innovation.db import db
from innovation.languages import gettext as _
from innovation.web import SignedIn, login, me, public, safe_next
from workflows import Refused

logger = structlog.get_logger()


def setup(app: Flask) -> None:
    """Tell flask-login who a token belongs to, and keep the cookie as long as the session."""
    app.permanent_session_lifetime = dt.timedelta(days=app.config["SETTINGS"].session_days)
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.jinja_env.filters["role_name"] = role_name
    login.user_loader(_load)
    app.register_error_handler(Throttled, _ask_to_wait)
    app.after_request(_note_visit)
    requirement.setup(app)
    provider.check(app.config["SETTINGS"])
    if app.config["SETTINGS"].oidc_issuer and not provider.INSTALLED:
        logger.warning("provider_left_out", missing="gatehouse[oidc]")


def _load(token: str) -> SignedIn | None:
    found = queries.find_session(token)
    if found is None:
        return None
    g.visit = found
    return SignedIn(token, found[0])


def _note_visit(response: Response) -> Response:
    visit = g.pop("visit", None)
    if visit is not None and commands.is_due(visit[1]):
        db.session.rollback()  # the page is finished; what it has read must not stand in the way of the note
        commands.note_visit(*visit)
    return response


def _ask_to_wait(error: Throttled) -> Any:
    return (*errors.page(429, retry_after=error.retry_after), {"Retry-After": str(error.retry_after)})


def home() -> str:
    return f"{request.script_root}/"


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    going = safe_next(request.args.get("next"))
    if request.method == "GET" and me().person_id is not None:
        return redirect(going or home())
    form = SignInForm.read()
    if form.submit_to(commands.sign_in, me(), None, **browser(), known=KnownBrowser.here()):
        if isinstance(form.result, HalfWay):
            return go_half_way(form.result, going)
        remember(form.result)
        return redirect(going or home())
    return sign_in_page(form, going)


def sign_in_page(form: SignInForm, going: str | None) -> Any:
    with_passkeys = passkeys.are_possible()
    return render_template(
        "accounts/sign_in.html",
        form=form,
        going=going,
        with_passkeys=with_passkeys,
        provider=provider_name(),
    ), form.status


def provider_name() -> str:
    """What the button of the provider says; empty when there is none."""
    return current_app.config["SETTINGS"].oidc_name if provider.is_offered() else ""


def browser() -> dict[str, Any]:
    return {
        "address": request.remote_addr or "",
        "browser": describe(request.user_agent.string),
        "days": current_app.config["SETTINGS"].session_days,
    }


def remember(token: str) -> None:
    """Begin a fresh browser session with the new token; nothing of the one before it stays."""
    _end_this_session()
    found = queries.find_session(token)
    assert found is not None
    pending = Pending.read(session.get("pending"))
    by_provider = session.get("half_by_provider", False)
    session.clear()
    session.permanent = True
    login_user(SignedIn(token, found[0]))
    if by_provider:
        session["by_provider"] = found[0].session_id
    account = queries.find_self(found[0]).account
    if account is not None:
        KnownBrowser.here().keep(account)
    if pending is not None:
        _link(pending)


def _link(pending: Pending) -> None:
    """Whoever came from the provider first has now signed in as before: from here on the provider will do."""
    account = queries.find_self(me()).account
    try:
        linked = account is not None and commands.link_pending(me(), account, pending=pending)
    except Refused:  # somebody else was quicker; the sign-in itself stands
        linked = None
    if linked:
        flash(_("Your sign-in is linked. From now on you can sign in with %(provider)s.", provider=provider_name()))


def go_half_way(half: HalfWay, going: str | None) -> Any:
    """The first half was right: keep that in the signed cookie, which signs nobody in, and ask for the other half."""
    _end_this_session()
    pending = session.get("pending")
    session.clear()
    session["half_way"] = half.kept()
    if pending:
        session["pending"] = pending
    return redirect(url_for(".second_step", next=going))


def _end_this_session() -> None:
    asker = me()
    if asker.session_id is not None:
        commands.end_session(asker, queries.find_own_session(asker, asker.session_id))


def start_browser_session(account: Account) -> None:
    """Sign somebody in who has just proved who they are by a link (also for the areas above)."""
    actor = queries.actor_of(account.person)
    remember(commands.start_session(actor, account, **browser()))


@bp.post("/sign-out")
@public
def sign_out() -> Any:
    _end_this_session()
    logout_user()
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for(".sign_in"))


@bp.route("/forgotten-password", methods=["GET", "POST"])
@public
def forgotten() -> Any:
    form = ForgottenForm.read()
    if form.submit_to(commands.ask_reset, me(), None, address=request.remote_addr or "", known=KnownBrowser.here()):
        return render_template("accounts/reset_sent.html", email=form.email.data)
    return render_template("accounts/forgotten.html", form=form), form.status


@bp.route("/new-password/<secret>", methods=["GET", "POST"])
@public
def new_password(secret: str) -> Any:
    token = queries.find_token(queries.RESET, secret)
    if token is None or token.person.account is None:
        return link_over("reset")
    form = NewPasswordForm.read(email=token.person.account.email)
    if form.submit_to(commands.reset_password, queries.actor_of(token.person), token):
        KnownBrowser.here().keep(form.result)  # so that nobody who guesses keeps them from signing in with it
        flash(_("Your new password is set. Sign in with it."))
        return redirect(url_for(".sign_in"))
    return _set_password("accounts/new_password.html", form, token)


@bp.route("/invitations/<secret>", methods=["GET", "POST"])
@public
def invitation(secret: str) -> Any:
    token = queries.find_token(queries.INVITATION, secret)
    if token is None:
        return link_over("invitation")
    form = NewPasswordForm.read(email=token.person.email or "")
    if form.submit_to(commands.accept_invitation, queries.actor_of(token.person), token):
        start_browser_session(form.result)
        flash(_("Welcome. Your sign-in is open."))
        return redirect(home())
    return _set_password("accounts/invitation.html", form, token)


def _set_password(template: str, form: NewPasswordForm, token: Token) -> Any:
    grants = [grant for grant in token.person.grants if grant.ended_at is None]
    places = name_scopes(grants)
    return render_template(
        template,
        form=form,
        token=token,
        secret=queries.secret_of(token),
        grants=grants,
        places=places,
        provider=provider_name(),
    ), form.status


def link_over(kind: str) -> Any:
    return render_template("accounts/link_over.html", kind=kind), 404
