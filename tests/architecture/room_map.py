"""The part of the map about joining a clinic without a sign-in, and capturing on phones."""

from __future__ import annotations

from tests.architecture.sights import Page, clinics, only
from tests.architecture.world import ROOM_CODE

ROOM = {
    "clinics.room": Page(clinics(), sees="open_room"),
    "clinics.poster": Page(clinics(), sees="open_room"),
    **{f"clinics.{name}": Page(clinics(), writes="open_room") for name in ("open_room", "renew_code", "end_room")},
    "clinics.end_device": Page(
        clinics(device_id=lambda world: world.things["device"]["here"]), writes="shut_out_device"
    ),
    **{
        f"clinics.{name}": Page(only(code=ROOM_CODE), public=True) for name in ("join_room", "join_form", "join_device")
    },
    **{f"clinics.{name}": Page(public=True) for name in ("join", "capture_page", "capture_worker", "capture_manifest")},
    "clinics.capture_clinic": Page(public=True, by_token=True),
    "clinics.receive_idea": Page(public=True, by_token=True),
}
