"""The room of a clinic: its join code, and the phones that joined by it."""

from __future__ import annotations

import datetime as dt
import secrets

import sqlalchemy as sa

from innovation.accounts import throttling
from innovation.accounts.models import Account
from innovation.accounts.queries import digest, find_grants
from innovation.accounts.throttling import Limit, key_of, network
from innovation.clinics import agenda, events, policy, rounds
from innovation.clinics.models import Clinic, Device, Room
from innovation.command import command
from innovation.db import db, now
from innovation.events import list_events, record
from innovation.ideas.consent_models import NoticeShown
from innovation.once import repeatable
from innovation.permission import Actor, Grant
from workflows import Refused

LETTERS = "BCDFGHJKMNPQRTVWXZ"  # no vowels, so no words; no letters that look or sound like a figure
LENGTH = 6
LATE = dt.timedelta(days=14)  # for which phones that were out of reach may still deliver
LONGEST = dt.timedelta(days=90)
MOST_DEVICES = 400  # of one clinic
NO_ROOM = "No clinic can be joined with this code now. Check it on the wall, or ask the facilitator."
NEW_CODE = (
    "A new code has been made for this clinic, so the old one has stopped working. Type the new code from the wall, or "
    "ask the facilitator. Nothing that you typed is lost."
)
TRIES, MINUTES = 120, 15  # three slips of each of forty children; docs/security.md says what that leaves to guessing
NOT_YET = {
    "planned": "Open the clinic first. Then people can join.",
    "voting": "The room is voting. Reopen the clinic to take ideas again.",
    "closed": "The clinic is closed. Reopen it to let people join.",
    "reported": "The clinic is finished. Nobody can join it any more.",
}


# The code


def shown(code: str) -> str:
    """The code as people read it aloud: ``KXT RPW``."""
    return f"{code[:3]} {code[3:]}"


def plain(code: str) -> str:
    """The code as it is kept, however it was typed."""
    return "".join(sign for sign in code.upper()[:40] if sign.isalnum())[:12]


def find_room_of(clinic: Clinic) -> Room | None:
    return db.session.scalar(sa.select(Room).where(Room.clinic_id == clinic.id))


def look_up(code: str, address: str, *, let_in: str = "") -> Room:
    """The room with this code; ``Refused`` for any other, ``Throttled`` after too many tries from one place.

    Whoever was ``let_in`` with this very code guesses nothing, and does not wait for others who do.
    """
    limit = Limit(key_of("room", network(address)), TRIES, MINUTES)
    if plain(code) != let_in:
        throttling.require_calm([limit])
    works = sa.and_(Room.code == plain(code), Clinic.state.in_(agenda.STANDS))
    room = db.session.scalar(sa.select(Room).join(Room.clinic).where(works).options(sa.orm.joinedload(Room.clinic)))
    if room is None:
        # The same again is no other guess: a room whose code was renewed asks with the old one from every phone.
        same = Limit(key_of("room-code", network(address), plain(code)), 1, MINUTES)
        if not throttling.is_reached(same):
            throttling.count(limit.key, same.key)
        raise Refused((NO_ROOM,))
    return room


@command(policy.may_open_room)
def open_room(actor: Actor, clinic: Clinic) -> Room:
    """Let people join the clinic by a code; an open room stays as it is."""
    if clinic.state != "open":
        raise Refused((NOT_YET[clinic.state],))
    room = find_room_of(clinic)
    if room is not None and room.code:
        return room
    if room is None:
        room = Room(clinic_id=clinic.id)
        db.session.add(room)
    room.code, room.opened_at, room.opened_by_id, room.ended_at = _new_code(), now(), actor.person_id, None
    record(actor, events.RoomOpened(clinic.id))
    return room


@command(policy.may_open_room)
def renew_code(actor: Actor, clinic: Clinic) -> Room:
    """Another code; the old one stops working, and phones that have joined stay."""
    room = find_room_of(clinic)
    if room is None or not room.code:
        raise Refused(("Nobody can join this clinic now. Open its room first.",))
    room.code = _new_code()
    record(actor, events.RoomCodeRenewed(clinic.id))
    return room


@command(policy.may_open_room)
def end_room(actor: Actor, clinic: Clinic) -> Clinic:
    """Nobody joins any more; phones that have joined still deliver for some days."""
    end_room_of(actor, clinic)
    return clinic


def end_room_of(actor: Actor, clinic: Clinic) -> None:
    """Part of a command, as of closing the clinic."""
    room = find_room_of(clinic)
    if room is not None and room.code:
        room.code, room.ended_at = None, now()
        record(actor, events.RoomEnded(clinic.id))


