"""A funder's grant programmes: each with a mandate of its own, windows, budgets, and a day to confirm it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation import money_reminders
from innovation.db import db, now
from innovation.events import list_events
from innovation.funders import commands, freshness, queries
from innovation.funders.models import GrantProgramme, Mandate
from innovation.ideas import commands as ideas
from innovation.notifications.models import Notice
from innovation.permission import Forbidden, NotThere
from innovation.pipeline import work
from innovation.web import today
from tests import make
from tests.funders.watching import Fund, fund, listed, page
from workflows import Refused


def second(of: Fund, name: str = "Numbers", **mandate: Any) -> GrantProgramme:
    """Another programme of the fund, with a mandate that fits the usual idea."""
    programme = make.programme_of(of.funder, name)
    make.mandate_of(programme, **({"theme_keys": ["t1"], "phases": ["fp"], "instruments": ["grant"]} | mandate))
    db.session.commit()
    return programme


def first_of(of: Fund) -> Mandate:
    return make.first(Mandate, funder_id=of.funder.id, number=1)


def let_go_stale(mandate: Mandate, in_days: int = 0) -> None:
    mandate.stale_on = today() + dt.timedelta(days=in_days)
    mandate.confirmed_at = now() - dt.timedelta(days=365 - in_days)
    db.session.commit()


def matches(of: Fund, grant: str = "") -> list[tuple[str, int]]:
    mandates = queries.mandates_for(of.funder, today(), grant)
    found = queries.Browsing(make.actor(of.member), of.funder, mandates, today()).find(queries.Filters())
    return [(match.programme, match.idea_id) for match in found.matches]


# Programmes


def test_each_programme_has_its_own_versions_and_only_one_needs_no_name(app: Flask) -> None:
    csi = fund()
    admin = make.actor(csi.admin)
    numbers = commands.make_grant(admin, csi.funder, name="Numbers", budgets=[(2026, 100_00, "ZAR"), (2026, 5, "USD")])

    made = [commands.change_mandate(admin, numbers, theme_keys=["t1"]).number for _each in range(2)]

    assert (numbers.key, made) == ("numbers", [1, 2])
    assert [(each.year, each.amount_minor, each.currency) for each in numbers.budgets] == [
        (2026, 5, "USD"),
        (2026, 100_00, "ZAR"),
    ]
    assert [(each.programme.name, each.mandate and each.mandate.number) for each in queries.givings_of(csi.funder)] == [
        ("First programme", 1),
        ("Numbers", 2),
    ]
    with pytest.raises(Refused):
        commands.change_mandate(admin, csi.funder, theme_keys=["t1"])


def test_the_page_of_a_programme_changes_its_name_and_its_budgets(client: FlaskClient) -> None:
    csi = fund()
    numbers = second(csi)
    make.sign_in(client, csi.admin)
    address = f"/funders/{csi.funder.key}/programmes/numbers"
    year = str(today().year)
    sent = {"version": "1", "name": "Numbers for all", "running": "y"}
    budget = {"budgets-0-year": year, "budgets-0-amount": "1 500 000", "budgets-0-currency": "ZAR"}
    twice = {key.replace("-0-", "-1-"): value for key, value in budget.items()}

    wrong = client.post(address, data=sent | budget | twice)
    right = client.post(address, data=sent | budget)

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert "A year has two budgets in the same currency." in wrong.text
    db.session.expire_all()
    assert (numbers.name, numbers.key, numbers.listed) == ("Numbers for all", "numbers", False)
    assert queries.list_budgets(csi.funder)[numbers.id][0].amount_minor == 1_500_000_00
    assert 'value="1 500 000"' in client.get("/funders/plan?grant=numbers").text


def test_programmes_are_changed_by_who_keeps_the_funder_and_found_nowhere_else(client: FlaskClient) -> None:
    csi, other = fund(), fund("Demo trust")
    numbers = second(csi)

    for person in (csi.member, other.admin, make.staff("coordinator")):
        with pytest.raises(Forbidden):
            commands.make_grant(make.actor(person), csi.funder, name="Mine")
        with pytest.raises(Forbidden):
            commands.change_grant(make.actor(person), numbers, name="Mine")
        with pytest.raises(Forbidden):
            commands.confirm_mandate(make.actor(person), first_of(csi))
    assert page(client, other.admin, f"/funders/{other.funder.key}/programmes/numbers")[0] == 404
    assert page(client, other.member, "/funders/ideas?grant=numbers")[0] == 404


# Freshness


def test_a_stale_mandate_drops_out_in_both_directions_until_it_is_confirmed(client: FlaskClient) -> None:
    idea, csi = listed(), fund()
    before = matches(csi), [each.funder.name for each in queries.funders_for(idea, today())]
    let_go_stale(first_of(csi))

    gone = matches(csi), queries.funders_for(idea, today())
    text = page(client, csi.member, "/funders/ideas")[1]
    commands.confirm_mandate(make.actor(csi.admin), first_of(csi))

    assert before == ([("", idea.id)], ["Demo CSI fund"])
    assert gone == ([], [])
    assert ("so no idea is matched with it" in text, "Still true" in text, idea.title in text) == (True, False, False)
    assert matches(csi) == before[0]
    assert first_of(csi).stale_on == freshness.stale_on(now())
    assert list_events(f"funder:{csi.funder.id}")[0].kind == "mandate_confirmed"


def test_still_true_is_pressed_once_and_not_for_a_version_that_was_replaced(client: FlaskClient) -> None:
    csi = fund()
    mandate = first_of(csi)
    let_go_stale(mandate, in_days=3)
    make.sign_in(client, csi.admin)
    address = f"/funders/{csi.funder.key}/mandates/{mandate.id}/confirmation"

    sent = [client.post(address).status_code for _each in range(2)]
    commands.change_mandate(make.actor(csi.admin), csi.funder, theme_keys=["t1"])

    assert sent == [302, 302]
    assert len([each for each in list_events(f"funder:{csi.funder.id}") if each.kind == "mandate_confirmed"]) == 1
    with pytest.raises(Refused):
        commands.confirm_mandate(make.actor(csi.admin), mandate)


def test_who_keeps_the_funder_is_told_a_month_and_a_week_before_and_on_the_day(app: Flask) -> None:
    csi = fund()
    make.account(csi.admin)
    make.account(csi.member)
    mandate = first_of(csi)
    told = []

    for in_days in (31, 30, 8, 7, 1, 0, 0):
        let_go_stale(mandate, in_days)
        db.session.execute(sa.update(Notice).values(why=Notice.why + " "))  # the days are played with one mandate
        db.session.commit()
        before = db.session.scalar(sa.select(sa.func.count()).select_from(Notice)) or 0
        money_reminders.remind_mandates()
        money_reminders.remind_mandates()
        told.append((db.session.scalar(sa.select(sa.func.count()).select_from(Notice)) or 0) - before)

    assert told == [0, 1, 1, 1, 1, 1, 1]
    assert set(db.session.scalars(sa.select(Notice.person_id))) == {csi.admin.id}
    assert set(db.session.scalars(sa.select(Notice.subject))) == {
        "Is what Demo CSI fund looks for still true?",
        "What Demo CSI fund looks for counts no more",
    }


def test_what_is_to_be_confirmed_stands_in_the_work_of_who_can(app: Flask) -> None:
    csi = fund()
    let_go_stale(first_of(csi), in_days=20)

    with app.test_request_context():
        found = {
            name: [task.text for task in work.list_tasks(make.actor(person), today())]
            for name, person in (("admin", csi.admin), ("member", csi.member))
        }

    assert found == {"admin": ["Say whether what your fund looks for is still true"], "member": []}


# Several mandates


def test_an_idea_fits_by_the_best_of_the_programmes_and_says_which(client: FlaskClient) -> None:
    idea, csi = listed(title="Reading clubs"), fund(theme_keys=["t6"])
    second(csi, ticket_min_cents=100_00, ticket_max_cents=900_000_00, appetite={"ready": "preferred"})

    assert matches(csi) == [("Numbers", idea.id)]
    assert matches(csi, "first-programme") == [("", idea.id)]
    assert "Fits best: Numbers" in page(client, csi.member, "/funders/ideas")[1]
    [for_owner] = queries.funders_for(idea, today())
    assert (for_owner.funder.name, for_owner.programme) == ("Demo CSI fund", "Numbers")


def test_what_fits_no_programme_is_counted_once_and_each_programme_says_why(client: FlaskClient) -> None:
    csi = fund(ticket_min_cents=900_000_00)
    second(csi, appetite={"piloting": "preferred"})
    both, one = listed(), listed()
    make.ask(both, number=2, amount_cents=10_00)
    db.session.commit()

    mandates = queries.live_mandates([csi.funder.id], today())[csi.funder.id]
    found = queries.Browsing(make.actor(csi.member), csi.funder, mandates, today()).find(queries.Filters())

    assert (found.matches, dict(found.blocked)) == ([], {"several": 2})
    text = page(client, csi.member, f"/funders/ideas/{one.reference}")[1]
    assert "<b>First programme:</b> The ask is smaller than the least that you give." in text
    assert "<b>Numbers:</b> You do not fund ideas at this stage." in text


def test_a_programme_that_stopped_or_is_not_listed_is_not_found_by_owners(app: Flask) -> None:
    idea, csi = listed(), fund(theme_keys=["t6"])
    numbers = second(csi)
    names = []

    for change in ({"listed": False}, {"listed": True, "running": False}):
        commands.change_grant(make.actor(csi.admin), numbers, name="Numbers", **change)
        names.append([each.programme for each in queries.funders_for(idea, today())])

    assert names == [[""], [""]]
    assert [each.programme_id for each in queries.live_mandates([csi.funder.id], today())[csi.funder.id]] == [
        first_of(csi).programme_id
    ]
    with pytest.raises(NotThere):
        queries.find_grant(csi.funder, "unknown")


# While editing


def test_the_number_that_would_fit_now_counts_only_what_a_funder_may_see(client: FlaskClient) -> None:
    far, withdrawn, _near = listed(), listed(), listed()
    make.ask(far, number=2, provinces=["ZA-WC"], amount_cents=50_000_00)
    make.idea(place="concept")
    make.listed_idea().listed_at = None
    db.session.commit()
    ideas.withdraw_consent(make.actor(withdrawn.owner), withdrawn, purpose="share_with_funders")
    csi = fund()
    make.province()
    make.sign_in(client, csi.admin)
    typed = {"provinces": ["ZA-LP"], "ticket_min": "100 000", "notes": "Typed with care."}
    address = f"/funders/{csi.funder.key}/mandate/fits"

    sent = client.post(address, data=typed)
    part = client.post(address, data=typed, headers={"HX-Request": "true"})
    wrong = client.post(address, data=typed | {"ticket_min": "plenty"}, headers={"HX-Request": "true"})

    assert (sent.status_code, part.status_code, wrong.status_code) == (200, 200, 200)
    for text in (sent.text, part.text):
        assert '<b class="big num">1</b> of 2 pilot-ready ideas would fit now.' in text
        assert "1</span> outside the places where you fund<" in text
    assert ("Typed with care." in sent.text, "<form" in part.text) == (True, False)
    assert "This cannot be counted before it is put right" in wrong.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mandate)) == 1
    assert client.post(f"/funders/{fund('Demo trust').funder.key}/mandate/fits", data=typed).status_code == 404
