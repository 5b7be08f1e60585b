"""Every error as a page that says what to do; what was typed is handed back."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any, cast

import structlog
from flask import Flask, Response, g, redirect, render_template, request
from flask.globals import request_ctx
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException, SecurityError

from innovation.command import Busy, Stale
from innovation.db import begin_reading, db
from innovation.languages import gettext as _
from innovation.permission import Forbidden, NotThere
from innovation.web import came_from_elsewhere
from workflows import Refused

if TYPE_CHECKING:
    from innovation.asked import Asked

PAGES = {400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503}
SECRET_FIELDS = ("password", "secret", "csrf_token", "token")
TO_BE_KNOWN = "Whoever looks after it names the address in GATEHOUSE_BASE_URL, or the host in GATEHOUSE_TRUSTED_HOSTS."
MOST_HANDED_BACK = 1_000  # fields, as many as a form with files may have; a flood would come back as a larger one
logger = structlog.get_logger()


def page(status: int, *, is_well: bool = False, **context: Any) -> tuple[str, int]:
    """The error page for a status, with any form content that was sent.

    ``is_well`` where no more than the answer could not be made, whatever the status says: what was written stands.
    """
    db.session.rollback()
    request.environ["gatehouse.error_page"] = True  # the frame heeds it
    if status < 500 or is_well:
        begin_reading()
    name = f"errors/{status}.html" if status in PAGES else "errors/error.html"
    context = {"reasons": [], "is_well": is_well, "sent": [] if is_well else _sent()} | context
    sent_to = request.script_root + request.full_path.rstrip("?")
    return render_template([name, "errors/error.html"], status=status, sent_to=sent_to, **context), status


def _sent() -> list[tuple[str, str]]:
    """What was typed, without secrets, so that it can be shown and sent again; nothing when it was too large.

    Nothing either when a page of another site sent it: its words are not the person's, and must not be one press away.
    """
    if request.method != "POST" or came_from_elsewhere():
        return []
    try:
        pairs = list(cast("Asked", request).typed().items(multi=True))
    except HTTPException:
        return []
    if len(pairs) > MOST_HANDED_BACK:
        return []
    return [(name, value) for name, value in pairs if not any(word in name for word in SECRET_FIELDS)]


def install(app: Flask) -> None:
    """Answer each kind of error with its page."""
    app.register_error_handler(Forbidden, lambda _error: page(403))
    app.register_error_handler(NotThere, lambda _error: page(404))
    app.register_error_handler(CSRFError, lambda _error: page(400, csrf_failed=True))
    app.register_error_handler(Busy, lambda error: _in_trouble([_(r) for r in error.reasons], is_well=True))
    app.register_error_handler(Stale, lambda error: page(409, reasons=[_(r) for r in error.reasons]))
    app.register_error_handler(Refused, lambda error: page(409, reasons=[_(r) for r in error.reasons]))
    for trouble in (OperationalError, InterfaceError, NoConnection):
        app.register_error_handler(trouble, _database_trouble)
    app.register_error_handler(OSError, _system_trouble)
    app.register_error_handler(SecurityError, lambda _error: _unknown_host())
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def _http(error: HTTPException) -> Any:
    code = error.code or 500
    if code < 400:
        return error
    if code == 405 and request.method == "GET" and (above := _page_above()):
        return redirect(above)
    headers = {"Retry-After": str(error.retry_after)} if getattr(error, "retry_after", None) else {}  # type: ignore[attr-defined]
    return (*page(code), headers)


def _page_above() -> str | None:
    """The page that a button's address belongs to: a refusal is shown at the address, which somebody opens anew."""
    path = request.path
    while path := path.rpartition("/")[0]:
        try:
            request_ctx.url_adapter.match(path, method="GET")  # type: ignore[union-attr]
        except HTTPException:
            continue
        return request.script_root + path
    return None


def _unknown_host() -> Response:
    """A request under a name that is not ours, which is not said again: pages hold addresses, so none is drawn."""
    said = [_("This site is not known under that address."), TO_BE_KNOWN]
    return Response("\n".join(said) + "\n", 400, mimetype="text/plain")


def _database_trouble(error: Exception) -> Any:
    kind = type(getattr(error, "orig", None) or error)
    logger.error("database_trouble", error=kind.__name__, endpoint=request.endpoint)
    ask_nothing()
    return _in_trouble([no_room()] if is_full(error) else [])


def _system_trouble(error: OSError) -> Any:
    if not is_full(error):
        return _unforeseen(error)
    logger.error("disk_full", endpoint=request.endpoint)
    return _in_trouble([no_room()])


def is_full(error: BaseException | None) -> bool:
    """True when there was no room left on a disk, as SQLite, PostgreSQL and the system say it."""
    said = getattr(error, "orig", None) or error
    if isinstance(said, OSError):
        return said.errno in (errno.ENOSPC, errno.EDQUOT)
    return getattr(said, "sqlstate", "") == "53100" or "disk is full" in str(said)


def no_room() -> str:
    said: str = _(
        "The disk of the server is full. Nothing can be saved until whoever looks after the site has made room."
    )
    return said


def _in_trouble(reasons: list[str], *, is_well: bool = False) -> Any:
    return (*page(503, is_well=is_well, reasons=reasons), {"Retry-After": "5", "Cache-Control": "no-store"})


def store_trouble(error: Exception) -> Any:
    """The store for files is away: the page says so, and what was typed is handed back."""
    return _in_trouble([note_store_trouble(error)])


def note_store_trouble(error: Exception) -> str:
    """What whoever sent a file or wants one is told."""
    logger.error("store_trouble", error=str(error), endpoint=request.endpoint)
    if is_full(error.__cause__):
        return no_room()
    said: str = _("The place where files are kept does not answer. Files can be sent and opened again when it is back.")
    return said


def ask_nothing() -> None:
    """From here on this request is a stranger's, and its page is drawn without the database."""
    g._login_user = AnonymousUserMixin()
    request.environ["gatehouse.without_database"] = True  # the frame heeds it


def _unforeseen(error: Exception) -> Any:
    logger.exception("unforeseen", endpoint=request.endpoint)
    if isinstance(error, SQLAlchemyError):
        ask_nothing()
    return page(500)
