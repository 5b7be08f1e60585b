"""A phone that is shut out while it sends: what comes after that is not taken, and stays on the phone."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from innovation.clinics import rooms, rounds
from innovation.clinics.models import Device
from innovation.clinics.phones import SHUT_OUT
from innovation.clinics.wall_models import Ballot
from innovation.db import db, now
from innovation.ideas.models import Idea
from tests.clinics.test_join_room import captured, joined, opened
from tests.clinics.test_vote_with_dots import voting
from workflows import Refused


def shut_out_meanwhile(device: Device) -> None:
    """As another connection does it, once this one has read the phone."""
    gone = sa.update(Device).where(Device.id == device.id).values(revoked_at=now())
    db.session.execute(gone, execution_options={"synchronize_session": False})


def test_an_idea_under_way_from_a_phone_that_is_shut_out_is_not_taken(app: Flask) -> None:
    _actor, clinic, code = opened()
    device, _token = joined(clinic, code)
    shut_out_meanwhile(device)

    with pytest.raises(Refused) as refused:
        captured(clinic, device)

    assert refused.value.reasons == (SHUT_OUT,)
    assert db.session.scalars(sa.select(Idea)).all() == []


def test_a_vote_under_way_from_a_phone_that_is_shut_out_does_not_count(app: Flask) -> None:
    room = voting()
    device, found = room.phones[0], room.round
    shut_out_meanwhile(device)

    with pytest.raises(Refused) as refused:
        rounds.place_dots(
            rooms.actor_of(room.clinic, device),
            room.clinic,
            round_id=found.id,
            voter=rounds.voter_of(device, None, found),
            marks={room.ideas[0].id: 1},
            based_on=0,
            device=device,
        )

    assert refused.value.reasons == (SHUT_OUT,)
    assert db.session.scalars(sa.select(Ballot)).all() == []
