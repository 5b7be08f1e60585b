"""A phone that has joined, held while what it sends is taken in."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.clinics.models import Device
from innovation.db import db
from workflows import Refused

SHUT_OUT = "This phone may no longer send to the clinic. Join again with its code."


def hold_phone(device: Device) -> None:
    """Wait for who shuts the phone out at this moment; ``Refused`` where that has happened. Part of a command, which
    comes before all that this phone's ideas and votes change."""
    query = sa.select(Device.revoked_at).where(Device.id == device.id).with_for_update()
    if db.session.execute(query).scalar_one() is not None:
        raise Refused((SHUT_OUT,))
