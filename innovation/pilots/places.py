"""The places of a pilot as one piece, and what is read from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from innovation.db import db
from innovation.pilots.plan_models import Pilot, PilotPlaces, PilotSite
from innovation.pilots.reading_models import COMPARISON, HIGH_DOSAGE, KINDS_OF_SITE, PROGRAMME
from innovation.places import packed
from innovation.places.models import School

NAME = sa.func.coalesce(School.name, PilotSite.place).label("name")
PLACE_IN = {kind: KINDS_OF_SITE.index(kind) for kind in KINDS_OF_SITE}


def keep_places(pilot_id: int) -> None:
    """Write down the places of a pilot that is locked, with the part that each has in it."""
    compared, high = (PilotSite.is_comparison, PLACE_IN[COMPARISON]), (PilotSite.is_high_dosage, PLACE_IN[HIGH_DOSAGE])
    about = {"kind": sa.case(compared, high, else_=PLACE_IN[PROGRAMME]), "since": sa.null(), "until": PilotSite.left_on}
    packed.keep_places(PilotPlaces, PilotPlaces.pilot_id, pilot_id, PilotSite, **about)


def keep_all_anew() -> None:
    """Write down those of all of them anew, each when nobody else is at it."""
    for pilot_id in db.session.scalars(sa.select(Pilot.id).order_by(Pilot.id).with_for_update()).all():
        keep_places(pilot_id)


def read_places(pilot: Pilot) -> Any:
    """All sites of the plan in their order, those that have left among them."""
    return packed.read_places(db.session.scalar(sa.select(PilotPlaces.content).filter_by(pilot_id=pilot.id)) or b"")


def named_sites() -> sa.Select[int, str, str]:
    """The sites of pilots as ``told_apart`` takes them: the id, the name and the place of each."""
    return sa.select(PilotSite.id, NAME, PilotSite.place).outerjoin(School, School.emis == PilotSite.emis)


def told_apart(sites: Iterable[Any]) -> dict[int, str]:
    """The name of each site of which id, name and place are given, with the place where others are called the same."""
    found = [(number, name, place) for number, name, place in sites]
    times = Counter(name for _number, name, _place in found)
    return {number: f"{name} ({place})" if times[name] > 1 else name for number, name, place in found}
