"""The part of the map about planning a funder's budget."""

from __future__ import annotations

from tests.architecture.sights import Page, own

PLANS = {
    "funders.plan": Page(sees="plan_budget", writes="plan_budget"),
    "funders.planned": Page(own("plan", "funder_member", "job_id")),
}
