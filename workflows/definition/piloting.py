"""What a process says of pilots: which tables fill a plan, and what every plan begins with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .tables import Table

# What the rows of a table can tell a plan, the first of which they must; an amount and a quantity are numbers there.
FEEDS = {
    "measures": ("name", "tool", "baseline", "target", "stop_at"),
    "budget": ("item", "unit", "quantity", "amount", "paid_by"),
    "risks": ("risk", "likely", "harm", "response", "owner"),
}
COLUMN_TYPES = {"quantity": ("number", "line"), "amount": ("money",)}
PARTS_OF_PLANS = ("measures", "budget", "permissions", "risks", "roles")


@dataclass(frozen=True)
class Feed:
    """The table from which a part of a plan is filled: pairs of what a plan keeps and the column that tells it."""

    deliverable: str
    columns: tuple[tuple[str, str], ...]

    @property
    def label(self) -> str:
        return f"{self.deliverable}: {', '.join(column for _what, column in self.columns)}"


@dataclass(frozen=True)
class PermissionKind:
    """A permission or clearance that every pilot needs; ``in_hand`` where having asked for it is not enough."""

    key: str
    name: str
    in_hand: bool = False


@dataclass(frozen=True)
class PlannedRole:
    """Who does what in a pilot."""

    key: str
    name: str
    does: str


@dataclass(frozen=True)
class UsualRisk:
    """What could go wrong in any pilot, and what is usually done about it."""

    key: str
    name: str
    response: str


@dataclass(frozen=True)
class PilotTemplate:
    """How a plan begins; a process that says nothing has plans all the same, which begin empty."""

    hypothesis: str = ""
    measures: Feed | None = None
    budget: Feed | None = None
    risks: Feed | None = None
    permissions: tuple[PermissionKind, ...] = ()
    roles: tuple[PlannedRole, ...] = ()
    usual_risks: tuple[UsualRisk, ...] = ()

    @property
    def feeds(self) -> Iterator[tuple[str, Feed]]:
        for name in FEEDS:
            feed: Feed | None = getattr(self, name)
            if feed is not None:
                yield name, feed

    def permission(self, key: str) -> PermissionKind | None:
        return next((kind for kind in self.permissions if kind.key == key), None)


EMPTY_PLAN = PilotTemplate()


def read_pilot(table: Table) -> PilotTemplate:
    """What the definition says in ``pilot``."""
    if table.absent("pilot"):
        return EMPTY_PLAN
    inner = table.table("pilot")
    template = PilotTemplate(
        hypothesis=inner.text("hypothesis", default=""),
        **{name: _feed(inner, name) for name in FEEDS},
        permissions=tuple(_permission(item) for item in inner.tables("permissions", required=False)),
        roles=tuple(_role(item) for item in inner.tables("roles", required=False)),
        usual_risks=tuple(_risk(item) for item in inner.tables("usual_risks", required=False)),
    )
    inner.close()
    return template


def _feed(table: Table, name: str) -> Feed | None:
    if table.absent(name):
        return None
    inner, (first, *others) = table.table(name), FEEDS[name]
    if not inner.content:
        return None
    columns = [(first, inner.text(first))]
    columns += [(what, said) for what in others if (said := inner.maybe_text(what)) is not None]
    feed = Feed(inner.text("deliverable"), tuple(columns))
    inner.close()
    return feed


def _permission(table: Table) -> PermissionKind:
    kind = PermissionKind(table.key(), table.text("name"), table.yes("in_hand"))
    table.close()
    return kind


def _role(table: Table) -> PlannedRole:
    role = PlannedRole(table.key(), table.text("name"), table.text("does", default=""))
    table.close()
    return role


def _risk(table: Table) -> UsualRisk:
    risk = UsualRisk(table.key(), table.text("name"), table.text("response", default=""))
    table.close()
    return risk
