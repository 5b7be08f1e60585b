"""Words in the reader's language, as Flask-Babel finds them; the catalogue is looked up once, not for every word."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date
from flask import current_app, g, has_app_context
from flask_babel import get_domain, get_locale
from flask_babel.speaklater import LazyString


def gettext(message: str, /, **values: Any) -> str:
    """The message in the reader's language, filled in."""
    text = _said(catalogue(), message)
    return text % values if values else text


@lru_cache(maxsize=8192)
def _said(messages: Any, message: str) -> str:
    """What a message is in a language: a page has hundreds, and each is searched for once."""
    return str(messages.ugettext(message))


def ngettext(singular: str, plural: str, num: Any, /, **values: Any) -> str:
    """The form of the message that suits the number."""
    text: str = catalogue().ungettext(singular, plural, num)
    return text % {"num": num, **values}


def lazy_gettext(message: str, /, **values: Any) -> Any:
    """The message, looked up when it is shown."""
    return LazyString(gettext, message, **values)


def catalogue() -> Any:
    """The messages of the language that is spoken now."""
    return _spoken()[2]


def spoken() -> str:
    """The language that is spoken now, such as "en"."""
    return _spoken()[1]


def written_day(value: dt.date) -> str:
    """26 Nov 2026, as the language that is spoken now writes it."""
    return _written_day(value, spoken())


def territory(code: str) -> str:
    """What a country is called in the language that is spoken now; its two letters where that is not known."""
    found: str | None = Locale.parse(spoken()).territories.get(code)
    return found or code


@lru_cache(maxsize=4096)
def _written_day(value: dt.date, language: str) -> str:
    return format_date(value, "d MMM y", locale=language)


def _spoken() -> tuple[Any, str, Any]:
    """The locale, its name and its messages, kept for the page; a letter in between may speak another language."""
    if not has_app_context():
        return None, "en", get_domain().get_translations()
    here = g._get_current_object().__dict__
    chosen = getattr(here.get("_flask_babel"), "babel_locale", None)
    known: tuple[Any, str, Any] | None = here.get("spoken")
    if known is None or chosen is None or known[0] is not chosen:
        locale = get_locale()
        in_locale = current_app.extensions.setdefault("spoken", {})
        known = in_locale.get(locale)
        if known is None:
            known = in_locale[locale] = (locale, str(locale or "en"), get_domain().get_translations())
        here["spoken"] = known
    return known
