"""The part of the map about a funder's programmes, what they look for, and planning budgets."""

from __future__ import annotations

from tests.architecture.sights import Page, funders, own

PLANS = {
    "funders.plan": Page(sees="plan_budget", writes="plan_budget"),
    "funders.planned": Page(own("plan", "funder_member", "job_id")),
    "funders.plan_together": Page(sees="plan_together", writes="plan_together"),
    "funders.planned_together": Page(own("shared_plan", "manager", "job_id")),
}
MANDATES = {
    "funders.make_grant": Page(funders(), sees="make_grant", writes="make_grant"),
    "funders.grant": Page(funders(grant_key="first-programme"), sees="change_grant", writes="change_grant"),
    "funders.count_fits": Page(funders(), writes="change_mandate"),
    "funders.confirm_mandate": Page(
        funders(mandate_id=lambda world: world.things["mandate"]["one"]), writes="confirm_mandate"
    ),
}