def _new_code() -> str:
    while True:
        code = "".join(secrets.choice(LETTERS) for _i in range(LENGTH))
        if not db.session.scalar(sa.select(sa.exists().where(Room.code == code))):
            return code


# Phones


@command(policy.may_join_room)
@repeatable
def join_room(actor: Actor, room: Room, *, label: str) -> tuple[Device, str]:
    """A phone that may capture at this clinic, and its token, which is told this once."""
    clinic = room.clinic
    several = sa.select(sa.func.count()).where(Device.clinic_id == clinic.id, Device.revoked_at.is_(None))
    if (db.session.scalar(several) or 0) >= MOST_DEVICES:
        raise Refused(("So many phones have joined this clinic that no more can. Tell the facilitator.",))
    token = secrets.token_urlsafe(32)
    runs = policy.may_run_clinic.allows(actor, clinic)
    device = Device(
        clinic_id=clinic.id, token_digest=digest(token), label=label[:60], person_id=actor.person_id if runs else None
    )
    db.session.add(device)
    db.session.flush()
    record(actor, events.DeviceJoined(clinic.id, device.id))
    return device, token


@command(policy.may_shut_out_device)
def shut_out_device(actor: Actor, clinic: Clinic, *, device_id: int) -> Device:
    """The phone may send nothing more; ideas that it has sent stay, its dots in an open round do not."""
    device = db.session.get(Device, device_id, with_for_update=True, populate_existing=True)
    if device is None or device.clinic_id != clinic.id:
        raise Refused(("This phone has not joined this clinic.",))
    if device.revoked_at is None:
        device.revoked_at, device.revoked_by_id = now(), actor.person_id
        rounds.drop_ballot_of(device)
        record(actor, events.DeviceRevoked(clinic.id, device.id))
    return device


def find_device(token: str) -> Device | None:
    """The phone that holds the token, as long as it may deliver."""
    query = sa.select(Device).where(Device.token_digest == digest(token), Device.revoked_at.is_(None))
    device = db.session.scalar(query.options(sa.orm.joinedload(Device.clinic)))
    return device if device is not None and now() < ends_at(device) else None


def has_newer_code(device: Device) -> bool:
    """Whether one joins the clinic by another code now than when this phone did."""
    room = find_room_of(device.clinic)
    if room is None or not room.code or device.clinic.state not in agenda.STANDS:
        return False
    made = (events.RoomOpened.kind(), events.RoomCodeRenewed.kind())
    newest = next(iter(list_events(f"clinic:{device.clinic_id}", kinds=made, limit=1)), None)
    return newest is not None and newest.at > device.joined_at


def ends_at(device: Device) -> dt.datetime:
    """When the token stops working: some days after the room has ended, and in any case after three months."""
    room = find_room_of(device.clinic)
    longest = device.joined_at + LONGEST
    return min(longest, room.ended_at + LATE) if room is not None and room.ended_at else longest


def actor_of(clinic: Clinic, device: Device | None = None) -> Actor:
    """Who acts: a phone that joined, or somebody in the room who fills in the ordinary form."""
    grant = Grant("device", programme_id=clinic.programme_id, clinic_id=clinic.id)
    return Actor(carrier_of(device) if device else None, grants=frozenset({grant}), kind="device")


def carrier_of(device: Device) -> int | None:
    """In whose name the phone sends: whoever ran the clinic when they joined with it, for as long as they still do.

    Once they may not sign in any more, or run the clinic, it is a phone like all others.
    """
    signs_in = sa.exists().where(Account.person_id == device.person_id, Account.disabled_at.is_(None))
    if device.person_id is None or not db.session.scalar(sa.select(signs_in)):
        return None
    carrier = Actor(device.person_id, grants=find_grants(device.person_id))
    return carrier.person_id if policy.may_run_clinic.allows(carrier, device.clinic) else None


def list_devices(clinic: Clinic) -> list[tuple[Device, int]]:
    """The phones that joined, each with the number of ideas that came from it, the last seen first."""
    ideas = sa.select(sa.func.count()).where(NoticeShown.device_id == Device.id).correlate(Device).scalar_subquery()
    query = sa.select(Device, ideas).where(Device.clinic_id == clinic.id)
    rows = db.session.execute(query.order_by(Device.seen_at.desc(), Device.id.desc()).limit(MOST_DEVICES))
    return [(device, number) for device, number in rows]
