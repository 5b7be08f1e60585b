"""Which language a page is in: the one that was chosen, else its owner's, else one that the browser asks for."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, has_request_context, request
from flask_babel import refresh
from flask_login import current_user

from innovation.languages import LANGUAGES, base_of, whole
from innovation.web import View

COOKIE = "language"
A_YEAR = 365 * 24 * 3600
WITHOUT_DATABASE = {"gatehouse.without_database", "gatehouse.error_page"}


def select() -> str | None:
    """The language of this page; None is that of the site."""
    if not has_request_context():
        return None
    if is_spoken():
        return g.get("led") or _chosen() or g.get("preferred") or _asked_for()
    site = str(current_app.config["SETTINGS"].default_language)
    return None if whole(site) == site else whole(site)


def in_every_language(view: View) -> View:
    """Mark a view whose page participants see: it is there in every language of ``LANGUAGES``."""
    view.is_spoken = True  # type: ignore[attr-defined]
    return view


def prefer(language: str) -> None:
    """The language of a page for whoever has not chosen one, such as that of whom it was sent to."""
    if language in LANGUAGES and g.get("preferred") != language:
        g.preferred = language
        refresh()


def lead(language: str) -> None:
    """The language of a page that a whole room looks at, whatever the browser that shows it or its owner would
    choose; only a link on the page itself goes before."""
    if language in LANGUAGES and request.args.get(COOKIE, "") not in LANGUAGES and g.get("led") != language:
        g.led = language
        refresh()


def here_in(language: str, page: str = "") -> str:
    """The address of this page, or of another one, in another language."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != COOKIE]
    return f"{page or request.script_root + request.path}?{urlencode([*kept, (COOKIE, language)])}"


def is_spoken() -> bool:
    """Is this a page that participants see?"""
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "is_spoken", False))


def can_be_chosen() -> bool:
    """Whether the page is there in another language at its own address: not what answers to a form."""
    return request.method in ("GET", "HEAD") and is_spoken()


def _chosen() -> str | None:
    """What the person has chosen: on this page, on this phone, or in their account."""
    found = request.args.get(COOKIE, "") or request.cookies.get(COOKIE, "")
    if found in LANGUAGES:
        return found
    if WITHOUT_DATABASE & set(request.environ) or not current_user.is_authenticated:
        return None
    language: str = current_user.actor.language
    return language if language in LANGUAGES else None


def _asked_for() -> str | None:
    """The first language of the browser that is there; its region does not matter."""
    asked = (base_of(value.lower()) for value in request.accept_languages.values())
    return next((language for language in asked if language in LANGUAGES), None)


def _remember(response: Response) -> Response:
    """What was chosen on a page stays chosen on this phone, and caches keep a page for each language. What a script
    asks for is in the language of its page, and chooses nothing."""
    if not is_spoken():
        return response
    response.vary.update(("Cookie", "Accept-Language"))
    chosen = request.args.get(COOKIE, "")
    if chosen in LANGUAGES and request.cookies.get(COOKIE) != chosen and not _is_by_script():
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        response.set_cookie(COOKIE, chosen, max_age=A_YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


def _is_by_script() -> bool:
    """Whether no person opens this. A page that its worker fetches for a person who pressed a link is "empty", too."""
    return request.headers.get("Sec-Fetch-Dest") == "empty" and request.headers.get("Sec-Fetch-Mode") != "navigate"


def install(app: Flask) -> None:
    """What pages use."""
    app.after_request(_remember)
    app.jinja_env.globals.update(languages=LANGUAGES, here_in=here_in, can_be_chosen=can_be_chosen)
