"""Who acts, and the words from which every permission is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any

from innovation.values import dataclass


class Forbidden(Exception):
    """This person may not do this; nothing was changed."""


class NotThere(Exception):
    """There is no such thing, or none that this person may know of."""


@dataclass(frozen=True)
class Grant:
    """A role held within a scope; an empty scope is the whole programme, or for administrators the whole site."""

    role: str
    programme_id: int | None = None
    region_id: int | None = None
    clinic_id: int | None = None
    funder_id: int | None = None

    def covers(self, subject: Any) -> bool:
        """True when the subject lies within the scope (a subject without programme is covered by any)."""
        if self.clinic_id is not None and self.clinic_id != getattr(subject, "clinic_id", None):
            return False
        if self.funder_id is not None and self.funder_id != getattr(subject, "funder_id", None):
            return False
        programme = getattr(subject, "programme_id", None)
        if self.programme_id is not None and programme is not None and self.programme_id != programme:
            return False
        return self.region_id is None or self.region_id == getattr(subject, "region_id", None)


@dataclass(frozen=True)
class Actor:
    """Somebody who acts: a signed-in person, the system itself, or a stranger (no person)."""

    person_id: int | None = None
    name: str = ""
    grants: frozenset[Grant] = frozenset()
    kind: str = "person"
    account_id: int | None = None
    session_id: int | None = None
    is_demo: bool = field(default=False, compare=False)
    language: str = field(default="", compare=False)

    @property
    def initials(self) -> str:
        words = [word for word in self.name.replace(",", " ").split() if word[0].isalnum()]
        return "".join(word[0].upper() for word in words[:2]) or "?"

    @property
    def reach(self) -> Actor:
        """Who acts, in as far as it decides what they may see: the same for every sign-in of a person."""
        return Actor(self.person_id, grants=self.grants, kind=self.kind)

    @property
    def is_system(self) -> bool:
        return self.kind == "system"

    def has(self, *roles: str) -> bool:
        """True when the person holds one of the roles, in any scope."""
        return any(grant.role in roles for grant in self.grants)

    def holds(self, role: str, subject: Any) -> bool:
        """True when the person holds the role in a scope that covers the subject."""
        return any(grant.role == role and grant.covers(subject) for grant in self.grants)

    def scopes(self, *roles: str) -> list[Grant]:
        return [grant for grant in self.grants if grant.role in roles]

    @property
    def clinic_ids(self) -> set[int]:
        return {g.clinic_id for g in self.grants if g.role == "facilitator" and g.clinic_id is not None}

    @property
    def funder_ids(self) -> set[int]:
        return {g.funder_id for g in self.grants if g.funder_id is not None}


SYSTEM = Actor(name="Gatehouse", kind="system")
STRANGER = Actor(kind="stranger")


@dataclass(frozen=True)
class Word:
    """A named condition on an actor and a subject, and the sentence that explains it."""

    name: str
    meaning: str
    holds: Callable[[Actor, Any], bool] = field(compare=False)


def word(meaning: str) -> Callable[[Callable[[Actor, Any], bool]], Word]:
    """Make a predicate a ``Word``; the function's upper-case name is the word."""

    def make(predicate: Callable[[Actor, Any], bool]) -> Word:
        return Word(predicate.__name__.upper(), meaning, predicate)

    return make


@dataclass(frozen=True)
class Policy:
    """Allowed to whoever one of the words fits, unless one of the others does. The system may always act."""

    any_of: tuple[Word, ...]
    unless: tuple[Word, ...] = ()

    def allows(self, actor: Actor, subject: Any = None) -> bool:
        if actor.is_system:
            return True
        if any(bar.holds(actor, subject) for bar in self.unless):
            return False
        return any(grant.holds(actor, subject) for grant in self.any_of)

    def require(self, actor: Actor, subject: Any = None) -> None:
        if not self.allows(actor, subject):
            raise Forbidden


def allow(*any_of: Word, unless: tuple[Word, ...] = ()) -> Policy:
    """A policy as data: ``allow(CHAIR, unless=(CONFLICTED, OWNS))``."""
    return Policy(any_of, unless)


PUBLIC = Word("PUBLIC", "anybody, without signing in", lambda actor, subject: True)
SIGNED_IN = Word("SIGNED_IN", "anybody who has signed in", lambda actor, subject: actor.person_id is not None)

policies: dict[str, Policy] = {}
"""Every policy by the name of what it allows (``may_record_decision`` is ``record_decision``); filled at start."""


def collect(*modules: Any) -> None:
    """Register the policies of the areas' policy modules; two of one name would be a fault in the code."""
    for module in modules:
        for name, value in vars(module).items():
            if isinstance(value, Policy) and name.startswith("may_"):
                key = name.removeprefix("may_")
                if policies.setdefault(key, value) != value:
                    raise RuntimeError(f"Two policies are called {name}.")
