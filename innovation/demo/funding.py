"""The funders of the demonstration, what they look for, and the interest they show."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.accounts import commands as accounts
from innovation.accounts.scopes import Scope
from innovation.db import db
from innovation.demo.cast import Cast
from innovation.demo.telling import Story, moment
from innovation.demo.written import DATA, working_day
from innovation.funders import award_import, commands, importing
from innovation.funders.codes import FIRST_PROGRAMME
from innovation.funders.models import Funder, Interest, Mandate
from innovation.funders.row_files import read_rows
from innovation.permission import SYSTEM, Actor

SOURCE = "github.com/vipulnaik/donations at commit c5c0aa7b (CC0 1.0)"
FUNDERS, AWARDS = "real_funders.jsonl", "awards.jsonl"
INVENTED = "past_awards.jsonl"
YEARLY = dt.timedelta(days=365)
CONFIRMED_BEFORE = dt.timedelta(days=40)
TERMS = (
    *("standard_pack", "decision_months", "match_percent", "overheads_percent", "evaluation_percent"),
    *("accounts_years", "papers", "reports", "procedure", "beyond_money", "topic_keys", "goals", "purposes"),
)


def make_funders(cast: Cast) -> None:
    """The invented funders with their mandates, and the people who act for them."""
    for told in cast.written.funders:
        funder = commands.make_funder(
            cast.actor("manager"),
            key=told["key"],
            name=told["name"],
            kind=told["kind"],
            description=told["description"],
            visibility=told.get("visibility", "members"),
            is_demo=True,
        )
        if told.get("checked"):
            commands.verify_funder(cast.actor("manager"), funder, answer="yes")
        cast.funders[told["key"]] = funder.id
        keeper = _give_roles(cast, funder)
        first = {"name": FIRST_PROGRAMME, **told.get("programme", {}), "mandate": told["mandate"]}
        for programme in (first, *told.get("more", [])):
            _make_programme(cast, keeper or SYSTEM, funder, programme)


def _make_programme(cast: Cast, keeper: Actor, funder: Funder, told: dict[str, Any]) -> None:
    year = cast.written.today.year
    made = commands.make_grant(
        keeper,
        funder,
        name=told["name"],
        description=told.get("description", ""),
        budgets=[(year + n, rand * 100, "ZAR") for n, rand in enumerate(told.get("budgets", []))],
    )
    mandate = commands.change_mandate(keeper, made, **_mandate(cast, told["mandate"]))
    if told.get("confirmed", True):
        cast.mandates.append((mandate.id, keeper))


def confirming_story(cast: Cast) -> Story:
    """The funders say once more that what they look for is still true; all but one of the programmes."""
    yield moment(working_day(cast.written.today - CONFIRMED_BEFORE), 9, 30)
    for mandate_id, keeper in cast.mandates:
        commands.confirm_mandate(keeper, db.session.get_one(Mandate, mandate_id))


def import_real_funders() -> None:
    """Real funders with figures and past awards as published; they have no mandate, and nothing is told of them."""
    funders, awards = (read_rows((DATA / name).read_bytes(), name) for name in (FUNDERS, AWARDS))
    planned = importing.plan_funders(funders, source=SOURCE)
    importing.import_funders(SYSTEM, planned)
    past = award_import.plan_awards(awards, source=SOURCE)
    award_import.import_awards(SYSTEM, past)
    faults = planned.faults + past.faults
    if faults:
        raise RuntimeError(f"The published funders and awards: {faults[0]}")


def import_invented_awards() -> None:
    """What an invented funder gave before, so that matching has something to learn from."""
    rows = read_rows((DATA / INVENTED).read_bytes(), INVENTED)
    award_import.import_awards(SYSTEM, award_import.plan_awards(rows, source="Invented for the demonstration"))


def _give_roles(cast: Cast, funder: Funder) -> Actor | None:
    """Let the accounts of a funder act for it; gives the one that keeps its mandate."""
    keeper = None
    for account in cast.written.accounts:
        for grant in account["grants"]:
            if grant.get("funder") == funder.key:
                scope = Scope(f"funder:{funder.id}", funder.name, funder_id=funder.id)
                accounts.add_role(SYSTEM, cast.people[account["key"]], grant["role"], scope)
                keeper = cast.actor(account["key"]) if grant["role"] == "funder_admin" else keeper
    return keeper


def _mandate(cast: Cast, told: dict[str, Any]) -> dict[str, Any]:
    """The columns of a mandate; a window that comes back every year is the one that is next."""
    windows = told.get("windows", [])
    if "window_from" in told:
        windows = [[told["window_from"], told["window_to"]]]
    return {
        "theme_keys": [cast.themes[key].key for key in told["themes"]],
        "phases": list(told["phases"]),
        "national": told["national"],
        "provinces": list(told["provinces"]),
        "district_ids": cast.district_ids(list(cast.provinces), told["districts"]),
        "appetite": dict(told["appetite"]),
        "ticket_min_cents": told["ticket_min"] * 100,
        "ticket_max_cents": told["ticket_max"] * 100,
        "ticket_typical_cents": told["ticket_typical"] * 100,
        "co_fund": told["cofund"],
        "multi_year": told["multi_year"],
        "max_months": told["max_months"],
        "instruments": list(told["instruments"]),
        "min_evidence": told["min_evidence"],
        "requires": list(told["requires"]),
        "exclusions": [cast.topics[key].key for key in told["exclusions"]],
        "windows": sorted(
            [day.isoformat() for day in _next(opens, closes, cast.written.today)] for opens, closes in windows
        ),
        "notes": told["notes"],
        **{key: told[key] for key in TERMS if key in told},
    }


def _next(opens: dt.date, closes: dt.date, today: dt.date) -> tuple[dt.date, dt.date]:
    while closes < today:
        opens, closes = opens + YEARLY, closes + YEARLY
    return opens, closes


def interest_story(cast: Cast, told: dict[str, Any]) -> Story:
    """Interest shown by a funder's account, and answered by the owner where the story says so."""
    yield moment(working_day(told["on"]), 14, 20)
    person = cast.actor(told["account"])
    idea = cast.idea(told["idea"])
    funder = db.session.get_one(Funder, min(person.funder_ids))
    shown = commands.show_interest(person, funder, idea=idea, message=told["message"]).id
    if "answer" not in told:
        return
    yield moment(working_day(told["answered_on"]), 15, 40)
    interest = db.session.get_one(Interest, shown)
    owner = cast.actor(cast.idea(told["idea"]).owner)
    if told["answer"] == "accept":
        commands.accept_interest(owner, interest, reason=told.get("reason", ""))
    elif told["answer"] == "decline":
        commands.decline_interest(owner, interest, reason=told.get("reason", ""))
    else:
        commands.withdraw_interest(person, interest)
