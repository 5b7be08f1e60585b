"""A whole meeting in real browsers: four members, one recused from an item, one late, from agenda to signed minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from innovation.accounts.models import Person
from innovation.accounts.passwords import hash_password
from innovation.db import db
from innovation.meetings.models import AgendaItem
from tests import make
from tests.meetings.sitting import Sitting
from tests.stories.browser.conftest import Site, sign_in, start_site
from tests.stories.browser.looking import look, press

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

NewContext = Callable[..., "BrowserContext"]
LATE, RECUSED = "government", "practitioner"
PHONES = (LATE, RECUSED)


def _fill() -> None:
    sitting = Sitting(2)
    first = sitting.meeting.items[0].review
    for person in sitting.people.values():
        make.account(person).password_hash = hash_password(make.PASSWORD)
    make.declare(next(seat for seat in first.seats if seat.person is sitting.person(RECUSED)), "recuse")
    make.ask(first.idea, amount_cents=480_000_00)


@pytest.fixture
def site(tmp_path: Path, migrated: Path) -> Iterator[Site]:
    """A running site with a panel, two reviews that are ready, and a meeting about them in half an hour."""
    yield from start_site(tmp_path, migrated, _fill)


@pytest.fixture
def pages(site: Site, context_of: NewContext) -> Callable[[str], Page]:
    """A browser for each person, opened at the meeting when they are first called for."""
    opened: dict[str, Page] = {}

    def page_of(who: str) -> Page:
        if who not in opened:
            page = context_of().new_page()
            page.set_viewport_size({"width": 360, "height": 780} if who in PHONES else {"width": 1360, "height": 900})
            person = site.inside(lambda: _email(who))
            opened[who] = sign_in(page, site, person)
            page.goto(site.url("/meetings/1"))
        return opened[who]

    return page_of


def _email(who: str) -> str:
    return str(make.first(Person, name=who.title()).email)


def test_a_meeting_from_its_agenda_to_its_signed_minutes(site: Site, pages: Callable[[str], Page]) -> None:
    faults: list[str] = []
    first, second = site.inside(_titles)
    chair, secretary = pages("chair"), pages("secretary")

    chair.click("main a:has-text('Fix the agenda')")
    chair.check("input[value=reference]")
    press(chair, "Fix the agenda")
    press(chair, "Open the meeting")
    for who in ("deputy", RECUSED):
        press(pages(who), "I am here")
    press(chair, "Take item 1")

    # Everybody's screen follows, without a hand on it
    pages(RECUSED).wait_for_selector("text=You take no part in this item", timeout=8000)
    assert first not in pages(RECUSED).inner_text("main")
    assert "Quorum 2 of 3" in chair.inner_text("#now")
    press(pages(LATE), "I am here")
    chair.wait_for_selector("text=Quorum 3 of 3", timeout=8000)
    faults += look(pages(RECUSED), "recused-phone")

    secretary.goto(site.url("/meetings/1"))
    secretary.fill("textarea[name=text]", "The readers are trained in both languages.")
    press(secretary, "Keep the note")
    chair.click("summary:has-text('Put to the vote')")
    chair.select_option("select[name=outcome]", "conditional")
    press(chair, "Open the vote")
    for who in (LATE, "deputy", "chair"):
        pages(who).wait_for_selector("text=Vote: Conditional go", timeout=8000)
        if who == LATE:
            faults += look(pages(who), "voting-phone")
        press(pages(who), "Abstain" if who == "deputy" else "For")
    faults += look(chair, "chair-open")
    press(chair, "Count the vote")
    assert "2 for, 0 against, 1 abstained" in chair.inner_text("#now")

    chair.click("main a:has-text('Record the decision')")
    chair.fill("[name=rationale]", "A clear need, and readers who know the children.")
    chair.fill("[name=against_reason]", "One thing has to be there first.")
    chair.fill("[name=conditions-0-text]", "Find a second school.")
    chair.fill("[name=conditions-0-due_on]", make.go_details()["next_date"].isoformat())
    press(chair, "Record decision")
    press(chair, "Take item 2")
    pages(RECUSED).wait_for_selector(f"#in-hand:has-text('{second}')", timeout=8000)
    chair.click("summary:has-text('Put the item off')")
    chair.fill("input[name=reason]", "The district is not here.")
    press(chair, "Put off")
    chair.click("summary:has-text('Close the meeting')")
    press(chair, "Close the meeting")

    secretary.goto(site.url("/meetings/1/minutes"))
    secretary.click("summary:has-text('Circulate')")
    press(secretary, "Circulate")
    minutes = {who: open_minutes(site, pages(who)) for who in ("chair", LATE, RECUSED)}
    faults += look(pages(LATE), "minutes-phone")
    press(chair, "Sign the minutes")

    assert "Signed by Chair" in chair.inner_text("main")
    assert {who: first in text for who, text in minutes.items()} == {"chair": True, LATE: True, RECUSED: False}
    assert all(second in text for text in minutes.values())
    assert "arrived late" in minutes["chair"]
    assert "Find a second school." in minutes[LATE]
    assert faults == []


def open_minutes(site: Site, page: Page) -> str:
    page.goto(site.url("/meetings/1/minutes"))
    return page.inner_text("main")


def _titles() -> list[str]:
    items = db.session.query(AgendaItem).order_by(AgendaItem.id)
    return [item.review.idea.title for item in items]
