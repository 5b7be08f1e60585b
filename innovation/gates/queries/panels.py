"""Finding and listing panels within a person's sight, and those that may sit for an idea."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, raiseload, selectinload

from innovation.db import Page, db, paginate
from innovation.gates.coverage import PanelGate
from innovation.gates.models import Panel, PanelMember
from innovation.gates.queries.standing import STAFF
from innovation.ideas.models import Idea
from innovation.permission import Actor, Grant, NotThere
from innovation.values import dataclass
from workflows import Gate

WHOLE = (
    selectinload(Panel.members).joinedload(PanelMember.person),
    selectinload(Panel.further_gates),
    selectinload(Panel.for_themes),
    joinedload(Panel.region),
)


def find_panel(actor: Actor, panel_id: int) -> Panel:
    query = sa.select(Panel).where(Panel.id == panel_id, panels_in_sight(actor)).options(*WHOLE)
    panel = db.session.scalar(query)
    if panel is None:
        raise NotThere
    return panel


@dataclass(frozen=True)
class PanelFilters:
    """What a list of panels is narrowed to; those that sit, or those that are retired."""

    q: str = ""
    gate: str = ""
    region: int | None = None
    retired: bool = False


def list_panels(actor: Actor, filters: PanelFilters, *, page: int = 1, size: int = 20) -> Page[Panel]:
    """The panels of the programmes that the person coordinates or manages, by gate and name."""
    return paginate(_panels(actor, filters), page=page, size=size)


def list_panel_rows(actor: Actor, filters: PanelFilters, *, limit: int = 5000) -> list[Panel]:
    """The same panels in the same order, for an export of exactly what is listed."""
    return list(db.session.scalars(_panels(actor, filters).limit(limit)))


def _panels(actor: Actor, filters: PanelFilters) -> sa.Select[Any]:
    retired = Panel.retired_at.is_not(None) if filters.retired else Panel.retired_at.is_(None)
    query = sa.select(Panel).where(panels_in_sight(actor), retired)
    if filters.q:
        query = query.where(Panel.name.icontains(filters.q, autoescape=True))
    if filters.gate:
        query = query.where(_sits_at(filters.gate))
    if filters.region:
        query = query.where(Panel.region_id == filters.region)
    return query.options(raiseload("*"), *WHOLE).order_by(Panel.gate_key, Panel.name, Panel.id)


def _sits_at(gate_key: str) -> sa.ColumnElement[bool]:
    further = sa.exists().where(PanelGate.panel_id == Panel.id, PanelGate.gate_key == gate_key)
    return sa.or_(Panel.gate_key == gate_key, further)


def panels_in_sight(actor: Actor) -> sa.ColumnElement[bool]:
    if actor.is_system:
        return sa.true()
    return sa.or_(sa.false(), *[_panels_of(grant) for grant in actor.scopes(*STAFF)])


def _panels_of(grant: Grant) -> sa.ColumnElement[bool]:
    whole = sa.true() if grant.programme_id is None else Panel.programme_id == grant.programme_id
    if grant.region_id is None:
        return whole
    return sa.and_(whole, sa.or_(Panel.region_id == grant.region_id, Panel.region_id.is_(None)))


def panels_for(idea: Idea, gate: Gate) -> list[Panel]:
    """The panels that may sit for an idea at a gate: its region's before the programme-wide, its theme's before all."""
    nearest = sa.case((Panel.region_id == idea.region_id, 0), (Panel.region_id.is_(None), 1), else_=2)
    query = (
        sa.select(Panel)
        .where(Panel.programme_id == idea.programme_id, _sits_at(gate.key), Panel.retired_at.is_(None))
        .options(*WHOLE)
        .order_by(nearest, Panel.name, Panel.id)
    )

    def order(panel: Panel) -> tuple[bool, bool, bool]:
        return not suits(panel, idea), panel.region_id != idea.region_id, not panel.theme_ids

    return sorted(db.session.scalars(query), key=order)


def suits(panel: Panel, idea: Idea) -> bool:
    """True when the panel is for the idea's region and theme, or for all of them."""
    of_region = panel.region_id in (None, idea.region_id)
    return of_region and (not panel.theme_ids or idea.theme_id in panel.theme_ids)


def suggested_panel(idea: Idea, gate: Gate) -> Panel | None:
    """The panel of the idea's theme and region, else one for the whole programme; never another region's or theme's."""
    return nearest(panels_for(idea, gate), idea)


def nearest(panels: Iterable[Panel], idea: Idea) -> Panel | None:
    """Of panels that sit at its gate, by name, the one that is suggested for an idea."""
    suiting = (panel for panel in panels if suits(panel, idea))
    return min(suiting, key=lambda panel: (panel.region_id != idea.region_id, not panel.theme_ids), default=None)


def list_panels_at(programme_id: int, gate_key: str) -> list[Panel]:
    """The panels that sit at a gate of a programme, by name."""
    query = sa.select(Panel).where(Panel.programme_id == programme_id, _sits_at(gate_key), Panel.retired_at.is_(None))
    return list(db.session.scalars(query.options(*WHOLE).order_by(Panel.name, Panel.id)))


def current_members(panel: Panel) -> list[PanelMember]:
    """Who is on the panel now, also those whose term has lapsed or not begun."""
    return [member for member in panel.members if member.until is None]


def serving_members(panel: Panel, day: dt.date) -> list[PanelMember]:
    """Who can be convened on a day: on the panel, and in office."""
    return [member for member in panel.members if member.serves(day)]
