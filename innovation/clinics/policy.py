"""Who plans clinics, and who runs one."""

from __future__ import annotations

from typing import Any

from innovation.accounts.policy import COORDINATOR, FACILITATOR, MANAGER
from innovation.permission import PUBLIC, Actor, allow, word
from innovation.programmes.models import Region
from innovation.values import dataclass

ROLES = ("manager", "coordinator", "facilitator")


@dataclass(frozen=True)
class Place:
    """Where a clinic would be, before it is."""

    programme_id: int
    region_id: int


@word("a manager, coordinator or facilitator, of anything")
def works_at_clinics(actor: Actor, subject: Any) -> bool:
    return actor.has(*ROLES)


@word("a manager, coordinator or facilitator of the programme or region")
def plans(actor: Actor, subject: Any) -> bool:
    wide = [grant for grant in actor.scopes(*ROLES) if grant.clinic_id is None]
    if subject is None:
        return bool(wide)
    place = Place(subject.programme_id, subject.id) if isinstance(subject, Region) else subject
    return any(grant.covers(place) for grant in wide)


@word("a phone that joined the clinic in its room, and has not been shut out")
def joined(actor: Actor, subject: Any) -> bool:
    return actor.kind == "device" and actor.holds("device", subject)


WORKS_AT_CLINICS, PLANS, JOINED = works_at_clinics, plans, joined
RUNS = (FACILITATOR, COORDINATOR, MANAGER)

may_list_clinics = allow(WORKS_AT_CLINICS)
may_plan_clinic = allow(PLANS)
may_see_clinic = allow(*RUNS)
may_change_clinic = allow(*RUNS)
may_run_clinic = allow(*RUNS)
may_record_attendance = allow(*RUNS)
may_make_cards = allow(*RUNS)
may_type_in_cards = allow(*RUNS)
may_record_next_steps = allow(*RUNS)
may_run_wall = allow(*RUNS)  # what is shown, topics, the clock
may_run_rounds = allow(*RUNS)
may_make_shortlist = allow(*RUNS)
may_print_slips = allow(*RUNS)
may_add_facilitator = allow(*RUNS)
may_end_facilitator = allow(PLANS)

# Joining without a sign-in
may_open_room = allow(*RUNS)
may_shut_out_device = allow(*RUNS)
may_join_room = allow(PUBLIC)  # whoever has its code
may_capture_in_room = allow(JOINED)
may_place_dots = allow(JOINED)
