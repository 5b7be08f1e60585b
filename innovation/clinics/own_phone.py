"""The phone as which a browser has joined a clinic, by the token that it holds out of reach of scripts."""

from __future__ import annotations

from typing import Any

from flask import request, session

from innovation.clinics import rooms
from innovation.clinics.models import Clinic, Device, Room
from innovation.sessions import keep_cookie, own_cookie

KEPT = rooms.LONGEST  # how long a phone is known as the one that has joined
MOST = 12  # clinics that one phone is asked about


def _name(clinic_id: int | str) -> str:
    return f"phone-{clinic_id}"


def phone_of(clinic: Clinic) -> tuple[Device | None, str]:
    """The phone as which this browser has joined the clinic, as long as it may take part, and its token."""
    token = request.cookies.get(own_cookie(_name(clinic.id)), "")
    device = rooms.find_device(token) if token else None
    return (device if device is not None and device.clinic_id == clinic.id else None), token


def remember_phone(answer: Any, clinic: Clinic, token: str) -> None:
    """Let the browser hold the token, out of reach of scripts, so that it votes as the same phone."""
    keep_cookie(answer, _name(clinic.id), token, int(KEPT.total_seconds()))


def room_of(code: str) -> Room:
    """The room with this code. Once it was right in this browser, the tries of others do not shut it out."""
    room = rooms.look_up(code, request.remote_addr or "", let_in=session.get("room", ""))
    if session.get("room") != room.code:
        session["room"] = room.code
    return room


def clinic_with_new_code() -> Clinic | None:
    """The clinic that this phone joined by a code that has been replaced since."""
    held = [token for name, token in request.cookies.items() if name.startswith(own_cookie(_name("")))]
    phones = filter(None, map(rooms.find_device, held[:MOST]))
    return next((device.clinic for device in phones if rooms.has_newer_code(device)), None)
