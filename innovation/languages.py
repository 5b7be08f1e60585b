"""Words, dates and numbers in the language of the reader; catalogues are read when they are first needed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from babel import Locale
from babel.dates import format_date, get_month_names
from babel.numbers import format_decimal
from flask import current_app, g, has_app_context
from flask_babel import force_locale, get_locale
from flask_babel.speaklater import LazyString

# What participants read is there in these, each called by its own name.
LANGUAGES = {
    "en": "English",
    "zu": "isiZulu",
    "xh": "isiXhosa",
    "af": "Afrikaans",
    "nso": "Sepedi",
    "tn": "Setswana",
    "ts": "Xitsonga",
    "ve": "Tshivenḓa",
}
WHOLE = ("en",)  # and in these every other page is there too; a page is never half in one and half in another
TRANSLATIONS = Path(__file__).parent / "translations"
DRAFT = "Draft, machine-made"  # what the head of a catalogue says until a speaker of the language has been through it
Made = TypeVar("Made")


def gettext(message: str, /, **values: Any) -> str:
    """The message in the reader's language, filled in."""
    text = _said(catalogue(), message)
    return text % values if values else text


@lru_cache(maxsize=8192)
def _said(messages: Any, message: str) -> str:
    """What a message is in a language: a page has hundreds, and each is searched for once."""
    return str(messages.gettext(message)) if message else ""


def ngettext(singular: str, plural: str, num: Any, /, **values: Any) -> str:
    """The form of the message that suits the number."""
    text: str = catalogue().ngettext(singular, plural, num)
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


def short_months() -> list[str]:
    """The names of the months as ``written_day`` has them."""
    return list(get_month_names("abbreviated", locale=spoken()).values())


def voice() -> str:
    """The language that is spoken now, and whose own words are taken into it: texts are kept under it."""
    language, own = spoken(), _own()
    return f"{language}+{hash(own[1])}" if own and own[0] == base_of(language) else language


def base_of(locale: str) -> str:
    """The language of a locale, such as "en" of "en-ZA"."""
    return locale.replace("-", "_").partition("_")[0]


def whole(language: str) -> str:
    """The language where every page and letter is there in it; else English, so that none is half in one."""
    return language if base_of(language) in WHOLE else WHOLE[0]


def told_in(language: str, tell: Callable[[], Made]) -> Made:
    """What is told, in a language that need not be the one that is spoken now."""
    with force_locale(language):
        return tell()


def take_words(language: str, texts: Mapping[str, str]) -> None:
    """For the rest of this page, say these texts in a language as somebody has written them; they go before the
    catalogue."""
    plain = {text: told for text, told in texts.items() if "%(" not in text}  # never a sentence of ours with gaps
    g.own_words = (language, tuple(sorted(plain.items()))) if plain else None
    g.pop("spoken", None)


def is_draft(language: str) -> bool:
    """Is the catalogue of the language one that no speaker of it has been through?"""
    return _read(language)[1]


def said_in(language: str, message: str) -> str:
    """What the catalogue of a language has for a message; empty where it is missing."""
    return _read(language)[2].get(message, "")


def written_number(value: int) -> str:
    """31 000 in English; elsewhere as the language that is spoken now writes it."""
    return _written_number(value, spoken())


def written_money(cents: int) -> str:
    """R480 000, or R12.50; less than nothing with a minus before it."""
    rand, rest = divmod(abs(cents), 100)
    text = f"R{written_number(rand)}" + (f".{rest:02d}" if rest else "")
    return f"\u2212{text}" if cents < 0 else text


def territory(code: str) -> str:
    """What a country is called in the language that is spoken now; its two letters where that is not known."""
    found: str | None = Locale.parse(spoken()).territories.get(code)
    return found or code


@lru_cache(maxsize=4096)
def _written_day(value: dt.date, language: str) -> str:
    return format_date(value, "d MMM y", locale=language)


@lru_cache(maxsize=4096)
def _written_number(value: int, language: str) -> str:
    if language.startswith("en"):
        return f"{value:,}".replace(",", "\u00a0")
    return str(format_decimal(value, locale=language)).replace(" ", "\u00a0")


@lru_cache(maxsize=16)
def _read(language: str) -> tuple[NullTranslations, bool, Mapping[str, str]]:
    """The catalogue of a language as its file has it, whether that is a draft, and its plain messages. What is
    missing stays English."""
    path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    if language not in LANGUAGES or not path.exists():
        return NullTranslations(), False, {}
    from gettext import GNUTranslations

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        found = read_po(file, locale=language)
    packed = BytesIO()
    write_mo(packed, found)
    packed.seek(0)
    plain = {each.id: each.string for each in found if isinstance(each.id, str) and isinstance(each.string, str)}
    return GNUTranslations(packed), DRAFT in found.header_comment, plain


def _spoken() -> tuple[Any, str, Any]:
    """The locale, its name and its messages, kept for the page; a letter in between may speak another language."""
    if not has_app_context():
        return None, "en", _read("en")[0]
    here = g._get_current_object().__dict__
    own = here.get("own_words")
    chosen = getattr(here.get("_flask_babel"), "babel_locale", None)
    known: tuple[Any, str, Any] | None = here.get("spoken")
    if known is None or chosen is None or known[0] is not chosen:
        locale = get_locale()
        in_locale = current_app.extensions.setdefault("spoken", {})
        known = in_locale.get(locale)
        if known is None:
            name = str(locale or "en")
            known = in_locale[locale] = (locale, name, _read(base_of(name))[0])
        known = (locale, known[1], known[2])  # as this page has it, so that it is known again without comparing
        if own and own[0] == base_of(known[1]):
            known = (known[0], known[1], _with(*own))
        here["spoken"] = known
    return known


def _own() -> tuple[str, tuple[tuple[str, str], ...]] | None:
    return g.get("own_words") if has_app_context() else None


class Own(NullTranslations):
    """The texts that somebody wrote for a language, before those of its catalogue."""

    def __init__(self, texts: Mapping[str, str], catalogue: NullTranslations) -> None:
        super().__init__()
        self.texts = texts
        self.add_fallback(catalogue)

    def gettext(self, message: str) -> str:
        return self.texts.get(message) or super().gettext(message)


@lru_cache(maxsize=64)
def _with(language: str, texts: tuple[tuple[str, str], ...]) -> NullTranslations:
    return Own(dict(texts), _read(language)[0])


def cents_in(text: str) -> int | None:
    """An amount in rand as people write it: ``480 000``, ``R480,000``, ``480000.50``; None where it is none."""
    plain = re.sub(r"[\s\u00a0R]|,(?=\d{3}\b)", "", text).replace(",", ".")
    if not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", plain):
        return None
    rand, _dot, cents = plain.partition(".")
    return int(rand) * 100 + int(cents.ljust(2, "0"))
