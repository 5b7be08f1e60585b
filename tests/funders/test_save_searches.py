"""Saved searches, and mails about new ideas that they find: what is new, once, to who wants it and may read it."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask, current_app
from flask.testing import FlaskClient

from innovation import clock
from innovation.accounts.models import Account, Person
from innovation.db import db, fixed_now, now
from innovation.funders import commands as funders
from innovation.funders import queries
from innovation.funders.commands import workspace as commands
from innovation.funders.queries import Filters
from innovation.funders.workspace_models import AlertedIdea, SavedSearch, SearchAlert
from innovation.ideas import commands as ideas
from innovation.ideas.models import Idea, Wall
from innovation.notifications import mailer
from innovation.notifications.models import Message
from innovation.notifications.searching import slot
from innovation.permission import Actor
from tests import make
from tests.funders.watching import Fund, fund, listed, page
from workflows import Refused

HERE = ZoneInfo("Africa/Johannesburg")
MONDAY = dt.datetime(2026, 11, 30, 8, 0, tzinfo=HERE)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def _monday() -> object:
    token = fixed_now.set(MONDAY.astimezone(dt.UTC))
    yield
    fixed_now.reset(token)


pytestmark = pytest.mark.usefixtures("_monday")


def later(by: dt.timedelta) -> None:
    fixed_now.set(now() + by)


def searching(of: Fund, often: str = "instant", who: Person | None = None, **narrowed: object) -> SavedSearch:
    who = who or of.member
    make.account(who)
    filters = Filters.of(narrowed)
    return commands.save_search(make.actor(who), of.funder, name="Clubs", filters=filters, often=often)


def round_of_the_clock() -> list[str]:
    """What is owed after the worker has looked, newest last."""
    clock.tell_of_searches()
    return [message.text for message in messages()]


def messages() -> list[Message]:
    return list(db.session.scalars(sa.select(Message).order_by(Message.id)))


def sent() -> list[email.message.EmailMessage]:
    """What has left, as it travels."""
    mailer.send_owed()
    folder = current_app.config["SETTINGS"].mail_folder
    files = sorted(folder.glob("*.eml")) if folder.exists() else []
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]  # type: ignore[misc]


def off_link(alert: SearchAlert) -> str:
    return f"/alerts/{alert.id}/{queries.secret_of(alert)}"


# When


@pytest.mark.parametrize(
    ("often", "hours", "due"),
    [
        ("daily", 0, MONDAY - HOUR),
        ("daily", -2, MONDAY - HOUR - DAY),
        ("weekly", 0, MONDAY - HOUR),
        ("weekly", -2, MONDAY - HOUR - 7 * DAY),
        ("weekly", 6 * 24, MONDAY - HOUR),
    ],
)
def test_mails_are_due_at_seven_and_weekly_ones_on_mondays(often: str, hours: int, due: dt.datetime) -> None:
    assert slot(often, MONDAY + hours * HOUR) == due


def test_at_once_is_within_the_next_round_and_only_once(app: Flask) -> None:
    listed(title="Here before")
    searching(fund())
    nothing = round_of_the_clock()
    later(HOUR)
    idea = listed(title="Radio lessons")

    first = round_of_the_clock()
    for _time in range(3):
        later(dt.timedelta(minutes=6))
        again = round_of_the_clock()

    assert (nothing, len(first), again) == ([], 1, first)
    assert idea.reference in first[0]
    assert "The idea's main theme is in your mandate." in first[0]
    assert f"/funders/ideas/{idea.reference}?fund=" in first[0]
    assert "Here before" not in first[0]


def test_what_becomes_visible_late_is_told_all_the_same(app: Flask) -> None:
    searching(fund())
    later(HOUR)
    listed()
    round_of_the_clock()
    slow = listed(title="Written slowly")
    slow.listed_at = now() - dt.timedelta(minutes=2)
    db.session.commit()

    assert "Written slowly" in round_of_the_clock()[-1]


@pytest.mark.parametrize(("often", "after"), [("daily", DAY), ("weekly", 7 * DAY)])
def test_the_others_wait_for_their_hour(app: Flask, often: str, after: dt.timedelta) -> None:
    searching(fund(), often)
    later(HOUR)
    listed()
    early = round_of_the_clock()
    later(after - 3 * HOUR)
    still_early = round_of_the_clock()
    later(HOUR)

    due, again = round_of_the_clock(), round_of_the_clock()

    assert (early, still_early, len(due), again) == ([], [], 1, due)


def test_nothing_is_sent_when_nothing_is_new(app: Flask) -> None:
    searching(fund(), "daily", theme=["t6"])
    listed()
    later(DAY)

    assert round_of_the_clock() == []
    assert db.session.query(AlertedIdea).count() == 0


def test_choosing_again_begins_with_what_comes_from_now_on(app: Flask) -> None:
    csi = fund()
    search = searching(csi, "never")
    later(HOUR)
    listed()
    later(HOUR)

    commands.choose_alert(make.actor(csi.member), search, often="instant")

    assert round_of_the_clock() == []


# What


def test_only_what_the_search_finds_and_the_fund_has_not_passed_on(app: Flask) -> None:
    csi = fund(theme_keys=[])
    searching(csi, theme=["t6"])
    later(HOUR)
    wanted = listed(title="Wanted", theme_id=make.first(make.Theme, key="t6").id)
    gone = listed(title="Passed on", theme_id=wanted.theme_id)
    small = listed(title="Too small", theme_id=wanted.theme_id)
    make.ask(small, number=2, amount_cents=10_000_00)
    listed(title="Another theme")
    commands.pass_idea(make.actor(csi.member), csi.funder, idea=gone, reason="time")

    (text,) = round_of_the_clock()

    assert [title in text for title in ("Wanted", "Passed on", "Too small", "Another theme")] == [True] + [False] * 3


def withdraw(idea: Idea) -> None:
    ideas.withdraw_consent(owner_of(idea), idea, purpose="share_with_funders")


def owner_of(idea: Idea) -> Actor:
    """As another process finds them: what a worker has read is forgotten."""
    db.session.expire_all()
    return make.actor(db.session.get_one(Person, idea.owner_id))


def stop(idea: Idea) -> None:
    db.session.execute(sa.update(Idea).where(Idea.id == idea.id).values({"standing": "stopped", "listed_at": None}))
    db.session.commit()


@pytest.mark.parametrize("end", [withdraw, stop])
def test_what_is_taken_back_before_the_mail_is_written_is_not_in_it(app: Flask, end: object) -> None:
    searching(fund(), "daily")
    later(HOUR)
    gone, stays = listed(title="Taken back"), listed(title="Still there")
    end(gone)  # type: ignore[operator]
    later(DAY)

    (text,) = round_of_the_clock()

    assert ("Taken back" in text, stays.title in text) == (False, True)


def test_what_is_taken_back_before_the_mail_leaves_is_not_in_it(app: Flask) -> None:
    searching(fund())
    later(HOUR)
    gone, _stays = listed(title="Taken back"), listed(title="Still there")
    (written,) = round_of_the_clock()
    withdraw(gone)

    (letter,) = sent()

    assert "Taken back" in written
    text = str(letter)
    assert ("Taken back" in text, "Still there" in text) == (False, True)
    assert letter["Subject"].startswith("1 new idea")


def test_a_title_that_was_corrected_meanwhile_leaves_as_it_is_now_to_the_address_of_now(app: Flask) -> None:
    searching(csi := fund())
    later(HOUR)
    idea = listed(title="With a name in it")
    round_of_the_clock()
    idea.title, make.first(Account, person_id=csi.member.id).email = "Without one", "moved@gatehouse.example"
    db.session.commit()

    (letter,) = sent()

    assert ("With a name" in str(letter), "Without one" in str(letter)) == (False, True)
    assert letter["To"] == "moved@gatehouse.example"


def test_a_mail_of_which_nothing_is_left_does_not_leave_and_the_idea_can_be_news_again(app: Flask) -> None:
    searching(fund())
    later(HOUR)
    idea = listed()
    round_of_the_clock()
    withdraw(idea)

    assert sent() == []
    assert messages()[0].given_up_at is not None
    later(HOUR)
    ideas.give_consent(owner_of(idea), idea, purpose="share_with_funders")
    assert len(round_of_the_clock()) == 2


# To whom


def leave(of: Fund) -> None:
    funders.end_funder_role(make.actor(of.admin), of.member.grants[-1])


def close(of: Fund) -> None:
    account = make.first(Account, person_id=of.member.id)
    account.disabled_at = now()
    db.session.commit()


@pytest.mark.parametrize("end", [leave, close])
def test_who_has_left_gets_nothing_also_of_what_is_owed(app: Flask, end: object) -> None:
    csi = fund()
    searching(csi)
    later(HOUR)
    listed()
    round_of_the_clock()
    end(csi)  # type: ignore[operator]

    assert sent() == []
    later(HOUR)
    listed()
    assert len(round_of_the_clock()) == 1


def test_each_person_chooses_and_a_wall_holds(app: Flask) -> None:
    csi, other = fund(), fund("Demo trust")
    search = searching(csi)
    make.account(csi.admin)
    make.account(other.member)
    later(HOUR)
    commands.choose_alert(make.actor(csi.admin), search, often="instant")
    later(HOUR)
    hidden = listed(title="Behind a wall")
    make.add(Wall(idea_id=hidden.id, person_id=csi.admin.id, why="seat:1"))
    db.session.commit()

    round_of_the_clock()

    assert [(message.person_id, "Behind a wall" in message.text) for message in messages()] == [(csi.member.id, True)]


def test_a_search_that_is_removed_mails_nobody(app: Flask) -> None:
    csi = fund()
    search = searching(csi)
    later(HOUR)
    listed()

    commands.end_search(make.actor(csi.admin), search)

    assert round_of_the_clock() == []


# Off by one click


def test_a_mail_carries_the_headers_by_which_programs_end_it(app: Flask) -> None:
    csi = fund()
    searching(csi)
    later(HOUR)
    listed()
    round_of_the_clock()

    (letter,) = sent()

    alert = make.first(SearchAlert, person_id=csi.member.id)
    base = current_app.config["SETTINGS"].base_url.rstrip("/")
    assert letter["List-Unsubscribe"].strip() == f"<{base}{off_link(alert)}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert base + off_link(alert) in str(letter.get_body(("plain",)))


def test_a_look_ends_nothing_and_a_click_ends_this_one_without_a_sign_in(client: FlaskClient) -> None:
    csi = fund()
    search = searching(csi)
    alert = make.first(SearchAlert, search_id=search.id)

    looked = client.get(off_link(alert))
    before = alert.often
    with client.post(off_link(alert), data={"List-Unsubscribe": "One-Click"}) as clicked:
        text = clicked.get_data(as_text=True)

    db.session.refresh(alert)
    assert (looked.status_code, before, clicked.status_code, alert.often) == (200, "instant", 200, "never")
    assert "You get no more mails" in text
    assert "Clubs" not in looked.get_data(as_text=True) + text


def test_no_other_address_ends_it(client: FlaskClient) -> None:
    csi = fund()
    searching(csi)
    alert = make.first(SearchAlert, person_id=csi.member.id)

    for address in (f"/alerts/{alert.id}/wrong", f"/alerts/{alert.id + 1}/{queries.secret_of(alert)}"):
        assert client.post(address).status_code == 404
    assert alert.often == "instant"


# The page


def test_a_search_is_saved_from_the_address_of_the_list_and_shared(client: FlaskClient) -> None:
    csi = fund()
    listed()
    make.sign_in(client, csi.member).post(
        "/funders/workspace?theme=t1&theme=t6&ask=b3&q=clubs&show=newest", data={"name": "Ours", "often": "weekly"}
    )

    text = page(client, csi.admin, "/funders/workspace")[1]

    (own,) = queries.list_searches(make.actor(csi.member), csi.funder)
    (shared,) = queries.list_searches(make.actor(csi.admin), csi.funder)
    assert own.search.filters == {"theme": ["t1", "t6"], "ask": ["b3"], "q": "clubs"}
    assert (own.often, shared.often) == ("weekly", "never")
    assert 'href="/funders/ideas?theme=t1&amp;theme=t6&amp;ask=b3&amp;q=clubs"' in text
    assert "Words: clubs" in text


def test_a_search_needs_a_name_and_there_are_at_most_fifty(client: FlaskClient) -> None:
    csi = fund()
    for number in range(50):
        make.add(SavedSearch(funder_id=csi.funder.id, name=f"Search {number}", filters={}))
    db.session.commit()

    nameless = make.sign_in(client, csi.member).post("/funders/workspace?theme=t1", data={"often": "daily"})

    assert nameless.status_code == 422
    with pytest.raises(Refused):
        searching(csi)


def test_an_alert_is_chosen_and_a_search_removed_on_the_page(client: FlaskClient) -> None:
    csi = fund()
    search = searching(csi, "never")
    browser = make.sign_in(client, csi.admin)

    browser.post(f"/funders/searches/{search.id}", data={"often": "daily"})
    nonsense = browser.post(f"/funders/searches/{search.id}", data={"often": "hourly"})
    chosen = [each.often for each in queries.list_searches(make.actor(csi.admin), csi.funder)]
    browser.post(f"/funders/searches/{search.id}", data={"end": "yes"})

    assert (chosen, nonsense.status_code) == (["daily"], 422)
    assert queries.list_searches(make.actor(csi.member), csi.funder) == []
