"""Telling people once, and finding the things that an event names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import joinedload

from innovation.accounts.models import Person
from innovation.db import db
from innovation.events import Event
from innovation.gates.models import Review
from innovation.ideas.models import Idea
from innovation.notifications import post
from innovation.notifications.post import Letter


def tell(event: Event, name: str, people: Iterable[Person], letter: Letter) -> None:
    """Tell each of them once, but not the one who did it."""
    for person in people:
        if person.id != event.actor_id:
            post.notify(person, letter, why=f"event:{event.id}:{name}", at=event.at)


def thing_of(event: Event, model: type[Any], field: str, *load: Any) -> Any:
    """The thing that a fact names."""
    return db.session.get_one(model, event.data[field], options=[joinedload(each) for each in load])


def idea_of(event: Event) -> Idea:
    found: Idea = thing_of(event, Idea, "idea_id")
    return found


def review_of(event: Event) -> Review:
    found: Review = thing_of(event, Review, "review_id", Review.idea)
    return found
