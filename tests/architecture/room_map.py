"""The part of the map about joining a clinic without a sign-in, and capturing on phones."""

from __future__ import annotations

from tests.architecture.sights import Page, clinics, only
from tests.architecture.world import ROOM_CODE, World


def a_round(world: World) -> int:
    return int(world.things["voting_round"]["here"])


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
    **{f"clinics.{name}": Page(clinics(), sees="run_wall") for name in ("board", "board_now", "wall", "wall_now")},
    **{
        f"clinics.{name}": Page(clinics(), writes="run_wall")
        for name in ("wall_settings", "wall_view", "wall_ideas", "add_wall_topic", "clock")
    },
    **{
        f"clinics.{name}": Page(clinics(topic_id=lambda world: world.things["wall_topic"]["here"]), writes="run_wall")
        for name in ("rename_wall_topic", "end_wall_topic")
    },
    "clinics.open_round": Page(clinics(), writes="run_rounds"),
    **{
        f"clinics.{name}": Page(clinics(round_id=a_round), writes="run_rounds") for name in ("close_round", "break_tie")
    },
    "clinics.shortlist_by_dots": Page(clinics(round_id=a_round), writes="make_shortlist"),
    "clinics.shortlist_by_hand": Page(clinics(), writes="make_shortlist"),
    **{
        f"clinics.{name}": Page(only(code=ROOM_CODE), public=True)
        for name in ("room_wall", "room_wall_now", "place_dots", "dots_now", "join_phone")
    },
    "clinics.capture_clinic": Page(public=True, by_token=True),
    "clinics.receive_idea": Page(public=True, by_token=True),
}
