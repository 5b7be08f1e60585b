"""Whoever holds a role that needs a second factor sets one up before anything else."""

from __future__ import annotations

from flask import Flask, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from innovation.accounts import factors
from innovation.accounts.models import ROLES
from innovation.config import BadSettings
from innovation.permission import Actor
from innovation.web import me

OPEN = {
    "static",
    *(f"accounts.{name}" for name in ("sign_in", "second_step", "sign_out", "prove", "second_factor")),
    *(f"accounts.{name}" for name in ("begin_app", "app", "renew_codes", "passkey_options", "add_passkey")),
    *(f"accounts.{name}" for name in ("prove_by_provider", "provider_return")),
}


def setup(app: Flask) -> None:
    unknown = set(app.config["SETTINGS"].second_factor_roles) - set(ROLES)
    if unknown:
        named, known = ", ".join(sorted(unknown)), ", ".join(ROLES)
        raise BadSettings(f"GATEHOUSE_SECOND_FACTOR_ROLES: {named} is no role. The roles are {known}.")
    app.before_request(_ask_to_add_one)


def is_owed(actor: Actor) -> bool:
    """Must this person have a second factor, and has none?"""
    if actor.account_id is None or not actor.has(*current_app.config["SETTINGS"].second_factor_roles):
        return False
    return not factors.has_factor(actor.account_id)


def _ask_to_add_one() -> Response | None:
    if request.endpoint is None or request.endpoint in OPEN or not is_owed(me()):
        return None
    return redirect(url_for("accounts.second_factor"))
