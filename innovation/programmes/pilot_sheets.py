"""The page of a draft about pilots: from which tables their plans are filled, and what every plan begins with."""

from __future__ import annotations

from collections.abc import Iterator

from innovation.languages import gettext as _
from innovation.programmes.cells import At, Cell, Pair, Row, Section, Sheet, called, named_pairs
from workflows import FEEDS, drafting
from workflows.drafting import Content


def has_pilots(content: Content) -> bool:
    """True where a stage moves on without a gate: a pilot is started from there."""
    return "pilot" in content or any("moves_on_by" in stage for stage in drafting.rows(content, "stages"))


def pilot_sheet(content: Content) -> Sheet:
    at, plan = At().inner("pilot"), drafting.inner(content, "pilot")
    hypothesis = at.cell("hypothesis", "text", _("What stands in an empty hypothesis"), optional=True)
    feeds = (
        Section(name, title, at.inner(name).place, cells=tuple(_feed(content, plan, at.inner(name), name)))
        for name, title in _feeds()
    )
    rows = (
        Section(name, title, at.inner(name).place, rows=tuple(_rows(at, plan, name)), adds=adds)
        for name, title, adds in _lists()
    )
    return Sheet("pilot", _("Pilots"), (Section("pilot", _("Plans"), "pilot", cells=(hypothesis,)), *feeds, *rows))


def _feeds() -> tuple[Pair, ...]:
    return (
        ("measures", _("Measures are filled from")),
        ("budget", _("The budget is filled from")),
        ("risks", _("Risks are filled from")),
    )


def _lists() -> tuple[tuple[str, str, str], ...]:
    return (
        ("permissions", _("Permissions and clearances"), _("Add a permission")),
        ("roles", _("Roles"), _("Add a role")),
        ("usual_risks", _("Risks where none were handed in"), _("Add a risk")),
    )


def _feed(content: Content, plan: Content, at: At, name: str) -> Iterator[Cell]:
    """The table, and the column for each thing that a plan keeps; what is left open is not filled in."""
    tables = [row for row in drafting.rows(content, "deliverables") if row.get("kind") == "table"]
    pairs = tuple((str(row.get("key", "")), called(row)) for row in tables)
    yield at.cell("deliverable", "choice", _("Table"), choices=(("", _("Nothing")), *pairs), optional=True)
    chosen = drafting.row_of(content, "deliverables", str(drafting.inner(plan, name).get("deliverable", ""))) or {}
    columns = (("", _("Nothing")), *named_pairs(chosen, "columns"))
    for what in FEEDS[name]:
        yield at.cell(what, "choice", _label(what), choices=columns, optional=True, size="third")


def _label(what: str) -> str:
    words = {
        "name": _("What is measured"),
        "tool": _("How, and with what"),
        "baseline": _("Where it stands now"),
        "target": _("Success from"),
        "stop_at": _("Stop at"),
        "item": _("Item"),
        "unit": _("Unit"),
        "quantity": _("Quantity"),
        "amount": _("Amount"),
        "paid_by": _("Paid by"),
        "risk": _("What could go wrong"),
        "likely": _("How likely"),
        "harm": _("How bad"),
        "response": _("What we do about it"),
        "owner": _("Who watches it"),
    }
    return str(words[what])


def _rows(at: At, plan: Content, name: str) -> Iterator[Row]:
    for here, token, row in at.rows(plan, name):
        cells = [here.cell("name", "line", _("Name"))]
        if name == "permissions":
            cells.append(here.cell("in_hand", "yes", _("It must be in hand: having asked is not enough")))
        else:
            what = "does" if name == "roles" else "response"
            label = _("Does what") if name == "roles" else _("What is usually done about it")
            cells.append(here.cell(what, "line", label, optional=True))
        yield Row(token, called(row), here.place, tuple(cells))
