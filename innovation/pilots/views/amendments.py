"""Amendments in words: what was changed, from what to what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from innovation.ideas.canvas import diff
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.pilots import queries
from innovation.pilots.designs import DESIGNS
from innovation.pilots.forms.plan_rows import ROWS
from innovation.pilots.forms.planning import PARTS, LeavingSiteForm, OutlineForm
from innovation.pilots.plan_part_models import PilotAmendment
from innovation.pilots.saying import term_name
from innovation.pilots.terms import ROW_PARTS, STATUSES
from innovation.values import dataclass
from innovation.web import day, money
from workflows import Definition

SITES = {
    "place": lazy_gettext("Place"),
    "is_comparison": lazy_gettext("For comparison"),
    "is_high_dosage": lazy_gettext("High dosage"),
    "learners": lazy_gettext("People whom it reaches"),
}
DAYS = ("starts_on", "ends_on", "left_on", "stands_since", "expires_on")
WOVEN = 60  # characters, from which two texts are shown as one with its differences


@dataclass(frozen=True)
class Changed:
    """One thing: what it was and what it is; ``pieces`` weave long texts together, as revisions do."""

    what: str
    before: str
    after: str
    pieces: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Told:
    """An amendment as it is shown."""

    number: int
    part: str
    at: dt.datetime
    who: str
    reason: str
    changes: tuple[Changed, ...]


def told_of(amendments: Collection[PilotAmendment], names: Mapping[int, str], definition: Definition) -> list[Told]:
    schools = queries.names_of_schools(_places(amendments))
    return [
        Told(
            each.number,
            str(PARTS[each.part].name) if each.part in PARTS else str(_(definition.words.sites)),
            each.made_at,
            names.get(each.made_by_id or 0, ""),
            each.reason,
            tuple(_Teller(each.part, schools, definition).told(each.changes)),
        )
        for each in amendments
    ]


def _places(amendments: Iterable[PilotAmendment]) -> Iterator[str]:
    for change in (change for each in amendments if each.part == "sites" for change in each.changes):
        yield from (str(change[name]) for name in ("of", "before", "after") if change[name])


@dataclass(frozen=True)
class _Teller:
    part: str
    schools: Mapping[str, str]
    definition: Definition

    def told(self, changes: Iterable[Mapping[str, Any]]) -> Iterator[Changed]:
        """What was changed; rows that were added or taken out are said to be so."""
        for change in changes:
            values = self._value(change["what"], change["before"]), self._value(change["what"], change["after"])
            label = self._label(change["what"])
            if change["what"] == self._first and None in (change["before"], change["after"]):
                label = str(_("Taken out") if change["after"] is None else _("Added"))
            elif change["of"]:
                label = f"{self._place(change['of'])}: {label}"
            yield Changed(label, *values, self._pieces(change))

    @property
    def _first(self) -> str:
        return "place" if self.part == "sites" else ROW_PARTS[self.part].first if self.part in ROW_PARTS else ""

    def _pieces(self, change: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        before, after = change["before"], change["after"]
        long = isinstance(before, str) and isinstance(after, str) and min(len(before), len(after)) > WOVEN
        return tuple(diff(before, after)) if long else ()

    def _place(self, of: str) -> str:
        name = self.schools.get(of) if self.part == "sites" else None
        return f"{name} ({of})" if name else of

    def _label(self, what: str) -> str:
        if self.part == "sites" and what in SITES:
            return str(_(self.definition.words.reached) if what == "learners" else SITES[what])
        form: Any = ROWS.get(self.part) or (LeavingSiteForm if self.part == "sites" else OutlineForm)
        field = getattr(form, what, None)
        return str(field.args[0]) if field is not None else what.replace("_", " ")

    def _value(self, what: str, value: Any) -> str:
        if value is None or (value == "" and what != "kind"):
            return "—"
        if what == "more_is_better":
            return str(_("More") if value else _("Less"))
        if what == "in_kind":
            return str(_("In kind") if value else _("In money"))
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        if what == "amount_cents":
            return str(money(value))
        if what in DAYS:
            return str(day(dt.date.fromisoformat(value)))
        if what in ("first_term", "last_term"):
            return term_name(value)
        if what == "place":
            return self._place(value)
        if what == "kind":
            kind = self.definition.pilot.permission(value)
            return str(_(kind.name) if kind else _("Another one"))
        known = {"design": DESIGNS, "status": STATUSES}.get(what, {})
        return str(known.get(value, f"{value:,.12g}".replace(",", " ") if isinstance(value, (int, float)) else value))
