"""What a lesson must say, and what it must not."""

from __future__ import annotations

import re
from collections.abc import Iterable

from innovation.ideas.lesson_words import CAUSES
from innovation.ideas.models import Idea
from innovation.ideas.naming import ADDRESS

NO_NAMES = "Leave names and addresses out of a lesson: people read it who do not know the idea."


def lesson_faults(idea: Idea, *, cause: str, tried: str, happened: str, otherwise: str) -> tuple[str, ...]:
    """A sentence for each part of a lesson that is missing; what was tried is asked once it was more than a plan."""
    asked = {
        "Choose why it ended.": cause in CAUSES,
        "Say what was tried.": bool(tried.strip()) or not idea.has_pilot,
        "Say what happened.": bool(happened.strip()) or not idea.has_pilot,
        "Say what somebody else should do otherwise.": bool(otherwise.strip()),
    }
    return tuple(sentence for sentence, there in asked.items() if not there)


def names_somebody(idea: Idea, texts: Iterable[str]) -> bool:
    """Whether a text holds an address, or the whole name of somebody of the team."""
    text = "\n".join(texts)
    team = [idea.owner.name, *(each.person.name for each in idea.contributors)]
    named = any(re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in team if " " in name.strip())
    return named or ADDRESS.search(text) is not None
