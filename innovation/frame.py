"""What stands round every page: the navigation, what waits, the language, and whether this is a demonstration."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import structlog
from flask import Flask, current_app, request
from flask_babel import get_locale
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from innovation.accounts.queries import has_demo_accounts
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext, spoken
from innovation.notifications import queries as notifications
from innovation.permission import Actor, policies
from innovation.pipeline import queries as pipeline
from innovation.pipeline.queries import Ties
from innovation.traces import look
from innovation.values import dataclass
from innovation.web import me, url_of

logger = structlog.get_logger()
FUNDER_ROLES = ("funder_admin", "funder_member")
ASK_AGAIN = 60.0  # seconds for which "this is no demonstration" is believed


@dataclass(frozen=True)
class Entry:
    """A place in the navigation, for whom it is there, and the endpoints under which it counts as the present one."""

    label: Any
    endpoint: str
    shown: Callable[[Actor, Ties], bool]
    covers: tuple[str, ...]
    own: tuple[str, ...] = ()  # endpoints that belong here, though another entry covers all around them


def _staff(actor: Actor, _ties: Ties) -> bool:
    return actor.has("manager", "coordinator", "facilitator")


def _steers(actor: Actor, _ties: Ties) -> bool:
    return actor.has("manager", "coordinator")


def _administers(actor: Actor, _ties: Ties) -> bool:
    return actor.has("administrator", "manager")


def _may(name: str) -> Callable[[Actor, Ties], bool]:
    return lambda actor, _ties: policies[name].allows(actor)


def _administrator(actor: Actor, _ties: Ties) -> bool:
    return actor.has("administrator")


def _works(actor: Actor, ties: Ties) -> bool:
    return not actor.has(*FUNDER_ROLES, "administrator") or ties.ideas or ties.seats or ties.waiting > 0


def _funds(actor: Actor, _ties: Ties) -> bool:
    return actor.has(*FUNDER_ROLES)


ENTRIES = (
    Entry(lazy_gettext("Pipeline"), "pipeline.pipeline", _staff, ("pipeline.idea", "pipeline.search", "ideas.")),
    Entry(
        lazy_gettext("My work"),
        "pipeline.my_work",
        _works,
        ("pipeline.what_is_due", "pipeline.idea", "pipeline.search", "ideas."),
    ),
    Entry(lazy_gettext("Clinics"), "clinics.clinics", _staff, ("clinics.",)),
    Entry(lazy_gettext("Reviews"), "gates.reviews", lambda a, t: _steers(a, t) or t.seats, ("gates.",)),
    Entry(lazy_gettext("Meetings"), "meetings.meetings", lambda a, t: _steers(a, t) or t.seats, ("meetings.",)),
    Entry(lazy_gettext("Find ideas"), "funders.browse", _funds, ("funders.pack",)),
    Entry(lazy_gettext("Interests"), "funders.interest_list", _funds, ()),
    Entry(lazy_gettext("Commitments"), "funders.commitments", _funds, ("funders.commitment",)),
    Entry(lazy_gettext("Funders"), "funders.funders", _steers, ("funders.",)),
    Entry(lazy_gettext("Reach"), "insights.programme_reach", _steers, ("replication.after_handover",)),
    Entry(
        lazy_gettext("Programmes"),
        "programmes.settings",
        _may("list_programmes"),
        ("programmes.", "places."),
        own=("ideas.version_moves_page", "ideas.move_ideas", "ideas.version_move"),
    ),
    Entry(lazy_gettext("People"), "accounts.people", _administers, ("accounts.person", "accounts.invite")),
    Entry(lazy_gettext("Post"), "notifications.mail", _administrator, ("notifications.message",)),
    Entry(lazy_gettext("Log"), "pipeline.log", _administrator, ()),
)


class Place(NamedTuple):
    """An entry of the navigation as a page shows it."""

    label: str
    url: str
    current: bool


def navigation(actor: Actor, ties: Ties) -> tuple[Place, ...]:
    """The entries that exist for this person."""
    entries = [e for e in ENTRIES if e.endpoint in current_app.view_functions and e.shown(actor, ties)]
    current = _current(entries)
    return tuple(Place(str(e.label), url_of(e.endpoint), e is current) for e in entries)


def _current(entries: list[Entry]) -> Entry | None:
    """The entry of this page, or else the first that covers it."""
    here = request.endpoint or ""
    own = (entry for entry in entries if here == entry.endpoint or here in entry.own)
    covering = (entry for entry in entries if entry.covers and here.startswith(entry.covers))
    return next(own, None) or next(covering, None)


def surroundings() -> dict[str, Any]:
    """What base.html needs on every page; one query for somebody who is signed in."""
    settings = current_app.config["SETTINGS"]
    found: dict[str, Any] = {
        "site_name": settings.site_name,
        "lang": str(get_locale() or settings.default_language).replace("_", "-"),
        "script_words": _script_words(spoken()),
        "demo": False,
        "navigation": (),
        "unread": 0,
        "waiting": 0,
        "or_more": False,
        "can_search": False,
    }
    if "gatehouse.without_database" in request.environ:
        return found
    try:
        return found | {"demo": look(is_demonstration)} | _for_person(me())
    except SQLAlchemyError as error:
        if "gatehouse.error_page" not in request.environ:
            raise
        # An error page must not need the database.
        logger.error("frame_without_database", error=type(error).__name__)
        return found


@lru_cache(maxsize=16)
def _script_words(_language: str) -> Markup:
    """What the script of a page says, as JSON for an attribute."""
    words = {
        "saving": _("Saving…"),
        "saved": _("Saved {time}"),
        "typing": _("Not saved yet"),
        "offline": _("Not saved: no answer. Your text is kept in this tab; we try again when you type."),
        "stale": _("Not saved: somebody else has just changed this. Copy your text, then reload the page."),
        "out": _("Not saved: you have been signed out. Sign in in another tab; your text is kept in this one."),
        "refused": _("Not saved yet: something needs another look. Your text is kept in this tab."),
        "kept": _("There is text here that was not saved."),
        "putback": _("Put it back"),
        "discard": _("Discard it"),
        "copied": _("Copied"),
        "left": _("{count} characters left"),
        "over": _("{count} characters too many"),
        "total": _("of 100 so far · {done} of {all} scored"),
        "failed": _("That did not work. Please try again, or reload the page."),
    }
    return htmlsafe_json_dumps(words)


def _for_person(actor: Actor) -> dict[str, Any]:
    if actor.person_id is None:
        return {}
    ties = pipeline.find_ties(actor, notifications.unread)
    return {
        "navigation": navigation(actor, ties),
        "unread": ties.unread,
        "waiting": ties.waiting,
        "or_more": ties.or_more,
        "can_search": _staff(actor, ties) or ties.ideas or ties.seats,
    }


def is_demonstration() -> bool:
    """Whether demo accounts are here: once seen it stays so, else it is asked again after a minute."""
    known: dict[str, float] = current_app.extensions.setdefault("demonstration", {})
    if "yes" in known:
        return True
    if time.monotonic() - known.get("asked", float("-inf")) > ASK_AGAIN:
        known["asked"] = time.monotonic()
        if has_demo_accounts():
            known["yes"] = known["asked"]
    return "yes" in known


def install(app: Flask) -> None:
    """Give every page its surroundings."""
    app.context_processor(surroundings)
