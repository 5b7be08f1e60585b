"""Finding the playbook of an idea and its versions."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.accounts.models import Person
from innovation.db import db
from innovation.ideas.models import Consent, Idea
from innovation.ideas.queries import find_idea
from innovation.permission import Actor, NotThere
from innovation.replication import policy
from innovation.replication.models import Playbook, PlaybookVersion
from workflows import UNDER_WAY

MOST = 200


def find_spreading(actor: Actor, reference: str) -> Idea:
    """The idea, for whoever may see how it spreads."""
    idea = find_idea(actor, reference)
    if not policy.may_see_spread.allows(actor, idea):
        raise NotThere
    return idea


def playbook_of(idea: Idea) -> Playbook | None:
    return db.session.scalars(sa.select(Playbook).where(Playbook.idea_id == idea.id)).first()


def list_versions(idea: Idea) -> list[PlaybookVersion]:
    """All versions in all languages, the newest first."""
    query = sa.select(PlaybookVersion).join(PlaybookVersion.playbook).where(Playbook.idea_id == idea.id)
    whole = query.options(joinedload(PlaybookVersion.playbook).joinedload(Playbook.idea))
    return list(db.session.scalars(whole.order_by(PlaybookVersion.number.desc()).limit(MOST)))


def find_version(actor: Actor, reference: str, number: int) -> PlaybookVersion:
    """A version of an idea's playbook, for whoever may see how the idea spreads."""
    found = [each for each in list_versions(find_spreading(actor, reference)) if each.number == number]
    if not found:
        raise NotThere
    return found[0]


def published(versions: Sequence[PlaybookVersion]) -> dict[str, PlaybookVersion]:
    """The newest published version of each language, of versions from the newest to the oldest."""
    found: dict[str, PlaybookVersion] = {}
    for version in versions:
        if version.published_at is not None:
            found.setdefault(version.language, version)
    return found


def before(version: PlaybookVersion, versions: Sequence[PlaybookVersion]) -> PlaybookVersion | None:
    """The version of the same language that was published last before this one."""
    earlier = [each for each in versions if each.number < version.number and each.published_at is not None]
    return next((each for each in earlier if each.language == version.language), None)


def find_public(reference: str) -> list[PlaybookVersion]:
    """The published versions that everybody may read, the newest first; ``NotThere`` while the owner opened none.

    Nobody takes up an idea that was stopped, withdrawn or handed away: then its page is closed too.
    """
    query = sa.select(Idea).join(Playbook, Playbook.idea_id == Idea.id).where(Playbook.public_at.is_not(None))
    idea = db.session.scalar(query.where(Idea.reference == reference.upper(), Idea.standing.in_(UNDER_WAY)))
    found = [each for each in list_versions(idea) if each.published_at is not None] if idea else []
    if not found:
        raise NotThere
    return found


def name_given(idea: Idea) -> str:
    """The owner's name, where the owner agreed that it may be shown; else nothing."""
    query = sa.select(Person.name).join(Consent, Consent.person_id == Person.id)
    agreed = query.where(Consent.idea_id == idea.id, Consent.person_id == idea.owner_id)
    found = agreed.where(Consent.purpose == "public_name", Consent.withdrawn_at.is_(None)).limit(1)
    return db.session.scalar(found) or ""
