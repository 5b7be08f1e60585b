"""The personal-information notice of a programme, each version as it was shown, by language."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from innovation.db import Base, db, now
from innovation.languages import LANGUAGES, is_draft
from innovation.programmes.models import Programme
from innovation.values import dataclass


class NoticeText(Base):
    """One version in one language; never changed, since people agreed to what they saw."""

    __tablename__ = "notice_text"
    __table_args__ = (sa.UniqueConstraint("programme_id", "version", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    version: Mapped[int]
    language: Mapped[str] = mapped_column(sa.String(8))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    responsible_party: Mapped[str] = mapped_column(sa.Text, default="")
    is_draft: Mapped[bool] = mapped_column(default=False)  # a translation that nobody has confirmed yet
    made_at: Mapped[dt.datetime] = mapped_column(default=now)


@dataclass(frozen=True)
class Notice:
    """What a person is shown; ``language`` is the one that the text is in. An empty text is the usual one.

    Beside a translation that nobody has confirmed the ``original`` is shown, which counts.
    """

    version: int
    language: str
    text: str
    responsible_party: str
    original: Notice | None = None

    @property
    def is_draft(self) -> bool:
        return self.original is not None


def find_notice(programme: Programme, language: str) -> Notice:
    """The notice in force in a language, else in that of the site."""
    kept = translation(programme, language) if language != _own_language() else None
    version, party = programme.notice_version, programme.responsible_party
    original = Notice(version, _own_language(), programme.notice, party)
    if language == _own_language():
        return original
    if kept is not None:
        beside = original if kept.is_draft else None
        return Notice(version, language, kept.text, kept.responsible_party or party, beside)
    if _is_usual(programme.notice, language):
        return Notice(version, language, "", party, original if is_draft(language) else None)
    return original


def _is_usual(text: str, language: str) -> bool:
    """A programme without words of its own is spoken for by the catalogues."""
    return not text and language in LANGUAGES


def was_shown(programme: Programme, version: int, language: str) -> bool:
    """Has there been such a version in this language? A phone without signal may show an older one for days."""
    if version == programme.notice_version and (language == _own_language() or _is_usual(programme.notice, language)):
        return True
    kept = db.session.execute(
        sa.select(NoticeText.language, NoticeText.text).where(
            NoticeText.programme_id == programme.id,
            NoticeText.version == version,
            NoticeText.language.in_((language, _own_language())),
        )
    )
    return any(row.language == language or _is_usual(row.text, language) for row in kept)


def translation(programme: Programme, language: str) -> NoticeText | None:
    """The notice in force as the programme wrote it in another language."""
    return db.session.scalar(
        sa.select(NoticeText).filter_by(
            programme_id=programme.id, version=programme.notice_version, language=language[:8]
        )
    )


def translate(programme: Programme, language: str, text: str, *, is_draft: bool) -> bool:
    """Say the notice in force in another language; part of a transaction. What people have been shown is kept: another
    text is a new version, which takes the other languages along."""
    kept = translation(programme, language)
    if not programme.notice or (kept.text if kept else "") == text:
        changed = kept is not None and kept.is_draft != is_draft
        if kept is not None:
            kept.is_draft = is_draft
        return changed
    if kept is not None:
        _begin_version(programme, but=language)
    if text:
        more = {"language": language, "text": text, "is_draft": is_draft}
        db.session.add(NoticeText(programme_id=programme.id, version=programme.notice_version, **more))
    return True


def _begin_version(programme: Programme, but: str) -> None:
    keep_text(programme)
    db.session.flush()
    old = db.session.scalars(
        sa.select(NoticeText).filter_by(programme_id=programme.id, version=programme.notice_version)
    ).all()
    programme.notice_version += 1
    for each in old:
        if each.language not in (but, _own_language()):
            more = {name: getattr(each, name) for name in ("language", "text", "responsible_party", "is_draft")}
            db.session.add(NoticeText(programme_id=programme.id, version=programme.notice_version, **more))


def keep_text(programme: Programme) -> None:
    """Keep the notice in force as it is, before it changes; part of a transaction."""
    if was_kept(programme):
        return
    db.session.add(
        NoticeText(
            programme_id=programme.id,
            version=programme.notice_version,
            language=_own_language(),
            text=programme.notice,
            responsible_party=programme.responsible_party,
        )
    )


def was_kept(programme: Programme) -> bool:
    kept = sa.exists().where(
        NoticeText.programme_id == programme.id,
        NoticeText.version == programme.notice_version,
        NoticeText.language == _own_language(),
    )
    return bool(db.session.scalar(sa.select(kept)))


def _own_language() -> str:
    return str(current_app.config["SETTINGS"].default_language)
