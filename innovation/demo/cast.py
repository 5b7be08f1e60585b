"""Everybody and everything that the stories of the demonstration name, found by the keys of its files."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from innovation.accounts.models import Person
from innovation.accounts.queries import actor_of
from innovation.db import db
from innovation.demo.telling import Telling
from innovation.demo.written import Written
from innovation.ideas.models import Idea
from innovation.permission import Actor
from innovation.programmes.models import Programme, Region, Theme, Topic
from innovation.values import dataclass


@dataclass
class Cast:
    """Filled while the world is built; ``clinics``, ``ideas`` and ``funders`` hold ids by key."""

    written: Written
    programme: Programme
    regions: dict[str, Region]
    themes: dict[str, Theme]
    topics: dict[str, Topic]
    districts: dict[tuple[str, str], int]
    telling: Telling
    people: dict[str, Person] = field(default_factory=dict)
    funders: dict[str, int] = field(default_factory=dict)
    mandates: list[tuple[int, Actor]] = field(default_factory=list)
    clinics: dict[str, int] = field(default_factory=dict)
    ideas: dict[str, int] = field(default_factory=dict)
    _actors: dict[int, Actor] = field(default_factory=dict)

    def actor(self, who: str | Person) -> Actor:
        """Somebody as one who acts: an account of the demonstration by its key, or a person."""
        person = self.people[who] if isinstance(who, str) else who
        if person.id not in self._actors:
            self._actors[person.id] = actor_of(person)
        return self._actors[person.id]

    def region_of(self, province: str) -> Region:
        return self.regions[province.removeprefix("ZA-")]

    def coordinator_of(self, region: Region) -> Actor:
        """Who keeps the gates of a region moving."""
        local = f"coordinator-{region.prefix.lower()}"
        return self.actor(local if local in self.people else "coordinator")

    @property
    def provinces(self) -> list[str]:
        return [entry["province"] for entry in self.written.setting["regions"]]

    def district_ids(self, provinces: list[str], names: list[str]) -> list[int]:
        found = [self.districts.get((province, name)) for name in names for province in provinces]
        return [district_id for district_id in found if district_id is not None]

    def idea(self, key: str) -> Idea:
        found: Any = db.session.get_one(Idea, self.ideas[key])
        assert isinstance(found, Idea)
        return found

    def owner_key(self, idea_key: str) -> str | None:
        """The account that owns an idea, where one does."""
        owners = (a["key"] for a in self.written.accounts if idea_key in a.get("owns", []))
        return next(owners, None)
