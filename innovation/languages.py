"""Words in the reader's language, as Flask-Babel finds them; the catalogue is looked up once, not for every word."""

from __future__ import annotations

from typing import Any

from flask import g, has_app_context
from flask_babel import get_domain, get_locale
from flask_babel.speaklater import LazyString


def gettext(message: str, /, **values: Any) -> str:
    """The message in the reader's language, filled in."""
    text: str = catalogue().ugettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, num: Any, /, **values: Any) -> str:
    """The form of the message that suits the number."""
    text: str = catalogue().ungettext(singular, plural, num)
    return text % {"num": num, **values}


def lazy_gettext(message: str, /, **values: Any) -> Any:
    """The message, looked up when it is shown."""
    return LazyString(gettext, message, **values)


def catalogue() -> Any:
    """The messages of the language that is spoken now; a letter to somebody else may speak another in between."""
    if not has_app_context():
        return get_domain().get_translations()
    here = g._get_current_object().__dict__
    spoken = getattr(here.get("_flask_babel"), "babel_locale", None)
    known = here.get("catalogue")
    if known is None or spoken is None or known[0] is not spoken:
        known = here["catalogue"] = (get_locale(), get_domain().get_translations())
    return known[1]
