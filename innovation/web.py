"""The web's plumbing: who asks, what a page may use, headers, compression, static files and errors."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import mimetypes
import secrets
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from flask import Flask, Response, abort, current_app, has_request_context, redirect, request, url_for
from flask_babel import format_datetime
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf import CSRFProtect
from jinja2 import pass_context
from markupsafe import Markup
from werkzeug.wrappers import Response as WerkzeugResponse

from innovation import permission, scripts
from innovation.asked import Asked
from innovation.db import begin_reading, now
from innovation.languages import catalogue, ngettext, written_day, written_money, written_number
from innovation.languages import gettext as _
from innovation.permission import STRANGER, Actor
from innovation.routing import LateRule, Number
from innovation.sessions import Sessions, is_half_way
from innovation.traces import look

csrf = CSRFProtect()
login = LoginManager()
View = TypeVar("View", bound=Callable[..., Any])

LONG_AGO = 30  # days
GIVEN_OUT = ("csrf_token", "once", "as_seen")  # hidden in every form: nobody has typed them
STATIC = Path(__file__).parent / "static"
POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "worker-src 'self'",
        "manifest-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)

HARDENED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class SignedIn(UserMixin):
    """The signed-in browser, as flask-login knows it: its id is the session's token."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token, self.actor = token, actor

    def get_id(self) -> str:
        return self.token


def me() -> Actor:
    """The person who asks; a stranger before signing in."""
    who: Actor = getattr(current_user, "actor", STRANGER)
    return who


def public(view: View) -> View:
    """Open a view to people who have not signed in; every other view asks for it."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def can(name: str, subject: Any = None) -> bool:
    """May this person do it? The same policy that the command will ask."""
    return permission.policies[name].allows(me(), subject)


def safe_next(target: str | None) -> str | None:
    """An address on this site to go on to, or None for anything that leads elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or min(target) < " ":
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc and "\\" not in target else None


def one_time_secret(length: int = 8) -> str:
    """A secret that people can read aloud and type: no letters that look alike."""
    return "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _i in range(length))


# Requests


def ask_to_sign_in() -> WerkzeugResponse | None:
    """Deny by default: only views marked public answer a stranger."""
    if request.endpoint != "static":
        begin_reading()
    if "\0" in request.path:
        abort(404)
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or getattr(view, "is_public", False) or current_user.is_authenticated:
        return None
    if any(value for name, value in request.form.items() if name not in GIVEN_OUT):
        abort(401)  # its page hands back what was typed
    going = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=going))


def leave_out_what_is_empty() -> WerkzeugResponse | None:
    """A filter form sends its empty fields as well; the list is at the address without them, also for htmx.

    Strangers have no lists: what comes to their pages comes from elsewhere, and is answered as it is.
    """
    if request.method != "GET" or request.endpoint in (None, "static") or "" not in request.args.values():
        return None
    if not current_user.is_authenticated:
        return None
    kept = [(name, value) for name, value in request.args.items(multi=True) if value]
    return redirect(request.script_root + request.path + (f"?{urlencode(kept)}" if kept else ""))


def full_address(path: str) -> str:
    """The whole address of a path, as it leaves the site: from the settings, whatever name a request came under."""
    base: str = current_app.config["SETTINGS"].base_url
    return base.rstrip("/") + path


