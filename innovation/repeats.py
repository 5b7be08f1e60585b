"""A form that arrives a second time, because its answer was lost on the way, is answered as the first time."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, current_app, flash, g, redirect, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import FileStorage

from innovation import once
from innovation.command import as_seen, stamp_of, transaction
from innovation.db import db
from innovation.languages import gettext as _
from innovation.once import Repeated, Sending
from innovation.traces import fresh
from innovation.web import GIVEN_OUT, me, safe_next

FIELD, HEADER = "once", "Idempotency-Key"
NOT_ANSWERED = (401, 413, 429)  # these say nothing about what was done
logger = structlog.get_logger()


def install(app: Flask) -> None:
    """Let every form that has a key be sent twice."""
    app.before_request(_begin)
    app.after_request(_answer)
    app.teardown_request(_end)
    app.jinja_env.globals.update(once_key=lambda: fresh(_key), stamp_of=stamp_of)
    app.register_error_handler(Repeated, lambda _error: _again())


def _begin() -> None:
    once.current.set(None)
    as_seen.set(request.form.get("as_seen", "") if request.method == "POST" else "")
    if request.method != "POST" or me().person_id is None:
        return
    key = request.form.get(FIELD) or request.headers.get(HEADER)
    if key:
        once.current.set(Sending(_digest(key)))


def _key() -> str:
    """The key of every form on a page."""
    if "once" not in g:
        g.once = secrets.token_urlsafe(12)
    return str(g.once)


def _digest(key: str) -> str:
    """The same for the same person, address, key and content; other content under an old key is another sending."""
    # Empty fields are left out where a page hands back what was typed.
    fields = sorted((name, value) for name, value in request.form.items(multi=True) if value and name not in GIVEN_OUT)
    sent = sorted((name, file.filename or "", _content(file)) for name, file in request.files.items(multi=True))
    whole = json.dumps([me().person_id, request.full_path, key, fields, sent])
    return hashlib.sha256(whole.encode()).hexdigest()


def _content(file: FileStorage) -> str:
    digest = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]
    file.stream.seek(0)
    return digest


def _answer(response: Response) -> Any:
    """Keep where an answer leads; and hand it out again where a repetition was refused."""
    sending = once.current.get()
    if sending is None:
        return response
    if sending.signed:
        return _kept(sending, response)
    refused = 400 <= response.status_code < 500 and response.status_code not in NOT_ANSWERED
    return _again() if refused and once.find_receipt(sending) else response


def _kept(sending: Sending, response: Response) -> Response:
    if response.status_code < 400 and response.location and response.location != sending.answer:
        try:
            with transaction():
                once.note_answer(sending, response.location)
        except SQLAlchemyError as error:  # what was asked for is done: that is what the person must be told
            db.session.rollback()
            logger.warning("answer_not_kept", error=type(error).__name__, endpoint=request.endpoint)
    return response


def _again() -> Any:
    sending = once.current.get()
    receipt = once.find_receipt(sending) if sending else None
    flash(_("This had arrived already, so nothing was done twice."))
    return redirect((receipt.answer if receipt else None) or _page_of_the_form())


def _page_of_the_form() -> str:
    """Where the form is, as far as one can tell."""
    if _has_a_page():
        return request.full_path.rstrip("?")
    came_from = urlsplit(request.referrer or "")
    is_ours = came_from.netloc == request.host and came_from.path != request.path
    return (safe_next(came_from.path) if is_ours else None) or url_for("pipeline.pipeline")


def _has_a_page() -> bool:
    return current_app.url_map.bind("").test(request.path, method="GET")


def _end(_error: BaseException | None) -> None:
    as_seen.set("")
    once.current.set(None)
