"""The one place where the papers of meetings join a dossier."""

from __future__ import annotations

from dataclasses import dataclass, field

from innovation.ideas.models import Idea
from innovation.permission import Actor


@dataclass(frozen=True)
class MeetingPapers:
    """What one meeting has about the idea, in words, as the reader may read it."""

    title: str
    facts: list[tuple[str, str]] = field(default_factory=list)  # when, where, who was there
    minutes: str = ""
    votes: list[tuple[str, str]] = field(default_factory=list)  # who, and how they voted


def meeting_papers(actor: Actor, idea: Idea) -> list[MeetingPapers]:
    """The papers of every meeting on whose agenda the idea stood, as far as the person may read them.

    Nothing as yet: panels decide without one. Once there are meetings, they are asked here, and nowhere else.
    """
    return []
