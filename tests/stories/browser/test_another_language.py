"""Another language, chosen while an idea is written: the page goes on in it, also where there is no signal any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from innovation.db import db
from innovation.ideas.consent_models import NoticeShown
from innovation.ideas.models import Idea
from tests.stories.browser.conftest import Site, start_site
from tests.stories.browser.mast import masts
from tests.stories.browser.phones import Phone
from tests.stories.browser.test_capture_offline import open_a_room

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

TITLE, PROBLEM = "Isihloko", "Inkinga"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Site]:
    yield from start_site(tmp_path_factory.mktemp("languages"), migrated, open_a_room)


@pytest.fixture
def phone(site: Site, context_of: Callable[..., BrowserContext]) -> Iterator[Phone]:
    """A phone that has joined in English."""
    with masts(site.port, 1) as (mast,):
        context = context_of()
        made = Phone(context, context.new_page(), mast)
        made.join()
        yield made


def in_isizulu(phone: Phone) -> None:
    """Press the link below the question, and wait until the page can be opened anew without a signal."""
    phone.page.click("footer >> text=isiZulu")
    phone.page.wait_for_selector(f"h1:text-is('{TITLE}')")
    phone.page.click("text=Emuva")
    phone.page.wait_for_selector("[data-ready]")
    phone.page.go_back()
    phone.page.wait_for_selector(f"h1:text-is('{TITLE}')")


def test_an_idea_goes_on_in_the_language_that_is_chosen_and_stays_in_it_without_a_signal(phone: Phone) -> None:
    page = phone.page
    page.click("a:text-is('New idea')")
    page.fill("#f-title", "Reading clubs")

    in_isizulu(phone)
    phone.has_signal(False)
    page.reload()

    page.wait_for_selector(f"h1:text-is('{TITLE}')")
    assert page.get_attribute("html", "lang") == "zu"
    assert page.input_value("#f-title") == "Reading clubs"
    page.click("form.asking button[type=submit]")
    page.wait_for_selector(f"h1:text-is('{PROBLEM}')")


def test_the_page_is_ready_in_another_language_once_its_questions_are(phone: Phone) -> None:
    page = phone.page

    page.click("footer >> text=isiZulu")
    page.wait_for_selector("html[lang=zu] [data-ready]")
    phone.has_signal(False)

    page.click("a:text-is('Umbono omusha')")
    page.wait_for_selector(f"h1:text-is('{TITLE}')")


def test_an_idea_says_in_which_language_its_notice_was_shown_in_the_end(site: Site, phone: Phone) -> None:
    page = phone.page
    page.click("a:text-is('New idea')")
    page.fill("#f-title", "Begun in English")
    in_isizulu(phone)
    page.click(".ways a")
    phone.answer()
    page.click("form.asking button[type=submit]")

    page.wait_for_selector(".notice.go")
    page.goto(f"{phone.mast.address}/capture/#/")
    page.wait_for_selector("[data-arrived='1']")
    shown = sa.select(NoticeShown.language).join(Idea, Idea.id == NoticeShown.idea_id)
    titled = shown.where(Idea.title == "Begun in English")
    assert site.inside(lambda: list(db.session.scalars(titled))) == ["zu"]