def harden(response: Response) -> Response:
    """The security headers of every answer; pages with personal content are never stored by caches."""
    wanted = dict(HARDENED)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        wanted["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static":
        wanted["Cache-Control"] = "no-store" if _is_private() else "no-cache"
    said = {name.lower() for name, _value in response.headers}
    response.headers.extend([pair for pair in wanted.items() if pair[0].lower() not in said])
    return response


def _is_private() -> bool:
    """Is the answer for this one person: signed in, half-way or by a token, by a secret in the address, or by what
    they sent?"""
    if current_user.is_authenticated or is_half_way() or "Authorization" in request.headers:
        return True
    return bool(request.method == "POST" or request.view_args or request.args)


def came_from_elsewhere() -> bool:
    """Did a page of another site send this? Browsers say so; who says nothing is no browser, or an old one."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    ours = {request.host, urlsplit(current_app.config["SETTINGS"].base_url).netloc}
    return origin is not None and urlsplit(origin).netloc not in ours


def compress(response: Response) -> Response:
    """Compress texts of more than a few hundred bytes for browsers that take gzip."""
    compressible = (response.mimetype or "").startswith("text/") or response.mimetype in (
        "application/json",
        "image/svg+xml",
    )
    if response.direct_passthrough or not compressible or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] <= 0 or (response.content_length or 0) < 500:
        return response
    response.set_data(gzip.compress(response.get_data(), 6))
    response.headers["Content-Encoding"] = "gzip"
    return response


# Static files


@lru_cache(maxsize=1)
def _release() -> str:
    """A digest over all static files: part of their addresses, so that they never change."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(STATIC).as_posix().encode() + path.read_bytes())
    for name in scripts.WHOLE:
        digest.update(scripts.content(STATIC, name) or b"")
    return digest.hexdigest()[:12]


@lru_cache(maxsize=256)
def _static_file(name: str) -> tuple[bytes, bytes, str] | None:
    content = scripts.content(STATIC, name)
    if content is None:
        return None
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return content, gzip.compress(content, 9), kind


def static(release: str, name: str) -> Response:
    """A static file, compressed once and immutable for the browser."""
    found = _static_file(name)
    if found is None:
        abort(404)
    content, packed, kind = found
    use_packed = request.accept_encodings["gzip"] > 0 and len(packed) < len(content)
    response = Response(packed if use_packed else content, mimetype=kind)
    if use_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if release == _release() else "no-cache"
    return response


def asset(name: str) -> str:
    """The address of a static file."""
    return _asset(request.script_root if has_request_context() else "", name)


@lru_cache(maxsize=256)
def _asset(_root: str, name: str) -> str:
    return url_for("static", release=_release(), name=name)


# What templates use


def local(value: dt.datetime) -> dt.datetime:
    """The instant in the time zone of the site."""
    return value.astimezone(ZoneInfo(current_app.config["SETTINGS"].timezone))


def today() -> dt.date:
    """The date where the programme is."""
    return look(_today)


def _today() -> dt.date:
    return local(now()).date()


def told_of_copy(saved_at: dt.datetime, look_at: str) -> dict[str, str]:
    """What an autosave answers beside its time when another tab's text is kept."""
    told = _("Another copy of this draft was saved %(when)s. Your own text stays here.", when=moment(saved_at))
    return {"copy": told, "copy_at": look_at, "copy_link": _("Look at it")}


def day(value: dt.date | dt.datetime | None) -> str:
    """26 Nov 2026; a dash for no date."""
    if value is None:
        return "\u2014"
    if isinstance(value, dt.datetime):
        value = local(value).date()
    return written_day(value)


def moment(value: dt.datetime | None) -> str:
    """26 Nov 2026, 14:05; a dash for no time."""
    return "\u2014" if value is None else format_datetime(local(value), "d MMM y, HH:mm", rebase=False)


def money(cents: int | None) -> str:
    """R480 000 from cents; a dash for no amount."""
    return "\u2014" if cents is None else written_money(cents)


def thousands(number: int) -> str:
    """31 000: groups of three that never break over two lines."""
    return written_number(number)


def filesize(count: int) -> str:
    """180 KB, 2.4 MB."""
    return f"{max(1, round(count / 1000))} KB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def ago(value: dt.datetime | None) -> str:
    """In words, how long ago an instant was; after a month its date."""
    if value is None:
        return "\u2014"
    days = (today() - local(value).date()).days
    if days <= 0:
        return str(_("today"))
    if days > LONG_AGO:
        return str(_("on %(day)s", day=day(value)))
    return str(_("yesterday") if days == 1 else ngettext("%(num)d day ago", "%(num)d days ago", days))


def url_of(endpoint: str, **values: Any) -> str:
    """``url_for`` for templates: an address that needs no values is worked out once."""
    if values or endpoint.startswith(".") or not has_request_context():
        return url_for(endpoint, **values)
    return _address(request.script_root, endpoint)


@lru_cache(maxsize=256)
def _address(_root: str, endpoint: str) -> str:
    return url_for(endpoint)


def counted(singular: str, plural: str, number: int, /, **values: Any) -> str:
    """``ngettext`` for templates, where ``num`` may be given in words, such as 1 000+."""
    text: str = catalogue().ngettext(singular, plural, number)
    return text % {"num": number, **values}


FILTERS = {f.__name__: f for f in (day, moment, money, thousands, filesize, ago)}


@pass_context
def translated(context: Any, message: str, **values: Any) -> str:
    """What ``_`` gives in templates: a text without values is no pattern, and is escaped when it could be markup.

    Definitions and refusals hold per cent signs and the words of people, and both pass through ``_``.
    """
    text = str(_(message)) if message else ""
    if not context.eval_ctx.autoescape:  # a letter in plain text
        return text % values if values else text
    if values:
        return Markup(text) % values  # noqa: S704 - patterns are written by us, their values are escaped
    return _shown(text)


@lru_cache(maxsize=4096)
def _shown(text: str) -> str:
    """Marked as safe where there is nothing in it to escape."""
    return text if any(sign in text for sign in '<>&"') else Markup(text)  # noqa: S704


def install(app: Flask) -> None:
    """Fit the plumbing to the application."""
    app.request_class = Asked
    app.session_interface = Sessions()
    app.url_map.converters["int"] = Number
    app.url_rule_class = LateRule
    csrf.init_app(app)
    login.init_app(app)
    login.session_protection = "basic"
    app.before_request(ask_to_sign_in)
    app.before_request(leave_out_what_is_empty)
    app.after_request(harden)
    app.after_request(compress)
    app.add_url_rule("/static/<release>/<path:name>", "static", public(static))
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(
        asset=asset, can=can, url_for=url_of, gettext=translated, _=translated, ngettext=counted
    )
    app.jinja_env.globals["full_address"] = full_address
    app.context_processor(lambda: {"me": me() if current_user.is_authenticated else None, "today": today()})
