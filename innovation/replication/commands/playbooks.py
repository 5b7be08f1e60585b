"""What is done with playbooks: begun in a language, written, published for good, opened to everybody, and closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from innovation.command import command
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.ideas.models import Idea
from innovation.permission import Actor
from innovation.replication import contents, policy, queries
from innovation.replication.codes import LANGUAGES, LICENCE, LICENCES
from innovation.replication.events import (
    PlaybookBegun,
    PlaybookClosed,
    PlaybookOpened,
    PlaybookPublished,
    PlaybookWritten,
)
from innovation.replication.models import Playbook, PlaybookVersion
from workflows import Refused

MOST_VERSIONS = 200


@command(policy.may_write_playbook)
def begin_version(actor: Actor, idea: Idea, *, language: str, based_on: int | None = None) -> PlaybookVersion:
    """A draft of the next version in a language, with what the version of the number ``based_on`` holds.

    Without one it begins with the newest version of that language; where there is none, it is empty.
    """
    if language not in LANGUAGES:
        raise Refused(("Playbooks are not written in this language here.",))
    playbook = queries.playbook_of(idea) or _make_playbook(actor, idea)
    hold_row(playbook)
    versions = queries.list_versions(idea)
    if any(each.language == language and each.published_at is None for each in versions):
        raise Refused(("A draft in this language is there already: go on with it.",))
    if len(versions) >= MOST_VERSIONS:
        raise Refused((f"A playbook can have {MOST_VERSIONS} versions.",))
    source = _source(versions, language, based_on)
    version = PlaybookVersion(
        playbook=playbook,
        number=max((each.number for each in versions), default=0) + 1,
        language=language,
        based_on=source.number if source else None,
        written_by_id=actor.person_id,
        written_at=now(),
        **(_copied(source) if source else {"title": idea.title, "licence": LICENCE, "content": {}}),
    )
    db.session.add(version)
    db.session.flush()
    record(actor, PlaybookBegun(idea.id, version.id, language))
    return version


def _make_playbook(actor: Actor, idea: Idea) -> Playbook:
    playbook = Playbook(idea=idea, made_by_id=actor.person_id, made_at=now())
    db.session.add(playbook)
    db.session.flush()
    return playbook


def _source(versions: list[PlaybookVersion], language: str, based_on: int | None) -> PlaybookVersion | None:
    if based_on is None:
        return queries.published(versions).get(language)
    found = [each for each in versions if each.number == based_on and each.published_at is not None]
    if not found:
        raise Refused(("There is no such published version to begin from.",))
    return found[0]


def _copied(source: PlaybookVersion) -> dict[str, Any]:
    return {name: getattr(source, name) for name in (*contents.TEXTS, "content")}


@command(policy.may_write_playbook)
def write_version(
    actor: Actor,
    version: PlaybookVersion,
    *,
    rows: Mapping[str, Iterable[Mapping[str, Any]]],
    reaches: int | None,
    changes: str = "",
    **texts: str,
) -> PlaybookVersion:
    """Keep what was written into a draft; ``texts`` are those of ``contents.TEXTS``."""
    _require_draft(version)
    if texts["licence"] not in LICENCES:
        raise Refused(("There is no such licence.",))
    for name in contents.TEXTS:
        setattr(version, name, texts[name])
    version.content = contents.keep(rows, reaches, _last_key(version))
    version.changes, version.written_by_id, version.written_at = changes, actor.person_id, now()
    record(actor, PlaybookWritten(version.idea.id, version.id))
    return version


def _last_key(version: PlaybookVersion) -> int:
    """The highest key that any version has given to a part: a key never comes to mean another part."""
    versions = queries.list_versions(version.idea)
    return max((part.key for each in versions for part in contents.read(each.content).parts), default=0)


@command(policy.may_write_playbook)
def publish_version(actor: Actor, version: PlaybookVersion) -> PlaybookVersion:
    """From here on adopters can agree on it, and it never changes; what is different is the next version."""
    _require_draft(version)
    content = contents.read(version.content)
    missing = [
        reason
        for is_there, reason in (
            (version.title, "It has no title."),
            (version.who_for, "It does not say who it is for."),
            (any(part.core for part in content.parts), "It names no core part: say what must not be changed."),
            (content.steps, "It has no steps."),
        )
        if not is_there
    ]
    if missing:
        raise Refused(tuple(missing))
    version.published_at = now()
    record(actor, PlaybookPublished(version.idea.id, version.id))
    return version


def _require_draft(version: PlaybookVersion) -> None:
    if version.published_at is not None:
        raise Refused(("This version is published and never changes. Begin the next one.",))


@command(policy.may_open_playbook)
def open_playbook(actor: Actor, playbook: Playbook) -> Playbook:
    """Let everybody read the newest published version of each language."""
    if not queries.published(queries.list_versions(playbook.idea)):
        raise Refused(("No version is published yet.",))
    if playbook.public_at is None:
        playbook.public_at = now()
        record(actor, PlaybookOpened(playbook.idea_id))
    return playbook


@command(policy.may_close_playbook)
def close_playbook(actor: Actor, playbook: Playbook) -> Playbook:
    """Nobody but the team, its adopters and the programme reads it any more."""
    if playbook.public_at is not None:
        playbook.public_at = None
        record(actor, PlaybookClosed(playbook.idea_id))
    return playbook
