"""Errors for programs: problem+json, with the fields that need another look."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import structlog
from flask import jsonify, request
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from innovation.accounts.throttling import Throttled
from innovation.command import Busy
from innovation.db import db
from innovation.errors import is_full, no_room
from innovation.languages import gettext as _
from innovation.once import Repeated
from innovation.permission import Forbidden, NotThere
from workflows import Refused

View = TypeVar("View", bound=Callable[..., Any])
logger = structlog.get_logger()


def problem(status: int, detail: str, **more: Any) -> Any:
    """An answer in the shape of RFC 9457; ``errors`` maps the names of fields to what is wrong with them."""
    said = {"type": "about:blank", "title": HTTP_STATUS_CODES[status], "status": status, "detail": str(detail), **more}
    response = jsonify(said)
    response.status_code, response.mimetype = status, "application/problem+json"
    return response


def look_again(errors: Mapping[str, Iterable[object]]) -> Any:
    """An answer that says field by field what is wrong with a form."""
    told = {name: [str(error) for error in found] for name, found in errors.items() if name}
    return problem(422, _("Something needs another look."), errors=told)


def tells_problems(view: View) -> View:
    """Answer whatever goes wrong in a view as a problem, so that a program can read why."""

    @functools.wraps(view)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return view(*args, **kwargs)
        except Forbidden:
            return _undone(403, _("You may not do this."))
        except NotThere:
            return _undone(404, _("There is nothing under this address."))
        except Busy as busy:
            return later(" ".join(_(reason) for reason in busy.reasons))
        except Refused as refused:
            return _undone(409, " ".join(_(reason) for reason in refused.reasons))
        except Throttled as error:
            response = _undone(429, _("Too many tries. Wait a little."))
            response.headers["Retry-After"] = str(error.retry_after)
            return response
        except HTTPException as error:
            return _undone(error.code or 500, error.description or "")
        except (OperationalError, InterfaceError, NoConnection) as error:
            logger.error("database_trouble", error=type(error).__name__, endpoint=request.endpoint)
            return later(_("The site is busy. Try again in a moment."))
        except Repeated:
            raise  # it is answered as the first time
        except Exception as error:  # a page would read as if nobody had answered
            if is_full(error):
                logger.error("disk_full", endpoint=request.endpoint)
                return later(no_room())
            logger.exception("unforeseen", endpoint=request.endpoint)
            return _undone(500, _("Something went wrong on our side"))

    return told  # type: ignore[return-value]


def later(detail: str) -> Any:
    """An answer that says to try again, for there is nothing wrong with what was sent."""
    response = _undone(503, detail)
    response.headers["Retry-After"] = "5"
    return response


def _undone(status: int, detail: str) -> Any:
    db.session.rollback()
    return problem(status, detail)
