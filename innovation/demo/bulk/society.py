"""The people, panels and clinics among which ideas made in bulk live."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import field
from random import Random
from typing import Any

import sqlalchemy as sa

from innovation.accounts.events import AccountOpened
from innovation.accounts.models import Account, Person
from innovation.accounts.passwords import hash_password
from innovation.clinics.agenda import run_sheet
from innovation.clinics.events import AttendanceRecorded, ClinicClosed, ClinicOpened, ClinicPlanned, ClinicReported
from innovation.clinics.models import Clinic
from innovation.db import db
from innovation.demo.bulk.rows import Chains, Rows
from innovation.demo.bulk.words import OWNERS, Words
from innovation.demo.cast import Cast
from innovation.demo.setting import PASSWORD
from innovation.demo.telling import moment
from innovation.gates.models import Panel, PanelMember
from innovation.places.models import School
from innovation.programmes.models import Region
from innovation.values import dataclass
from workflows import Definition, Journey, journey_of

DAY = dt.timedelta(days=1)
YEARS = 3
IDEAS_A_CLINIC = 40
SEATS = {
    "screening": ("chair", "government", "practitioner", "member", "member"),
    "light": ("chair", "government", "practitioner", "member"),
    "pilot": ("chair", "government", "practitioner", "member", "member", "member"),
    "replication": ("chair", "government", "practitioner", "member", "member", "member", "member"),
    "institutionalisation": ("chair", "cochair", "government", "practitioner", "member", "member", "member"),
}
NAMES = {
    "chair": "Panel chair", "cochair": "Panel co-chair", "government": "Panel member, official",
    "practitioner": "Panel member, teacher", "member": "Panel member",
}  # fmt: skip


@dataclass(frozen=True)
class Bench:
    """A panel as bulk reviews seat it: person and role of each seat."""

    panel_id: int
    seats: tuple[tuple[int, str], ...]


@dataclass
class Society:
    """What every idea made in bulk may need; ``latest`` is the moment at which the world stands still."""

    cast: Cast
    rows: Rows
    chains: Chains
    words: Words
    latest: dt.datetime
    definition: Definition
    journey: Journey
    password_hash: str
    benches: dict[tuple[str, int | None], list[Bench]] = field(default_factory=dict)
    written_benches: dict[tuple[str, int | None], Bench] = field(default_factory=dict)
    places: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    schools: dict[int, list[str]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    alive: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    unfiled: list[dict[str, Any]] = field(default_factory=list)
    joined: set[tuple[int, int]] = field(default_factory=set)
    counted: dict[tuple[int, str, str], int] = field(default_factory=lambda: defaultdict(int))
    accounts: dict[int, dt.datetime] = field(default_factory=dict)
    owners: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    @property
    def coordinator_id(self) -> int:
        return self.cast.people["coordinator"].id

    @property
    def facilitator_id(self) -> int:
        return self.cast.people["facilitator"].id

    def owner(self, rng: Random, region: Region, district: str, at: dt.datetime) -> int:
        """Who owns a new idea: somebody new, or one in five times somebody who had an idea before."""
        known = self.owners[region.id]
        if known and rng.random() < 0.2:
            return rng.choice(known)
        person = self.person(f"{rng.choice(OWNERS)}, {district}", at, "owner")
        known.append(person)
        return person

    def person(self, name: str, at: dt.datetime, what: str) -> int:
        number = self.rows.ids[Person]
        row = self.rows.add(
            Person, name=name, email=f"{what}{number}@gatehouse.example", is_demo=True, created_at=at, language="en"
        )
        return int(row["id"])

    def open_account(self, person: int, email: str, at: dt.datetime) -> None:
        """A sign-in with the password of the demonstration."""
        self.accounts[person] = at
        self.rows.add(Account, person_id=person, email=email, password_hash=self.password_hash, created_at=at)
        self.chains.record(at, person, AccountOpened(person))

    def bench(self, rng: Random, gate: str, region_id: int, decided_at: dt.datetime) -> Bench:
        """The panel that sits: one of the region, else of the programme; now and then one with demo sign-ins."""
        known = self.written_benches.get((gate, region_id)) or self.written_benches.get((gate, None))
        recent = self.latest - DAY * 300 < decided_at < self.latest
        if known is not None and recent and rng.random() < 0.04:
            return known
        return rng.choice(self.benches.get((gate, region_id)) or self.benches[gate, None])

    def next_reference(self, prefix: str) -> str:
        self.numbers[prefix] = self.numbers.get(prefix, 0) + 1
        return f"{prefix}-{self.numbers[prefix]:04d}"


def gather(cast: Cast, rows: Rows, chains: Chains, latest: dt.datetime, numbers: Mapping[str, int]) -> Society:
    """The society of a bulk world: new panels beside the written ones, and the places of each region."""
    definition = cast.programme.workflow_version.definition
    words = Words(cast.written.ideas)
    society = Society(
        cast,
        rows,
        chains,
        words,
        latest,
        definition,
        journey_of(definition),
        hash_password(PASSWORD),
        numbers=dict(numbers),
    )
    for (province, name), district_id in cast.districts.items():
        region = cast.region_of(province)
        society.places.setdefault(region.id, []).append((district_id, name))
    for emis, in_district in db.session.execute(
        sa.select(School.emis, School.district_id).where(School.district_id.is_not(None)).order_by(School.emis)
    ):
        society.schools.setdefault(in_district or 0, []).append(emis)
    _written_benches(society)
    since = latest - dt.timedelta(days=366 * YEARS + 60)
    for region in cast.regions.values():
        society.benches["screening", region.id] = [_bench(society, "screening", region, since)]
    for gate, many in (("light", 1), ("pilot", 3), ("replication", 2), ("institutionalisation", 1)):
        society.benches[gate, None] = [_bench(society, gate, None, since, n + 1) for n in range(many)]
    return society


def _written_benches(society: Society) -> None:
    """The panels of the written world, with those of their members who count."""
    members = sa.select(Panel, PanelMember).join(PanelMember, PanelMember.panel_id == Panel.id)
    found: dict[int, tuple[Panel, list[tuple[int, str]]]] = {}
    for panel, member in db.session.execute(members.order_by(PanelMember.id)):
        if member.role in NAMES:
            found.setdefault(panel.id, (panel, []))[1].append((member.person_id, member.role))
    for panel, seats in found.values():
        society.written_benches[panel.gate_key, panel.region_id] = Bench(panel.id, tuple(seats))


def _bench(society: Society, gate: str, region: Region | None, since: dt.datetime, number: int = 1) -> Bench:
    where = region.name if region else "all provinces"
    name = f"{society.definition.gate(gate).name}: second panel, {where}"
    name = name if number == 1 else f"{name} ({number})"
    panel = society.rows.add(
        Panel, programme_id=society.cast.programme.id, region_id=region.id if region else None,
        gate_key=gate, name=name, created_at=since,
    )  # fmt: skip
    seats = tuple((society.person(f"{NAMES[role]}, {where}", since, "panel"), role) for role in SEATS[gate])
    for person_id, role in seats:
        society.rows.add(PanelMember, panel_id=panel["id"], person_id=person_id, role=role, since=since)
    return Bench(panel["id"], seats)


@dataclass(frozen=True)
class Event:
    """A clinic as bulk ideas know it."""

    clinic_id: int
    region: Region
    day: dt.date


def hold_clinics(society: Society, ideas: int, rng: Random) -> list[Event]:
    """Clinics in every region and month of the last years, as many as the ideas need, oldest first."""
    latest = society.latest.date()
    regions = list(society.cast.regions.values())
    weights = [len(society.places[region.id]) for region in regions]
    count = max(1, -(-ideas // IDEAS_A_CLINIC))
    span = 365 * YEARS
    days = sorted(latest - DAY * (span - int(span * (n + rng.random()) / count)) for n in range(count))
    return [_clinic(society, rng.choices(regions, weights)[0], min(day, latest - DAY * 2), rng) for day in days]


def _clinic(society: Society, region: Region, day: dt.date, rng: Random) -> Event:
    district_id, district = rng.choice(society.places[region.id])
    topic = rng.choice(list(society.cast.topics.values()))
    theme = rng.choice(list(society.cast.themes.values()))
    counts = {"teachers": rng.randrange(14, 40), "principals": rng.randrange(3, 10), "parents": rng.randrange(2, 12)}
    code = f"CL-{region.prefix}-{day.year}"
    society.numbers[code] = society.numbers.get(code, 0) + 1
    planned = moment(day - DAY * 50, 11)
    row = society.rows.add(
        Clinic,
        programme_id=society.cast.programme.id,
        region_id=region.id,
        code=f"{code}-B{society.numbers[code]:03d}",
        title=f"{district} clinic: {topic.name.lower()}",
        challenge=f"How might we make {topic.name.lower()} work for every learner of {district}?",
        theme_id=theme.id,
        topic_id=topic.id,
        district_id=district_id,
        venue=f"Teachers' centre, {district}",
        starts_on=day,
        ends_on=day,
        agenda=run_sheet(),
        attendance=counts,
        state="reported",
        created_by_id=society.facilitator_id,
        created_at=planned,
    )
    who, clinic_id = society.facilitator_id, row["id"]
    for at, fact in (
        (planned, ClinicPlanned(clinic_id, region.id)),
        (moment(day, 8), ClinicOpened(clinic_id)),
        (moment(day, 15), AttendanceRecorded(clinic_id, sum(counts.values()))),
        (moment(day, 16, 30), ClinicClosed(clinic_id)),
        (min(moment(day + DAY * 6, 14), society.latest), ClinicReported(clinic_id)),
    ):
        society.chains.record(at, who, fact)
    return Event(clinic_id, region, day)
