"""What two versions differ in, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from innovation.languages import gettext as _
from innovation.values import dataclass
from workflows import Change, Comparison, Definition

TONES = {"added": "go", "removed": "kill", "changed": "info", "moved": "info"}
GATES = ("gates", "must", "should", "asks")


@dataclass(frozen=True)
class Said:
    """A change: its kind as a tag, what it is about, and each thing that reads otherwise as (what, old, new)."""

    how: str
    tone: str
    name: str
    pairs: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Group:
    title: str
    changes: tuple[Said, ...]


def in_words(found: Comparison, old: Definition, new: Definition) -> list[Group]:
    """Every change, those of one gate together."""
    names = _names(old) | _names(new)
    return [
        Group(title, tuple(_said(change, names) for change in changes))
        for title, changes in groupby(found.changes, key=_title)
    ]


def _title(change: Change) -> str:
    titles: Mapping[str, str] = {
        "whole": _("The process"),
        "stages": _("Stages"),
        "deliverables": _("Deliverables"),
        "canvas": _("The canvas"),
        "tracks": _("Ways through the process"),
        "scales": _("Scales"),
        "evidence_levels": _("Evidence levels"),
        "stop_reasons": _("Reasons for stopping"),
        "outcomes": _("Outcomes"),
        "attendees": _("Who comes to clinics"),
    }
    if change.part in GATES:
        return str(_("Gate: %(name)s", name=change.within or change.name))
    return str(titles[change.part])


def _said(change: Change, names: Mapping[str, str]) -> Said:
    how = {"added": _("Added"), "removed": _("Removed"), "changed": _("Changed"), "moved": _("Put in another order")}
    kinds = {
        "gates": _("The gate itself"),
        "must": _("Must-meet: %(name)s", name=change.name),
        "should": _("Scored criterion: %(name)s", name=change.name),
        "asks": _("Asked for: %(name)s", name=change.name),
    }
    pairs = tuple((_what(d.what), _value(d.old, names), _value(d.new, names)) for d in change.differences)
    return Said(str(how[change.how]), TONES[change.how], str(kinds.get(change.part, change.name)), pairs)


def _names(definition: Definition) -> dict[str, str]:
    """What the keys that stand in other parts are called."""
    lists: Iterable[Any] = (definition.stages, definition.gates, definition.tracks, definition.scales)
    return {item.key: item.name for items in lists for item in items}


def _what(attribute: str) -> str:
    words: Mapping[str, str] = {
        "name": _("Name"),
        "short": _("Short name"),
        "label": _("Name"),
        "help": _("Help"),
        "made_of": _("Made from what is known"),
        "reached_by": _("Reached by"),
        "at_least": _("At least"),
        "shown_by": _("Shown by"),
        "question": _("Question"),
        "weight": _("Weight"),
        "starred": _("Starred"),
        "told_by": _("Answered from the record"),
        "quorum": _("Quorum"),
        "panel_size": _("People on the panel"),
        "working_days": _("Working days to decide in"),
        "reading_days": _("Working days to read"),
        "max_recycles": _("Sent back at most so often"),
        "go": _("Go from"),
        "conditional": _("Conditional go from"),
        "recycle": _("Recycle from"),
        "mean_mark": _("And a mean mark of"),
        "comes_from": _("Comes after"),
        "leads_to": _("Leads to"),
        "recycle_to": _("May be sent back to"),
        "co_chaired": _("Two chairs sign together"),
        "ask_required": _("An ask to funders is needed"),
        "typical_ask": _("Typical ask"),
        "funders_from": _("Funders see ideas from"),
        "order": _("Order"),
        "gate": _("The tracker follows the criteria of"),
        "sooner_months": _("Months to the next review of what is at risk"),
        "required": _("Needed"),
        "update": _("Brought up to date"),
    }
    kind, _space, number = attribute.partition(" ")
    if kind == "anchor" and number:
        return str(_("What a mark of %(mark)s means", mark=number))
    if kind == "seat" and number:
        return str(_("Seats on the panel: %(kind)s", kind=number.capitalize()))
    return str(words.get(attribute, attribute.replace("_", " ").capitalize()))


def _value(value: Any, names: Mapping[str, str]) -> str:
    if value is None or value == "" or value == ():
        return "\u2014"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, tuple):
        return ", ".join(_value(item, names) for item in value)
    if isinstance(value, str):
        return names.get(value, value)
    for said in ("name", "question", "label", "broken"):
        if hasattr(value, said):
            return str(getattr(value, said))
    return str(value)
