"""The session of a browser, in a cookie that is signed."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, request, session
from flask.sessions import SecureCookieSessionInterface


class Sessions(SecureCookieSessionInterface):
    """Static files are nobody's, so that a browser keeps them whatever cookies it gets."""

    _made: tuple[Any, Any] = None, None

    def get_signing_serializer(self, app: Flask) -> Any:
        """What signs with these keys, made once and not for each request."""
        keys = app.secret_key, tuple(app.config["SECRET_KEY_FALLBACKS"] or ())
        known, signing = self._made
        if known != keys:
            signing = super().get_signing_serializer(app)
            self._made = keys, signing
        return signing

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        if request.endpoint != "static":
            super().save_session(app, session, response)


def is_half_way() -> bool:
    """Has somebody given the first half of what it takes to sign in, in this browser?"""
    return "half_way" in session


def own_cookie(name: str) -> str:
    """The name of a cookie that, over TLS, no sibling site can plant."""
    return f"{'__Host-' if current_app.config['SESSION_COOKIE_SECURE'] else ''}{name}"


def keep_cookie(response: Any, name: str, value: str, seconds: int) -> None:
    """Let the browser hold a cookie of ours, out of reach of scripts."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(own_cookie(name), value, max_age=seconds, secure=secure, httponly=True, samesite="Lax")
