"""The second step of signing in, which only who has just given the password reaches."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for

from innovation.accounts import commands, factors, passkeys, queries
from innovation.accounts.blueprint import bp
from innovation.accounts.forms import CodeForm
from innovation.accounts.knownbrowser import KnownBrowser
from innovation.accounts.models import Account
from innovation.accounts.secondfactor import HalfWay
from innovation.accounts.views.signing_in import browser, home, remember
from innovation.languages import gettext as _
from innovation.languages import ngettext
from innovation.web import public, safe_next


@bp.route("/sign-in/second-step", methods=["GET", "POST"])
@public
def second_step() -> Any:
    going = safe_next(request.args.get("next"))
    half, account = half_way()
    if half is None or account is None:
        session.pop("half_way", None)
        flash(_("Please sign in again: it took too long, or the sign-in has changed."), "info")
        return redirect(url_for(".sign_in", next=going))
    form = CodeForm.read()
    by_recovery = "recovery" in request.args or factors.find_factors(account.id).app is None
    if by_recovery:
        form.ask_for_recovery()
    before = factors.count_codes(account.id)
    actor = queries.actor_of(account.person)
    details = {"half": half, "known": KnownBrowser.here(), **browser()}
    if form.submit_to(commands.finish_sign_in, actor, account, **details):
        remember(form.result)
        _warn(before, factors.count_codes(account.id))
        return redirect(going or home())
    return page(form, account, going, by_recovery=by_recovery)


def page(form: CodeForm, account: Account, going: str | None, *, by_recovery: bool = False) -> Any:
    return render_template(
        "accounts/second_step.html",
        form=form,
        going=going,
        by_recovery=by_recovery,
        factors=factors.find_factors(account.id),
        with_passkeys=passkeys.are_possible(),
    ), form.status


def half_way() -> tuple[HalfWay | None, Account | None]:
    """Who has given the password in this browser, as long as that counts."""
    half = HalfWay.read(session.get("half_way"))
    return half, factors.find_half_way(half.account_id, half.version) if half else None


def _warn(before: int, left: int) -> None:
    """Whoever has used a recovery code is told how many are left."""
    if left < before:
        flash(
            ngettext(
                "That recovery code is used up. You have %(num)d left. You can make new ones on your account page.",
                "That recovery code is used up. You have %(num)d left. You can make new ones on your account page.",
                left,
            ),
            "warning",
        )
