"""What somebody typed outlives a lost connection, a refused form and a filtered list, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from innovation.clinics import cards
from tests import make
from tests.stories.browser.conftest import Site, sign_in, start_site
from tests.stories.conftest import with_password

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

NewContext = Callable[..., "BrowserContext"]
FORM = "/ideas/new?clinic=CL-LP-2026-01"
SAVE = "main form button:has-text('Save the idea')"
OFFER = "button:has-text('Put it back')"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Site]:
    """A running site with one open clinic and one idea."""
    yield from start_site(tmp_path_factory.mktemp("typing"), migrated, _a_clinic)


def _a_clinic() -> None:
    programme, clinic = make.programme(), make.clinic(code="CL-LP-2026-01")
    facilitator = make.person("Facilitator", email="facilitator@gatehouse.example")
    with_password(make.grant(facilitator, "facilitator", programme_id=programme.id, clinic_id=clinic.id))
    coordinator = make.person("Coordinator", email="coordinator@gatehouse.example")
    with_password(make.grant(coordinator, "coordinator", programme_id=programme.id))
    owner = make.person("Owner", email="owner@gatehouse.example")
    with_password(owner)
    make.idea(owner, reference="LP26-9001")
    cards.make_cards(make.actor(facilitator), clinic, many=1)
    make.idea(owner, title="Reading clubs run by matric leavers", clinic_id=clinic.id)


@pytest.fixture
def page(site: Site, context_of: NewContext) -> Page:
    page = sign_in(context_of().new_page(), site, "facilitator@gatehouse.example")
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def fill(page: Page, **typed: str) -> None:
    for name, text in typed.items():
        page.fill(f"[name={name}]", text)


def test_text_that_never_arrived_is_offered_again(site: Site, page: Page) -> None:
    page.goto(site.url(FORM))
    whole = {"title": "Reading clubs", "problem": "No books.", "summary": "Clubs.", "owner_name": "Owner"}
    fill(page, **whole)
    page.context.set_offline(True)
    page.click(SAVE)
    page.wait_for_function("location.protocol === 'chrome-error:'")
    page.context.set_offline(False)

    page.goto(site.url("/clinics/CL-LP-2026-01"))
    page.click(".page-head a:has-text('Capture an idea')")
    page.click(OFFER)

    assert {name: page.input_value(f"[name={name}]") for name in whole} == whole


def test_text_of_a_refused_form_is_offered_after_leaving_it(site: Site, page: Page) -> None:
    page.goto(site.url(FORM))
    fill(page, title="  ", problem="No books.", summary="Clubs.", owner_name="Owner")
    page.click(SAVE)
    page.wait_for_selector(".error-summary")

    page.click(".topbar > nav a:has-text('Clinics')")
    page.wait_for_url("**/clinics")
    page.goto(site.url(FORM))
    page.click(OFFER)

    assert page.input_value("[name=problem]") == "No books."


def test_a_refused_form_that_holds_everything_typed_offers_nothing(site: Site, page: Page) -> None:
    page.goto(site.url(FORM))
    fill(page, title="  ", problem="  No books.  ", summary="Clubs.", owner_name="Owner")

    page.click(SAVE)
    page.wait_for_selector(".error-summary")

    assert page.locator(OFFER).count() == 0


def test_the_offer_stands_above_what_it_fills_and_gives_the_focus_to_it(site: Site, page: Page) -> None:
    page.goto(site.url(FORM))
    fill(page, title="  ", problem="No books.", summary="Clubs.", owner_name="Owner")
    page.click(SAVE)
    page.wait_for_selector(".error-summary")
    page.goto(site.url(FORM))
    offer = page.locator(OFFER).bounding_box()
    title = page.locator("[name=title]").bounding_box()

    page.focus("button:has-text('Discard it')")
    page.keyboard.press("Enter")

    assert offer is not None
    assert title is not None
    assert offer["y"] < title["y"]
    assert page.evaluate("document.activeElement.name") == "title"


def test_text_that_arrived_is_not_offered_again(site: Site, page: Page) -> None:
    page.goto(site.url(FORM))
    fill(page, title="Reading clubs", problem="No books.", summary="Clubs.", owner_name="Owner")
    page.click(SAVE)
    page.wait_for_selector("#done-title")

    page.goto(site.url(FORM))

    assert page.locator(OFFER).count() == 0


def test_a_refusal_takes_the_focus_to_its_summary(site: Site, page: Page) -> None:
    page.goto(site.url(FORM))
    fill(page, title="  ", problem="No books.", summary="Clubs.", owner_name="Owner")

    page.click(SAVE)
    page.wait_for_selector(".error-summary")

    assert page.evaluate("document.activeElement.className") == "notice error-summary"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#title"


def test_a_filter_keeps_the_focus_and_going_back_restores_the_list(site: Site, context_of: NewContext) -> None:
    page = sign_in(context_of().new_page(), site, "coordinator@gatehouse.example")
    page.goto(site.url("/"))
    page.focus("#filter-standing")

    page.keyboard.press("End")
    page.wait_for_url("**standing=withdrawn**")
    page.wait_for_selector("h2:has-text('No idea fits these filters')")
    focused = page.evaluate("document.activeElement.id")
    page.go_back()
    page.wait_for_selector("main tbody tr")

    assert (focused, page.input_value("#filter-standing")) == ("filter-standing", "")


def test_an_older_tab_is_told_of_the_text_that_a_newer_one_has_saved(site: Site, context_of: NewContext) -> None:
    older = sign_in(context_of().new_page(), site, "owner@gatehouse.example")
    newer = older.context.new_page()
    for tab in (older, newer):
        tab.goto(site.url("/ideas/LP26-9001/canvas"))
    newer.fill("[name=summary]", "Typed in the newer tab.")
    newer.wait_for_selector("[data-status]:has-text('Saved ')")

    older.fill("[name=summary]", "Typed in the older tab.")
    told = older.wait_for_selector("[data-copies]")

    assert told is not None
    assert told.inner_text().startswith("Another copy of this draft was saved")
    assert older.input_value("[name=summary]") == "Typed in the older tab."
    older.click("[data-copies] a")
    older.wait_for_selector("fieldset[disabled] [name=summary]")
    assert older.input_value("[name=summary]") == "Typed in the newer tab."


CARD = "/clinics/CL-LP-2026-01/cards/1"
HINT = "#alike summary:has-text('sound')"


def test_an_idea_that_sounds_alike_is_hinted_between_no_two_lines_of_a_card(site: Site, page: Page) -> None:
    page.goto(site.url(CARD))

    fill(page, title="Reading clubs by matric leavers", problem="No books.")
    page.wait_for_selector(HINT)
    page.focus("#problem")
    page.keyboard.press("Tab")

    tops = [page.locator(at).evaluate("it => it.getBoundingClientRect().top") for at in ("#problem", HINT, "#summary")]
    assert tops == sorted(tops)
    assert not page.locator("#alike summary:focus").count()
    assert page.locator("form[data-keep] :focus").count()


def test_where_no_hint_can_come_a_card_is_typed_in_without_a_word(site: Site, page: Page) -> None:
    page.goto(site.url(CARD))
    page.context.set_offline(True)

    with page.expect_event("requestfailed"):
        fill(page, title="Reading clubs by matric leavers", problem="No books.")
    page.wait_for_timeout(300)
    lost = page.locator("#alike").inner_html(), page.locator("[data-live]").inner_text()
    page.context.set_offline(False)
    page.context.clear_cookies()
    with page.expect_response("**/sign-in**"):
        fill(page, title="Reading clubs led by matric leavers")
        page.locator("#title").blur()
    page.wait_for_timeout(300)

    assert lost == ("", "")
    assert (page.locator("#alike").inner_html().strip(), page.locator("[data-live]").inner_text()) == ("", "")
    assert page.input_value("#problem") == "No books."
