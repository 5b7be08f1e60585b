"""The part of the map about what a funder does by itself: its programmes, budgets, and its workspace."""

from __future__ import annotations

from innovation.funders.models import Funder
from innovation.funders.workspace_models import SavedSearch
from tests.architecture.sights import Case, Page, funders, get, nothing, only, own, packs
from tests.architecture.world import World

ANY_FUNDER = ("funder_admin", "funder_member", "other_funder")
ITS_FUNDER = frozenset({"funder_admin", "funder_member"})


def searches(world: World) -> list[Case]:
    number = world.things["search"]["one"]
    return [
        Case("one", {"search_id": number}, get(SavedSearch, number), ITS_FUNDER),
        Case("no such search", {"search_id": 999_999}, nothing, frozenset()),
    ]


def passed(world: World) -> list[Case]:
    """An idea that the first funder has passed on, and one that it has not."""
    fund = get(Funder, world.things["funder"]["one"])
    ideas = world.things["idea"]
    return [
        Case("piloting", {"reference": ideas["piloting"]}, fund, ITS_FUNDER),
        Case("ready", {"reference": ideas["ready"]}, nothing, frozenset()),
    ]


PLANS = {
    "funders.plan": Page(sees="plan_budget", writes="plan_budget"),
    "funders.planned": Page(own("plan", "funder_member", "job_id")),
    "funders.plan_together": Page(sees="plan_together", writes="plan_together"),
    "funders.planned_together": Page(own("shared_plan", "manager", "job_id")),
    "funders.workspace": Page(sees="browse_ideas", writes="browse_ideas"),
    "funders.compare": Page(sees="browse_ideas"),
    "funders.shortlist": Page(writes="browse_ideas", absent="no idea is named"),
    "funders.change_search": Page(searches, writes="choose_alert"),
    "funders.alert_off": Page(only(alert_id=1, secret="unknown"), public=True, absent="nobody is mailed"),
    "funders.write_note": Page(packs(*ANY_FUNDER)),
    "funders.pass_idea": Page(packs(*ANY_FUNDER)),
    "funders.take_back_pass": Page(passed, writes="pass_idea"),
}
MANDATES = {
    "funders.make_grant": Page(funders(), sees="make_grant", writes="make_grant"),
    "funders.grant": Page(funders(grant_key="first-programme"), sees="change_grant", writes="change_grant"),
    "funders.count_fits": Page(funders(), writes="change_mandate"),
    "funders.open_funders": Page(public=True),
    "funders.verification": Page(funders(), writes="verify_funder"),
    "funders.confirm_mandate": Page(
        funders(mandate_id=lambda world: world.things["mandate"]["one"]), writes="confirm_mandate"
    ),
}
