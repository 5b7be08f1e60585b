"""The papers of a meeting put in the order in which people read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from innovation.dossiers.dates import when
from innovation.languages import gettext as _
from innovation.typesetting.blocks import Block, Section, facts, heading, section, table, texts
from innovation.web import local


def meeting_blocks(meeting: dict[str, Any]) -> Iterator[Block]:
    """A meeting as a part of the dossier of an idea: what is about the idea."""
    yield from _facts(meeting)
    yield from _attendance(meeting)
    for item in meeting["items"]:
        yield from _item(item)
    yield from texts(_("Remarks"), [meeting["remarks"]])
    yield from _signature(meeting)
    yield from _corrections(meeting)
    yield from _comments(meeting)


def sections_of_meeting(meeting: dict[str, Any]) -> list[Section]:
    """A meeting as a dossier of its own."""
    items = [block for item in meeting["items"] for block in (heading(_called(item)), *_item(item))]
    made = (
        section(_("The meeting"), [*_facts(meeting), *_signature(meeting)]),
        section(_("Attendance"), _attendance(meeting)),
        section(_("Agenda and decisions"), items),
        section(_("Remarks"), texts(_("Remarks"), [meeting["remarks"]])),
        section(_("Corrections and comments"), [*_corrections(meeting), *_comments(meeting)]),
    )
    return [each for each in made if each["blocks"]]


def _called(item: dict[str, Any]) -> str:
    numbered = _("Item %(number)s", number=item["number"]) if item["number"] else ""
    named = f"{item['title']} ({item['reference']})" if item["title"] else ""
    return ": ".join(filter(None, (numbered, named))) or str(_("An item"))


def _facts(meeting: dict[str, Any]) -> Iterator[Block]:
    yield from facts(
        [
            (_("Gate"), meeting["gate"]),
            (_("Panel"), meeting["panel"]),
            (_("State"), meeting["state"]),
            (_("Planned for"), when(meeting["planned_for"])),
            (_("Place"), meeting["place"]),
            (_("Opened"), when(meeting["opened"])),
            (_("Closed"), when(meeting["closed"])),
        ]
    )


def _signature(meeting: dict[str, Any]) -> Iterator[Block]:
    minutes = meeting["minutes"]
    if minutes is None:
        yield {"kind": "note", "text": _("There are no minutes that you may read yet.")}
        return
    signed = _("%(name)s, %(when)s", name=minutes["signed_by"], when=when(minutes["signed"]))
    yield from facts(
        [
            (_("Version of the minutes"), minutes["version"]),
            (_("Circulated"), when(minutes["circulated"])),
            (_("Signed by"), signed if minutes["signed"] else _("nobody yet")),
            (_("SHA-256 of the minutes"), minutes["sha256"]),
            (_("Since then"), _("unchanged") if minutes["unchanged"] else _("the text differs from its checksum")),
        ]
    )


def _attendance(meeting: dict[str, Any]) -> Iterator[Block]:
    rows = [
        (each["name"], each["part"], ", ".join(f"{mark['what']} {_hour(mark['at'])}" for mark in each["marks"]))
        for each in meeting["attendance"]
    ]
    yield from table(
        [_("Who"), _("Seat"), _("Came and went")],
        [(name, part, marks or _("did not come")) for name, part, marks in rows],
    )


def _hour(iso: str) -> str:
    return f"{local(dt.datetime.fromisoformat(iso)):%H:%M}"


def _item(item: dict[str, Any]) -> Iterator[Block]:
    if item["closed"]:
        yield {"kind": "note", "text": item["closed"]}
        return
    there = _("%(quorum)s, and %(present)s were there", quorum=item["quorum"], present=item["present"])
    yield from facts(
        [
            (_("State"), item["state"]),
            (_("Quorum"), item["quorum"] if item["present"] is None else there),
            (_("Recused"), ", ".join(item["recused"])),
            (_("Minutes taken"), item["minutes_taken"]),
            (_("Why it was put off"), item["put_off_because"]),
        ]
    )
    yield from texts(_("What was said"), [item["said"]])
    for vote in item["votes"]:
        yield from _vote(vote)
    if item["waits"]:
        yield {"kind": "note", "text": item["waits"]}
    if item["decided"]:
        yield from _decided(item["decided"])


def _vote(vote: dict[str, Any]) -> Iterator[Block]:
    carried = _("carried") if vote["carried"] else _("not carried")
    counted = ", ".join(f"{choice} {number}" for choice, number in vote["counted"].items())
    said = _("%(carried)s (%(counted)s)", carried=carried, counted=counted)
    yield {"kind": "label", "text": _("Vote: %(outcome)s, %(said)s", outcome=vote["on"], said=said)}
    yield from ({"kind": "text", "text": text} for text in [vote["in_words"]] if text)
    yield from table([_("Who"), _("Vote")], [(each["name"], each["vote"]) for each in vote["votes"]])


def _decided(decided: dict[str, Any]) -> Iterator[Block]:
    yield from texts(_("Decided: %(outcome)s", outcome=decided["outcome"]), [decided["reasons"]])
    known = "" if decided["announced"] else _("Not announced: keep it to yourself until then.")
    yield from facts(
        [
            (_("Why otherwise than the scores recommend"), decided["against_reason"]),
            (_("Recorded"), f"{decided['recorded_by']}, {when(decided['recorded'])}"),
            (_("Known to"), _("The panel took it back.") if decided["taken_back"] else known),
        ]
    )
    rows = [(each["text"], each["owner"], when(each["due"]), each["shown_by"]) for each in decided["conditions"]]
    yield from table([_("Condition"), _("Who"), _("Due"), _("Shown by")], rows)


def _corrections(meeting: dict[str, Any]) -> Iterator[Block]:
    for each in meeting["corrections"]:
        by = _(
            "Version %(number)s, %(when)s, %(name)s",
            number=each["version"],
            when=when(each["written"]),
            name=each["written_by"],
        )
        said = [f"{part['reference']}: {part['text']}" for part in each["said"]]
        yield from texts(by, [*said, each["remarks"]])


def _comments(meeting: dict[str, Any]) -> Iterator[Block]:
    rows = [
        (" · ".join(filter(None, (each["by"], each["item"], when(each["at"])))), each["text"], each["answer"])
        for each in meeting["comments"]
    ]
    yield from table([_("Comment by"), _("What should be different"), _("What became of it")], rows)
