"""What a programme says to participants in its own words, and the same in other languages."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from flask import current_app, g
from sqlalchemy.orm import Mapped, mapped_column

from innovation.db import Base, db, now
from innovation.languages import LANGUAGES, base_of, lazy_gettext, said_in, spoken, take_words
from innovation.programmes.models import Programme
from innovation.programmes.queries import in_use
from innovation.values import dataclass
from workflows import Definition

Words = Iterable[tuple[Any, str]]
"""Pairs of what a text is, such as a question, and the text."""

ELSEWHERE: list[Callable[[Programme], Words]] = []


class ProgrammeText(Base):
    """A text in another language, found by what it is in the programme's own: once that changes, it is missing."""

    __tablename__ = "programme_text"

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), primary_key=True)
    language: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    english: Mapped[str] = mapped_column(sa.Text)
    text: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[dt.datetime] = mapped_column(default=now, onupdate=now)


@dataclass(frozen=True)
class Text:
    """A text as participants read it: ``own`` is what the programme wrote, ``known`` what the catalogue has."""

    what: str
    english: str
    own: str = ""
    known: str = ""

    @property
    def is_missing(self) -> bool:
        return not self.own and not self.known

    @property
    def name(self) -> str:
        """Of its field in a form."""
        return f"text_{key_of(self.english)[:16]}"


def key_of(english: str) -> str:
    return hashlib.sha256(english.encode()).hexdigest()


def also_written(find: Callable[[Programme], Words]) -> Callable[[Programme], Words]:
    """Mark what finds texts of a programme that another area keeps."""
    ELSEWHERE.append(find)
    return find


def own_language() -> str:
    """In which programmes write."""
    return base_of(str(current_app.config["SETTINGS"].default_language))


def other_languages() -> dict[str, str]:
    """Each with its own name."""
    return {code: name for code, name in LANGUAGES.items() if code != own_language()}


def texts_of_process(definition: Definition) -> Iterator[tuple[Any, str]]:
    """What participants read of a workflow: what is asked of them, and what becomes of an idea."""
    word, choice = lazy_gettext("Word"), lazy_gettext("Choice")
    yield from ((word, text) for text in (definition.words.site, definition.words.district))
    for field in definition.canvas:
        if field.quick:
            yield from ((lazy_gettext("Question"), field.name), (lazy_gettext("Help"), field.help))
            yield from ((choice, each.name) for each in field.choices if field.key != "consent")
    for place in definition.places:
        yield from ((lazy_gettext("Stage or gate"), name) for name in (place.name, place.short))
    yield from ((lazy_gettext("Decision"), outcome.label) for outcome in definition.outcomes)


def texts_of(programme: Programme, language: str) -> list[Text]:
    """Every text once, what is missing first."""
    found: dict[str, str] = {}
    for what, text in _said_by(programme):
        if text:
            found.setdefault(text, str(what))
    written = written_in(programme.id, language)
    texts = [Text(what, text, written.get(text, ""), said_in(language, text)) for text, what in found.items()]
    return sorted(texts, key=lambda text: not text.is_missing)


def _said_by(programme: Programme) -> Iterator[tuple[Any, str]]:
    yield lazy_gettext("Name of the programme"), programme.name
    yield from ((lazy_gettext("Theme"), theme.name) for theme in in_use(programme.themes))
    yield from ((lazy_gettext("Topic"), topic.name) for topic in in_use(programme.topics))
    for find in ELSEWHERE:
        yield from find(programme)
    yield from texts_of_process(programme.workflow_version.definition)


def written_in(programme_id: int, language: str) -> dict[str, str]:
    """What a programme wrote in a language, by the text that it stands for."""
    rows = db.session.execute(
        sa.select(ProgrammeText.english, ProgrammeText.text).filter_by(programme_id=programme_id, language=language)
    )
    return dict(rows.all())


def speak_for(programme_id: int) -> None:
    """For the rest of this page, say what the programme wrote in the language that is spoken now."""
    language = base_of(spoken())
    if language == own_language():
        return
    known: dict[tuple[int, str], dict[str, str]] = g.setdefault("own_words_of", {})
    if (programme_id, language) not in known:
        known[programme_id, language] = written_in(programme_id, language)
    take_words(language, known[programme_id, language])
