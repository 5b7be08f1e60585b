"""Reading the plan of a pilot: its rows, sites, amendments, and how typical its sites are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.db import Page, db, paginate
from innovation.gates.models import Decision, Review
from innovation.ideas.models import Ask, Idea
from innovation.permission import NotThere
from innovation.pilots import typicality
from innovation.pilots.plan_models import Pilot, PilotSite
from innovation.pilots.plan_part_models import PilotAmendment
from innovation.pilots.queries.incidents import count_harm
from innovation.pilots.readiness import SiteCounts, missing
from innovation.pilots.reading_models import Reading
from innovation.pilots.terms import ROW_PARTS
from innovation.places.models import School
from innovation.values import dataclass
from workflows import PILOT, UNDER_WAY, PilotFacts

AMENDMENTS_ON_PAGE = 10


def is_ready(idea: Idea) -> bool:
    """True while the idea has passed its pilot gate, and its pilot has not begun."""
    stage = idea.definition.pilot_stage
    return stage is not None and idea.place == stage.place and idea.standing == "active"


def is_piloting(idea: Idea) -> bool:
    """True while the idea is in its pilot, or before the gate that looks at what came of it."""
    definition, stage = idea.definition, idea.definition.pilot_stage
    following = definition.next_stage(stage.key) if stage else None
    if following is None or idea.standing not in UNDER_WAY:
        return False
    gate = definition.gate_after(following.key)
    return idea.place in {following.place, gate.place if gate else following.place}


def approved_by(idea: Idea) -> Decision | None:
    """The newest decision that let the idea on to its pilot."""
    stage = idea.definition.pilot_stage
    if stage is None:
        return None
    gates = [gate.key for gate in idea.definition.gates if gate.leads_to == stage.key]
    query = sa.select(Decision).join(Decision.review).options(joinedload(Decision.review))
    query = query.where(Decision.idea_id == idea.id, Decision.outcome.in_(("go", "conditional")))
    return db.session.scalars(query.where(Review.gate_key.in_(gates)).order_by(Decision.id.desc()).limit(1)).first()


def list_rows(pilot: Pilot, part: str) -> list[Any]:
    """The rows of a part of the plan, in their order."""
    kind: Any = ROW_PARTS[part].kind
    return list(db.session.scalars(sa.select(kind).filter_by(pilot_id=pilot.id).order_by(kind.position)))


def measured(ids: set[int]) -> bool:
    """True where something was measured of one of these indicators."""
    return bool(ids) and db.session.scalar(sa.select(sa.exists().where(Reading.indicator_id.in_(ids)))) is True


def count_sites(pilot: Pilot) -> SiteCounts:
    """How many sites of each kind, and whom they reach, in one question."""
    stays, compares = PilotSite.left_on.is_(None), PilotSite.is_comparison
    taught = sa.and_(stays, ~compares)
    query = sa.select(
        sa.func.count().filter(taught),
        sa.func.count().filter(stays, compares),
        sa.func.count().filter(taught, PilotSite.is_high_dosage),
        sa.func.count().filter(~stays),
        sa.func.sum(PilotSite.learners).filter(taught),
        sa.func.sum(PilotSite.teachers).filter(taught),
    ).where(PilotSite.pilot_id == pilot.id)
    return SiteCounts(*db.session.execute(query).one())


def list_sites(pilot: Pilot, *, page: int = 1) -> Page[Any]:
    """The sites with their schools, where these stand in the register; those that have left come last."""
    both: Any = (PilotSite, School)
    query: sa.Select[Any] = sa.select(*both).outerjoin(School, School.emis == PilotSite.emis)
    query = query.options(joinedload(School.district)).where(PilotSite.pilot_id == pilot.id)
    order = PilotSite.left_on.is_not(None), PilotSite.is_comparison, PilotSite.id
    return paginate(query.order_by(*order), page=page, scalars=False)


def list_places(pilot: Pilot) -> list[str]:
    """Where the pilot is held, for the record that its idea keeps: places for comparison are not among them."""
    query = sa.select(PilotSite.place).where(PilotSite.pilot_id == pilot.id, ~PilotSite.is_comparison)
    return list(db.session.scalars(query.where(PilotSite.left_on.is_(None)).order_by(PilotSite.id)))


def find_site(pilot: Pilot, site_id: int) -> PilotSite:
    found = db.session.get(PilotSite, site_id)
    if found is None or found.pilot_id != pilot.id:
        raise NotThere
    return found


def list_amendments(pilot: Pilot, *, page: int = 1) -> Page[PilotAmendment]:
    """What was changed since the pilot began, newest first."""
    query = sa.select(PilotAmendment).where(PilotAmendment.pilot_id == pilot.id)
    return paginate(query.order_by(PilotAmendment.number.desc()), page=page, size=AMENDMENTS_ON_PAGE)


def names_of_schools(numbers: Iterable[str]) -> dict[str, str]:
    """The names of the schools that stand in the register under these numbers."""
    rows = db.session.execute(sa.select(School.emis, School.name).where(School.emis.in_(set(numbers))))
    return {emis: name for emis, name in rows}  # noqa: C416


@dataclass(frozen=True)
class Plan:
    """A plan as its page shows it."""

    pilot: Pilot
    rows: dict[str, list[Any]]
    sites: SiteCounts
    decision: Decision | None
    ask: Ask | None
    harm: int = 0

    @property
    def missing(self) -> tuple[str, ...]:
        template = self.pilot.idea.definition.pilot
        lacking = missing(self.pilot, self.sites, self.rows["measures"], self.rows["permissions"], template)
        return (*lacking, *PILOT.reasons(self.pilot.state, "start", PilotFacts(harm=self.harm)))


def read_plan(pilot: Pilot) -> Plan:
    """Everything that a plan says, in as many questions for many rows as for one."""
    decision = pilot.decision_id and db.session.get(Decision, pilot.decision_id, options=[joinedload(Decision.review)])
    return Plan(
        pilot,
        {part: list_rows(pilot, part) for part in ROW_PARTS},
        count_sites(pilot),
        decision or None,
        db.session.get(Ask, pilot.ask_id) if pilot.ask_id else None,
        count_harm(pilot),
    )


def compare_sites(pilot: Pilot) -> tuple[typicality.Typicality, str]:
    """The sites against the schools of their districts, or of their provinces where a district is not known.

    Says ``district`` or ``province``, as it was compared.
    """
    own = sa.select(PilotSite.emis).where(
        PilotSite.pilot_id == pilot.id, PilotSite.left_on.is_(None), ~PilotSite.is_comparison
    )
    ours = School.emis.in_(own)
    districts = sa.select(School.district_id).where(ours)
    by_district = not db.session.scalar(sa.select(sa.exists().where(ours, School.district_id.is_(None))))
    where = (
        School.district_id.in_(districts)
        if by_district
        else School.province_code.in_(sa.select(School.province_code).where(ours))
    )
    found = typicality.compare(_counted(ours), _counted(where))
    return found, "district" if by_district else "province"


def _counted(which: sa.ColumnElement[bool]) -> list[Any]:
    sizes: list[Any] = [
        (School.learners >= sa.literal_column(str(least)), sa.literal_column(f"'{least}'"))  # grouped by: never bound
        for least in reversed((0, *typicality.SIZES))
    ]
    kinds = School.quintile, School.urban_rural, sa.case(*sizes)
    query = sa.select(*kinds, sa.func.count()).where(which).group_by(*kinds)
    return [tuple(row) for row in db.session.execute(query)]
