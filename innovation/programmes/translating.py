"""Writing what a programme says in another language, its notice with it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm.attributes import flag_modified

from innovation.command import command
from innovation.db import db
from innovation.events import record
from innovation.permission import Actor
from innovation.programmes import notices, policy
from innovation.programmes.events import TextsWritten
from innovation.programmes.models import Programme
from innovation.programmes.own_words import ProgrammeText, key_of, other_languages, texts_of
from workflows import Refused


@command(policy.may_write_texts)
def write_texts(
    actor: Actor,
    programme: Programme,
    *,
    language: str,
    texts: Mapping[str, str],
    notice: str = "",
    is_checked: bool = False,
) -> int:
    """Keep texts by what they stand for, and the notice; how many have changed. An empty one is taken away.

    A notice that is not ``is_checked`` by a speaker of the language is shown with the original beside it.
    """
    if language not in other_languages():
        raise Refused(("Choose one of the languages.",))
    before = {text.english: text.own for text in texts_of(programme, language)}
    changed = {english: text for english, text in texts.items() if before.get(english, text) != text}
    for english, text in changed.items():
        _keep(programme, language, english, text)
    is_told = notices.translate(programme, language, notice, is_draft=not is_checked)
    if changed or is_told:
        flag_modified(programme, "name")  # so that somebody who looked at it before is told
        record(actor, TextsWritten(programme.id, language, len(changed), programme.notice_version))
    return len(changed) + is_told


def _keep(programme: Programme, language: str, english: str, text: str) -> None:
    kept = db.session.get(ProgrammeText, (programme.id, language, key_of(english)))
    if kept is None:
        kept = ProgrammeText(programme_id=programme.id, language=language, key=key_of(english), english=english)
        db.session.add(kept)
    kept.text = text
    if not text:
        db.session.delete(kept)
