"""What was changed about thresholds after the pilot had begun: whoever reads results reads it beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from innovation.db import db
from innovation.languages import gettext as _
from innovation.languages import written_day
from innovation.pilots import saying
from innovation.pilots.plan_models import Pilot
from innovation.pilots.plan_part_models import PilotAmendment

MOST = 200
MOVED = ("name", "baseline", "target", "stop_at", "more_is_better")


def moved_thresholds(pilot: Pilot) -> tuple[str, ...]:
    """A sentence for each measure that an amendment took out, added, or holds against another number."""
    query = sa.select(PilotAmendment).filter_by(pilot_id=pilot.id, part="measures").order_by(PilotAmendment.number)
    return tuple(told for each in db.session.scalars(query.limit(MOST)) for told in _told(each))


def _told(amendment: PilotAmendment) -> Iterator[str]:
    when = _("Amendment %(number)s, %(day)s", number=amendment.number, day=written_day(amendment.made_at.date()))
    new = {change["of"] for change in amendment.changes if change["what"] == "name" and change["before"] is None}
    for change in amendment.changes:
        if change["what"] in MOVED and (change["what"] == "name" or change["of"] not in new):
            said = _said(change)
            yield _("%(when)s: %(said)s Reason: %(reason)s", when=when, said=said, reason=amendment.reason)


def _said(change: dict[str, Any]) -> str:
    what, name, before, after = change["what"], change["of"], change["before"], change["after"]
    if what == "name" and after is None:
        return str(_("“%(name)s” is not measured any more.", name=name))
    if what == "name" and before is None:
        return str(_("“%(name)s” is measured as well.", name=name))
    if what == "name":
        return str(_("“%(name)s” is called “%(new)s”.", name=name, new=after))
    if what == "more_is_better":
        told = _("more is better, not less") if after else _("less is better, not more")
        return str(_("“%(name)s”: %(told)s.", name=name, told=told))
    label = {"baseline": _("baseline"), "target": _("success from"), "stop_at": _("stop at")}[what]
    figures = {"before": saying.figure(before, beside=[after]), "after": saying.figure(after, beside=[before])}
    return str(_("“%(name)s”: %(label)s %(after)s, before that %(before)s.", name=name, label=label, **figures))
