"""The phone as which a browser has joined a clinic, by the token that it holds out of reach of scripts."""

from __future__ import annotations

from typing import Any

from flask import current_app, request

from innovation.clinics import rooms
from innovation.clinics.models import Clinic, Device

KEPT = rooms.LONGEST  # how long a phone is known as the one that has joined
MOST = 12  # clinics that one phone is asked about


def _cookie(clinic_id: int | str) -> str:
    prefix = "__Host-" if current_app.config["SESSION_COOKIE_SECURE"] else ""
    return f"{prefix}phone-{clinic_id}"


def phone_of(clinic: Clinic) -> tuple[Device | None, str]:
    """The phone as which this browser has joined the clinic, as long as it may take part, and its token."""
    token = request.cookies.get(_cookie(clinic.id), "")
    device = rooms.find_device(token) if token else None
    return (device if device is not None and device.clinic_id == clinic.id else None), token


def remember_phone(answer: Any, clinic: Clinic, token: str) -> None:
    """Let the browser hold the token, out of reach of scripts, so that it votes as the same phone."""
    answer.set_cookie(
        *(_cookie(clinic.id), token),
        max_age=int(KEPT.total_seconds()),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def clinic_with_new_code() -> Clinic | None:
    """The clinic that this phone joined by a code that has been replaced since."""
    held = [token for name, token in request.cookies.items() if name.startswith(_cookie(""))]
    phones = filter(None, map(rooms.find_device, held[:MOST]))
    return next((device.clinic for device in phones if rooms.has_newer_code(device)), None)
