"""A room in real browsers: ideas put together by keyboard, dots from two phones, a tie, and a shortlist."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from innovation.accounts.models import Person
from innovation.accounts.passwords import hash_password
from innovation.clinics import rooms, rounds, walls
from innovation.clinics.models import Clinic
from innovation.db import db
from innovation.ideas.models import Idea
from innovation.permission import SYSTEM
from tests import make
from tests.stories.browser.conftest import Site, sign_in, start_site
from tests.stories.browser.looking import look

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

TITLES = ("Reading clubs after school", "Stories told by grandparents", "A box of readers that travels")
LOST = "() => document.activeElement === document.body ? ['focus is lost'] : []"
CODE = "CL-LP-2026-90"


def _fill() -> None:
    clinic = make.clinic(code=CODE, agenda="20 min  Everybody writes ideas alone\n10 min  Silent dots")
    runs = make.grant(make.person("Facilitator"), "facilitator", programme_id=clinic.programme_id, clinic_id=clinic.id)
    make.account(runs, hash_password(make.PASSWORD))
    for title in TITLES:
        make.idea(clinic_id=clinic.id, title=title)
    rooms.open_room(make.actor(runs), clinic)


@pytest.fixture
def site(tmp_path: Path, migrated: Path) -> Iterator[Site]:
    """A running site with an open clinic, three ideas, and a room that can be joined."""
    yield from start_site(tmp_path, migrated, _fill)


def look_narrow(page: Page, name: str) -> list[str]:
    """What there is to say of the page at 320 pixels."""
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 700})
    found = look(page, name)
    page.set_viewport_size(size or {"width": 1360, "height": 900})
    return found


def place(phone: Page, dots: dict[str, int]) -> None:
    """Put dots on ideas by the names of their buttons, with the keyboard, and send them."""
    for title, many in dots.items():
        button = phone.get_by_role("button", name=f"Put a dot on {title}")
        button.focus()
        for _dot in range(many):
            phone.keyboard.press("Enter")
    phone.get_by_role("button", name="Send my vote").press("Enter")
    phone.wait_for_selector("text=Your vote has arrived")


def test_a_room_from_its_first_idea_on_the_wall_to_its_shortlist(
    site: Site, context_of: Callable[..., BrowserContext]
) -> None:
    faults: list[str] = []
    email, code = site.inside(lambda: (str(make.first(Person, name="Facilitator").email), _code()))
    board = sign_in(context_of().new_page(), site, email)
    board.goto(site.url(f"/clinics/{CODE}/board"))
    wall, phones = context_of().new_page(), [context_of().new_page() for _n in range(2)]
    wall.goto(site.url(f"/join/{code}/wall"))

    # Ideas are released, hidden and put together by keyboard alone, and focus goes on to the next one;
    # the wall follows without a hand on it
    board.get_by_role("button", name="Release all").press("Enter")
    board.wait_for_selector("section.topic li >> nth=2")
    faults += board.evaluate(LOST)
    board.get_by_role("button", name=f"Hide: {TITLES[1]}").press("Enter")
    board.wait_for_selector("text=1 idea is hidden")
    faults += board.evaluate(LOST)
    board.get_by_text("1 idea is hidden").press("Enter")
    board.get_by_role("button", name=TITLES[1]).press("Enter")
    board.wait_for_selector("section.topic li >> nth=2")
    faults += board.evaluate(LOST)
    board.get_by_label("New topic").fill("Reading at home")
    board.keyboard.press("Enter")
    chosen = board.get_by_label(f"Topic of {TITLES[1]}")
    chosen.select_option(label="Reading at home")
    board.locator("li.slip", has_text=TITLES[1]).get_by_role("button", name="Move").press("Enter")
    board.wait_for_selector(
        f"section[aria-labelledby^=topic-title]:has(h2:text('Reading at home')) >> text={TITLES[1]}"
    )
    board.get_by_role("button", name="Start", exact=True).press("Enter")
    wall.wait_for_selector(f"section.group:has(h2:text('Reading at home')) >> text={TITLES[1]}", timeout=8000)
    wall.wait_for_selector(".clock .time:text-matches('^(20:00|19:5[0-9])$')", timeout=8000)
    faults += look_narrow(board, "board") + look_narrow(wall, "wall")

    # Two phones vote in silence: nobody's page shows a dot
    board.get_by_label("At most on one idea").fill("2")
    board.get_by_role("button", name="Open the round").press("Enter")
    board.wait_for_selector("text=Round 1 is open")
    faults += board.evaluate(LOST)
    for phone in phones:
        phone.goto(site.url(f"/join/{code}"))
        phone.get_by_role("link", name="Vote now").press("Enter")
        phone.get_by_role("button", name="Vote with this phone").press("Enter")
        phone.wait_for_selector("text=3 of 3 dots left")
    faults += look_narrow(phones[0], "dots")
    place(phones[0], {TITLES[0]: 2, TITLES[1]: 1})
    place(phones[1], {TITLES[0]: 1, TITLES[2]: 1})
    wall.wait_for_selector("text=Everybody has 3 dots", timeout=8000)
    silent = [page.inner_text("main") for page in (board, wall)]

    # Closed, counted, the tie broken by somebody with a name, and the first two go on
    board.get_by_text("Close the round", exact=True).first.click()
    board.click(".confirm[open] button")
    board.wait_for_selector("text=Round 1 is closed")
    phones[0].wait_for_selector("text=The round is closed", timeout=8000)
    wall.wait_for_selector("text=2 people voted", timeout=8000)
    faults += look_narrow(wall, "result")
    board.get_by_label("How many ideas go on?").fill("2")
    board.get_by_role("button", name="Take the first ones").press("Enter")
    board.wait_for_selector("text=Ideas are level where the shortlist ends")
    board.get_by_text("Break a tie").press("Enter")
    board.get_by_label(f"{TITLES[2]} (1)").check()
    board.get_by_label("Who decided?").fill("Demo circuit manager")
    board.get_by_label("Why?", exact=True).fill("Two schools have asked for it.")
    board.get_by_role("button", name="Settle the order").press("Enter")
    board.wait_for_selector("text=Demo circuit manager put")
    board.get_by_label("How many ideas go on?").fill("2")
    board.get_by_role("button", name="Take the first ones").press("Enter")
    board.wait_for_selector("#shortlist li")
    wall.wait_for_selector("text=The shortlist", timeout=8000)
    faults += look_narrow(board, "board-closed")

    assert not any(
        "dot" in text.replace("3 dots", "").replace("Dots", "").lower() and "voted" in text for text in silent
    )
    assert board.locator("#shortlist li").all_inner_texts()[0].startswith(TITLES[0])
    assert wall.locator(".order .named b").all_inner_texts() == [TITLES[0], TITLES[2]]
    assert faults == []


def test_dots_that_are_not_sent_outlive_a_new_code_of_the_room(
    site: Site, context_of: Callable[..., BrowserContext]
) -> None:
    code, phone = site.inside(_vote), context_of().new_page()
    phone.goto(site.url(f"/join/{code}/dots"))
    phone.get_by_role("button", name="Vote with this phone").press("Enter")
    for title in TITLES[:2]:
        phone.get_by_role("button", name=f"Put a dot on {title}").press("Enter")

    new = site.inside(lambda: str(rooms.renew_code(SYSTEM, make.first(Clinic, code=CODE)).code))
    phone.wait_for_selector("text=A new code has been made for this clinic", timeout=8000)
    kept = phone.inner_text(".ballot-bar [role=status]")
    faults = look_narrow(phone, "dots-new-code")
    phone.get_by_role("button", name=f"Put a dot on {TITLES[2]}").press("Enter")
    phone.get_by_label("Code").fill(new)
    phone.get_by_role("button", name="Send my vote").press("Enter")
    phone.wait_for_selector("text=Your vote has arrived")

    assert kept == "1 of 3 dots left · not sent yet"
    assert [field.input_value() for field in phone.locator("input[type=number]").all()] == ["1", "1", "1"]
    assert phone.url.endswith(f"/join/{new}/dots")
    assert faults == []


def _vote() -> str:
    """The code of the room, once it votes with three dots."""
    clinic = make.first(Clinic, code=CODE)
    ideas = [each.id for each in db.session.scalars(sa.select(Idea).order_by(Idea.id))]
    walls.release_ideas(SYSTEM, clinic, idea_ids=ideas)
    rounds.open_round(SYSTEM, clinic, dots=3, most=2)
    return _code()


def _code() -> str:
    found = rooms.find_room_of(make.first(Clinic, code=CODE))
    return str(found.code) if found else ""
