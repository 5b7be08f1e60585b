"""Making panels, changing who is on them, and retiring them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm.attributes import flag_modified

from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.gates import policy
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
) -> Panel:
    """A panel for one gate, of a region or of the whole programme."""
    panel = Panel(programme_id=programme.id, name=name, gate_key=gate_key, region_id=region_id)
    policy.may_edit_panel.require(actor, panel)
    if gate_key not in {gate.key for gate in programme.workflow_version.definition.gates}:
        raise Refused(("The programme has no such gate.",))
    if region_id is not None and region_id not in {region.id for region in programme.regions}:
        raise Refused(("The programme has no such region.",))
    db.session.add(panel)
    db.session.flush()
    _seat_members(panel, members)
    record(actor, PanelMade(programme.id, panel.id, gate_key))
    return panel


@command(policy.may_edit_panel)
def change_panel(actor: Actor, panel: Panel, *, name: str, members: Sequence[MemberTerms]) -> Panel:
    """Rename the panel and say who is on it from now on; reviews that have begun keep their seats."""
    if panel.retired_at is not None:
        raise Refused(("This panel has been retired.",))
    panel.name = name
    flag_modified(panel, "name")  # a new version also where only the members differ
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


def _seat_members(panel: Panel, members: Sequence[MemberTerms]) -> None:
    """End and begin memberships until they are these; one row per person and role, kept as history."""
    wanted = {(terms.person_id, terms.role) for terms in members}
    people = [person_id for person_id, _role in wanted]
    if len(set(people)) != len(people):
        raise Refused(("Each person can have one seat on a panel. One of them is listed twice.",))
    if any(role not in SEAT_ROLES for _person, role in wanted):
        raise Refused(("Choose a seat for each member.",))
    current = [member for member in panel.members if member.until is None]
    for member in current:
        if (member.person_id, member.role) not in wanted:
            member.until = now()
    seated = {(member.person_id, member.role) for member in current}
    panel.members += [PanelMember(person_id=person_id, role=role) for person_id, role in sorted(wanted - seated)]
