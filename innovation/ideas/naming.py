"""What a reader who may see no names is told instead: of files, and of the texts that could give a name away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from innovation.db import db, now
from innovation.ideas.canvas import answered, text_of
from innovation.ideas.models import Access, Idea
from innovation.ideas.policy import may_see_names
from innovation.permission import Actor
from workflows import Definition

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
ENDING = re.compile(r"\.[a-z0-9]{1,5}$")


def file_name(actor: Actor, idea: Idea, name: str, number: int) -> str:
    """The name of a file, or its number and its kind for whoever may see no names: people name files after people."""
    return name if may_see_names.allows(actor, idea) else plain_name(name, number)


def read_nameless(actor: Actor, ideas: Iterable[Idea]) -> set[int]:
    """Those of the ideas that the person reads without the names of their people: one query for any number."""
    hiding = {idea.id for idea in ideas if any(gate.hides_names for gate in idea.definition.gates)}
    still = sa.or_(Access.until.is_(None), Access.until > now())
    query = sa.select(Access.idea_id).where(Access.person_id == actor.person_id, Access.names_hidden, still)
    return set(db.session.scalars(query.where(Access.idea_id.in_(hiding)))) if hiding else set()


def plain_name(name: str, number: int) -> str:
    """A file by its number and its kind."""
    ending = ENDING.search(name.lower())
    return f"file-{number}{ending.group() if ending else ''}"


def fields_with_addresses(definition: Definition, answers: Mapping[str, Any]) -> list[str]:
    """The names of the fields that a panel reads and that hold an e-mail address: nobody takes it out of a text."""
    fields: list[tuple[Any, Any]] = answered(definition, answers)
    return [field.name for field, value in fields if ADDRESS.search(text_of(field, value))]
