"""Minutes as one person reads them, on a page and in a dossier alike: what is closed to them is not in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import field
from typing import Any

import sqlalchemy as sa

from innovation.db import db
from innovation.meetings import drafting, policy
from innovation.meetings.models import Meeting, Minutes, MinutesComment
from innovation.meetings.queries.finding import circulated_minutes, last_minutes, list_comments, names_of
from innovation.meetings.queries.following import ItemView, Screen, screen
from innovation.permission import Actor, NotThere
from innovation.values import dataclass


@dataclass(frozen=True)
class Came:
    """Somebody who was asked, as what, and when they came and went."""

    name: str
    part: str
    marks: list[dict[str, str]]


@dataclass(frozen=True)
class Voted:
    """A vote that was counted, with who chose what."""

    outcome: str
    text: str
    carried: bool
    present: int | None
    tally: dict[str, int]
    votes: list[tuple[str, str]]


@dataclass(frozen=True)
class Decided:
    """What was decided; ``waits`` and ``taken_back`` while nobody but those who were there knows."""

    outcome: str
    rationale: str
    against_reason: str
    recorded_by: str
    recorded_at: str
    conditions: list[dict[str, Any]]
    waits: bool = False
    taken_back: bool = False


@dataclass(frozen=True)
class MinutedItem:
    """An item of the minutes. With the ``relation`` "closed" or "named" all of the rest is empty.

    ``told`` is False where its reader hears neither what was said nor how people voted. ``settled`` says that the panel
    decided, and that what it decided is not for this reader before it is announced.
    """

    item_id: int
    number: int | None
    relation: str
    review_id: int | None = None
    title: str = ""
    reference: str = ""
    state: str = ""
    reason: str = ""
    minutes: int = 0
    quorum: int = 0
    present: int | None = None
    revision_id: int | None = None
    recused: list[str] = field(default_factory=list)
    told: bool = False
    text: str = ""
    votes: list[Voted] = field(default_factory=list)
    decided: Decided | None = None
    settled: bool = False


@dataclass(frozen=True)
class Correction:
    """A version before the one that is read, with the words of the items that are open to the reader."""

    number: int
    written_by: str
    written_at: dt.datetime
    circulated_at: dt.datetime | None
    remarks: str
    texts: dict[int, str]


@dataclass(frozen=True)
class Reading:
    """A version of the minutes as one person reads it."""

    meeting: Meeting
    minutes: Minutes
    screen: Screen
    attendance: list[Came]
    items: list[MinutedItem]
    remarks: str
    comments: list[MinutesComment]
    names: Mapping[int, str]
    intact: bool

    def name(self, person_id: int | None) -> str:
        return self.names.get(person_id or 0, "")


def find_minutes(actor: Actor, meeting: Meeting) -> Minutes:
    """Those that went round last, or the newest version for whoever writes them; ``NotThere`` where there are none."""
    writes = policy.may_write_minutes.allows(actor, meeting)
    minutes = last_minutes(meeting) if writes else circulated_minutes(meeting)
    if minutes is None:
        raise NotThere
    return minutes


def read_minutes(actor: Actor, meeting: Meeting, minutes: Minutes) -> Reading:
    """The minutes without what is closed to the person; as many queries for one item as for sixty."""
    seen = screen(actor, meeting)
    shown = {each.item_id: each for each in seen.items}
    comments = [c for c in list_comments(meeting) if c.item_id is None or shown[c.item_id].hears]
    people = drafting.people_in(minutes.content) | {c.made_by_id for c in comments if c.made_by_id}
    names = names_of(people | {each for each in (minutes.signed_by_id, minutes.written_by_id) if each})
    content = minutes.content
    return Reading(
        meeting=meeting,
        minutes=minutes,
        screen=seen,
        attendance=[Came(names.get(a["person"], ""), a["part"], a["marks"]) for a in content["attendance"]],
        items=[
            _item(shown.get(said["item"]), said, names)
            for said in drafting.in_order_of(content, [each.item_id for each in seen.items])
        ],
        remarks=content["remarks"],
        comments=comments,
        names=names,
        intact=drafting.checksum_of(content) == minutes.checksum,
    )


def _item(shown: ItemView | None, said: Mapping[str, Any], names: Mapping[int, str]) -> MinutedItem:
    if shown is None or shown.item is None:
        return MinutedItem(said["item"], shown.number if shown else None, "closed")
    named = MinutedItem(
        said["item"], shown.number, "named", said["review"], said["title"], said["reference"], said["state"]
    )
    if shown.relation != "full":
        return named
    held, told = shown.item.is_held_back, shown.hears
    return MinutedItem(
        **{
            **vars(named),
            "relation": "full",
            "reason": said["reason"],
            "minutes": round(said["seconds"] / 60),
            "quorum": said["quorum"],
            "present": said["present"],
            "revision_id": said["revision"],
            "recused": [names.get(person, "") for person in said["recused"]],
            "told": told,
            "text": said["text"] if told else "",
            "votes": [_voted(each, names) for each in said["motions"]] if told else [],
            "decided": _decided(shown, said["decision"], names) if said["decision"] and (told or not held) else None,
            "settled": bool(said["decision"]) and held and not told,
        }
    )


def _voted(said: Mapping[str, Any], names: Mapping[int, str]) -> Voted:
    votes = [(names.get(vote["person"], ""), vote["choice"]) for vote in said["votes"]]
    return Voted(said["outcome"], said["text"], said["carried"], said["present"], said["tally"], votes)


def _decided(shown: ItemView, said: Mapping[str, Any], names: Mapping[int, str]) -> Decided:
    withheld = shown.item.withheld if shown.item and said.get("withheld") else None
    return Decided(
        outcome=said["outcome"],
        rationale=said["rationale"],
        against_reason=said["against_reason"] if shown.hears else "",
        recorded_by=names.get(said["recorded_by"], ""),
        recorded_at=said["recorded_at"],
        conditions=[{**each, "owner": names.get(each["owner"], "")} for each in said["conditions"]],
        waits=withheld is not None and withheld.ended_as != "announced",
        taken_back=withheld is not None and withheld.ended_as == "taken_back",
    )


def list_corrections(found: Reading) -> list[Correction]:
    """The versions before the one that is read: of each the remarks, and the texts that the person may read."""
    open_to = {item.item_id for item in found.items if item.told}
    query = sa.select(Minutes).where(Minutes.meeting_id == found.meeting.id, Minutes.number < found.minutes.number)
    earlier = list(db.session.scalars(query.order_by(Minutes.number)))
    names = names_of({each.written_by_id for each in earlier if each.written_by_id})
    return [
        Correction(
            number=each.number,
            written_by=names.get(each.written_by_id or 0, ""),
            written_at=each.written_at,
            circulated_at=each.circulated_at,
            remarks=each.content["remarks"],
            texts={item["item"]: item["text"] for item in each.content["items"] if item["item"] in open_to},
        )
        for each in earlier
    ]
