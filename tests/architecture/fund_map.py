"""The part of the map about planning budgets."""

from __future__ import annotations

from tests.architecture.sights import Page, own

PLANS = {
    "funders.plan": Page(sees="plan_budget", writes="plan_budget"),
    "funders.planned": Page(own("plan", "funder_member", "job_id")),
    "funders.plan_together": Page(sees="plan_together", writes="plan_together"),
    "funders.planned_together": Page(own("shared_plan", "manager", "job_id")),
}
