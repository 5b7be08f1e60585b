"""Amendments in words: what was changed, from what to what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.pilots.designs import DESIGNS
from innovation.pilots.forms.planning import PARTS, ROWS, LeavingSiteForm, OutlineForm, term_name
from innovation.pilots.plan_part_models import PilotAmendment
from innovation.pilots.terms import STATUSES
from innovation.values import dataclass
from innovation.web import day, money

SITES = {
    "place": lazy_gettext("Place"),
    "is_comparison": lazy_gettext("For comparison"),
    "is_high_dosage": lazy_gettext("High dosage"),
    "learners": lazy_gettext("People whom it reaches"),
}


@dataclass(frozen=True)
class Told:
    """An amendment as it is shown; each change is what, before, after."""

    number: int
    part: str
    at: dt.datetime
    who: str
    reason: str
    changes: tuple[tuple[str, str, str], ...]


def told_of(amendments: Iterable[PilotAmendment], names: Mapping[int, str]) -> list[Told]:
    return [
        Told(
            each.number,
            str(PARTS[each.part].name) if each.part in PARTS else _("Sites"),
            each.made_at,
            names.get(each.made_by_id or 0, ""),
            each.reason,
            tuple(_change(each.part, change) for change in each.changes),
        )
        for each in amendments
    ]


def _change(part: str, change: Mapping[str, Any]) -> tuple[str, str, str]:
    label = _label(part, change["what"])
    about = f"{change['of']}: {label}" if change["of"] else label
    return about, *(_value(change["what"], change[side]) for side in ("before", "after"))  # type: ignore[return-value]


def _label(part: str, what: str) -> str:
    if part == "sites" and what in SITES:
        return str(SITES[what])
    form: Any = ROWS.get(part) or (LeavingSiteForm if part == "sites" else OutlineForm)
    field = getattr(form, what, None)
    return str(field.args[0]) if field is not None else what.replace("_", " ")


def _value(what: str, value: Any) -> str:
    if value is None or value == "":
        return "—"
    if what == "more_is_better":
        return str(_("More") if value else _("Less"))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if what == "amount_cents":
        return str(money(value))
    if what in ("starts_on", "ends_on", "left_on", "stands_since", "expires_on"):
        return str(day(dt.date.fromisoformat(value)))
    if what in ("first_term", "last_term"):
        return term_name(value)
    known = {"design": DESIGNS, "status": STATUSES}.get(what, {})
    return str(known.get(value, f"{value:g}" if isinstance(value, float) else value))
