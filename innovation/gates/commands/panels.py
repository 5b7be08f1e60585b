"""Making panels, changing who is on them, and retiring them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.orm.attributes import flag_modified

from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.gates import policy
from innovation.gates.coverage import PanelGate, PanelTheme
from innovation.gates.events import PanelChanged, PanelMade, PanelRetired
from innovation.gates.models import SEAT_ROLES, Panel, PanelMember
from innovation.gates.terms import MemberTerms
from innovation.permission import Actor
from innovation.programmes.models import Programme
from workflows import Refused


@command(policy.may_make_panel)
def make_panel(
    actor: Actor,
    programme: Programme,
    *,
    name: str,
    gate_key: str,
    region_id: int | None = None,
    members: Sequence[MemberTerms] = (),
    further_gates: Sequence[str] = (),
    theme_ids: Sequence[int] = (),
) -> Panel:
    """A panel for one gate or several, of a region or of the whole programme, for some themes or for all."""
    panel = Panel(programme_id=programme.id, name=name, gate_key=gate_key, region_id=region_id)
    policy.may_edit_panel.require(actor, panel)
    if gate_key not in {gate.key for gate in programme.workflow_version.definition.gates}:
        raise Refused(("The programme has no such gate.",))
    if region_id is not None and region_id not in {region.id for region in programme.regions}:
        raise Refused(("The programme has no such region.",))
    db.session.add(panel)
    db.session.flush()
    _cover(programme, panel, further_gates, theme_ids)
    _seat_members(panel, members)
    record(actor, PanelMade(programme.id, panel.id, gate_key))
    return panel


@command(policy.may_edit_panel)
def change_panel(
    actor: Actor,
    panel: Panel,
    *,
    name: str,
    members: Sequence[MemberTerms],
    further_gates: Sequence[str] = (),
    theme_ids: Sequence[int] = (),
) -> Panel:
    """Say what the panel is called, what it is for and who is on it from now on; reviews that have begun keep their
    seats, and what they ask of whoever has left is on the page of seats to fill."""
    if panel.retired_at is not None:
        raise Refused(("This panel has been retired.",))
    panel.name = name
    flag_modified(panel, "name")  # a new version also where only the members differ
    _cover(db.session.get_one(Programme, panel.programme_id), panel, further_gates, theme_ids)
    _seat_members(panel, members)
    record(actor, PanelChanged(panel.programme_id, panel.id))
    return panel


@command(policy.may_edit_panel)
def retire_panel(actor: Actor, panel: Panel) -> Panel:
    """Convene the panel no more; what it decided stays."""
    if panel.retired_at is not None:
        raise Refused(("This panel has been retired already.",))
    panel.retired_at = now()
    record(actor, PanelRetired(panel.programme_id, panel.id))
    return panel


def _cover(programme: Programme, panel: Panel, further_gates: Sequence[str], theme_ids: Sequence[int]) -> None:
    """Say at which gates beside its own the panel sits, and for which themes."""
    gates, themes = set(further_gates) - {panel.gate_key}, set(theme_ids)
    if gates - {gate.key for gate in programme.workflow_version.definition.gates}:
        raise Refused(("The programme has no such gate.",))
    if themes - {theme.id for theme in programme.themes}:
        raise Refused(("The programme has no such theme.",))
    kept = {each.gate_key: each for each in panel.further_gates}
    panel.further_gates = [kept.get(key) or PanelGate(gate_key=key) for key in sorted(gates)]
    held = {each.theme_id: each for each in panel.for_themes}
    panel.for_themes = [held.get(theme_id) or PanelTheme(theme_id=theme_id) for theme_id in sorted(themes)]


def _seat_members(panel: Panel, members: Sequence[MemberTerms]) -> None:
    """End and begin memberships until they are these; one row per person, role and term, kept as history."""
    wanted = set(members)
    people = [terms.person_id for terms in wanted]
    if len(set(people)) != len(people):
        raise Refused(("Each person can have one seat on a panel. One of them is listed twice.",))
    if any(terms.role not in SEAT_ROLES for terms in wanted):
        raise Refused(("Choose a seat for each member.",))
    if any(terms.term_from and terms.term_until and terms.term_until < terms.term_from for terms in wanted):
        raise Refused(("A term of office ends before it begins.",))
    current = {member: _terms_of(member) for member in panel.members if member.until is None}
    for member, terms in current.items():
        if terms not in wanted:
            member.until = now()
    fresh = sorted(wanted - set(current.values()), key=lambda terms: (terms.person_id, terms.role))
    panel.members += [PanelMember(**asdict(terms)) for terms in fresh]


def _terms_of(member: PanelMember) -> MemberTerms:
    return MemberTerms(member.person_id, member.role, member.term_from, member.term_until)
