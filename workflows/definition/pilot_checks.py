"""Checks that the tables from which plans are filled are there, with the columns that are named."""

from __future__ import annotations

from .naming_checks import check_unique, keys_of
from .piloting import COLUMN_TYPES, Feed
from .shapes import Definition
from .tables import Faults

NAME_LENGTH = 140


def check_pilot(definition: Definition, faults: Faults) -> None:
    for name in ("permissions", "roles", "usual_risks"):
        items = getattr(definition.pilot, name)
        check_unique(keys_of(items), f"pilot.{name}", faults)
        for index, item in enumerate(items):
            if len(item.name) > NAME_LENGTH:
                faults.note(f"pilot.{name}[{index}].name", f"is longer than {NAME_LENGTH} characters")
    for name, feed in definition.pilot.feeds:
        _check_feed(definition, feed, f"pilot.{name}", faults)


def _check_feed(definition: Definition, feed: Feed, place: str, faults: Faults) -> None:
    table = next((item for item in definition.deliverables if item.key == feed.deliverable), None)
    if table is None:
        faults.note(f"{place}.deliverable", f"there is no deliverable {feed.deliverable!r}")
        return
    if table.kind != "table":
        faults.note(f"{place}.deliverable", f"{feed.deliverable!r} is no table")
        return
    columns = {column.key: column for column in table.columns}
    for what, key in feed.columns:
        wanted = COLUMN_TYPES.get(what)
        if key not in columns:
            faults.note(f"{place}.{what}", f"{feed.deliverable!r} has no column {key!r}")
        elif wanted and columns[key].type not in wanted:
            faults.note(f"{place}.{what}", f"the column {key!r} must be of type {' or '.join(wanted)}")
