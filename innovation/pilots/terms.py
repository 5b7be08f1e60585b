"""Words of a pilot's plan: statuses of permissions, and what each part keeps of a row."""

from __future__ import annotations

from innovation.languages import lazy_gettext
from innovation.pilots.plan_models import Indicator
from innovation.pilots.plan_part_models import PilotBudgetLine, PilotPermission, PilotRisk, PilotRole
from innovation.values import dataclass

STATUSES = {
    "needed": lazy_gettext("Still to ask for"),
    "applied": lazy_gettext("Asked for"),
    "granted": lazy_gettext("In hand"),
    "refused": lazy_gettext("Refused"),
    "not_needed": lazy_gettext("Not needed here"),
}


@dataclass(frozen=True)
class RowPart:
    """A part of a plan that is made of rows; the first column says what a row is about, and is never empty."""

    kind: type
    columns: tuple[str, ...]

    @property
    def first(self) -> str:
        return self.columns[0]


ROW_PARTS = {
    "measures": RowPart(Indicator, ("name", "unit", "tool", "baseline", "target", "stop_at", "more_is_better")),
    "budget": RowPart(PilotBudgetLine, ("item", "unit", "quantity", "amount_cents", "paid_by", "in_kind")),
    "permissions": RowPart(PilotPermission, ("name", "kind", "status", "stands_since", "expires_on", "seen_by")),
    "risks": RowPart(PilotRisk, ("risk", "likely", "harm", "response", "owner")),
    "roles": RowPart(PilotRole, ("name", "does", "who")),
}
OUTLINE = ("hypothesis", "design", "first_term", "last_term", "starts_on", "ends_on", "means")
SITE = ("is_comparison", "is_high_dosage", "learners", "teachers", "left_on", "left_because")
MOST_ROWS = 60
