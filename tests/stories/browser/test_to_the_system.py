"""From a pilot's plan to three rollouts in real browsers: typed by keyboard, warned, answered, packed, written down."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from innovation.accounts.passwords import hash_password
from innovation.gates import commands as gates
from innovation.gates.models import Review
from innovation.ideas.models import Idea
from innovation.places.models import SchoolTerm
from tests import make
from tests.pilots.planned import approved
from tests.stories.browser.conftest import Site, sign_in, start_site
from tests.stories.browser.looking import look, press

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

NewContext = Callable[..., "BrowserContext"]
Pages = Callable[[str], "Page"]
IDEA = "LP26-9001"
SCHOOLS = [f"93040000{number}" for number in range(1, 9)]
TODAY = dt.date.today()
TERMS = {"1": (-60, -20), "2": (-10, 40)}  # first and last day, counted from today


def _fill() -> None:
    for emis in SCHOOLS:
        make.school(emis, name=f"School {emis[-1]}", search_text=f"school {emis[-1]} {emis}")
    for number, (first, last) in TERMS.items():
        days = {"starts_on": TODAY + dt.timedelta(first), "ends_on": TODAY + dt.timedelta(last)}
        make.add(SchoolTerm(key=f"{TODAY.year}-{number}", **days))
    owner = make.person("Owner", email="owner@gatehouse.example")
    people = {"owner": owner, "coordinator": make.staff("coordinator"), "adopter": make.person("Adopter")}
    for name, person in people.items():
        person.email = f"{name}@gatehouse.example"
        make.account(person, hash_password(make.PASSWORD))
    approved(owner=owner, reference=IDEA, title="Reading clubs run by matric leavers")


@pytest.fixture
def site(tmp_path: Path, migrated: Path) -> Iterator[Site]:
    """A running site with an idea that its pilot gate has let on, and the schools where it may be tried."""
    yield from start_site(tmp_path, migrated, _fill)


@pytest.fixture
def pages(site: Site, context_of: NewContext) -> Pages:
    """A browser for each person; the owner's is a phone."""
    opened: dict[str, Page] = {}

    def page_of(who: str) -> Page:
        if who not in opened:
            page = context_of().new_page()
            if who == "owner":
                page.set_viewport_size({"width": 360, "height": 780})
            opened[who] = sign_in(page, site, f"{who}@gatehouse.example")
        return opened[who]

    return page_of


def test_a_pilot_at_eight_schools_leads_to_three_rollouts(site: Site, pages: Pages, context_of: NewContext) -> None:
    owner, coordinator = pages("owner"), pages("coordinator")
    started = time.monotonic()
    faults = _plan(site, owner)
    faults += _read(site, owner, "baseline", [20 + number for number in range(8)])
    faults += _read(site, owner, f"{TODAY.year}-1", [5] * 8)
    faults += _answer(site, coordinator)
    faults += _read(site, owner, f"{TODAY.year}-2", [45 + number for number in range(8)])
    faults += _pack(site, owner)
    site.inside(_through_the_replication_gate)
    faults += _write_down(site, owner)
    faults += _take_up(site, owner, context_of().new_page())
    took = time.monotonic() - started

    assert faults == []
    assert took < 60, f"{took:.0f} s"


def _plan(site: Site, page: Page) -> list[str]:
    """The plan is made, its outline typed by keyboard alone, eight schools added, and the pilot begun."""
    plan = f"/ideas/{IDEA}/pilot"
    page.goto(site.url(plan))
    press(page, "Begin the plan")
    page.goto(site.url(f"{plan}/plan/outline"))
    page.focus("[name=hypothesis]")
    page.keyboard.type("If leavers read with children, children read faster.")
    page.fill("[name=starts_on]", str(TODAY + dt.timedelta(-60)))
    page.fill("[name=ends_on]", str(TODAY + dt.timedelta(40)))
    page.focus("[name=means]")
    page.keyboard.type("A grant and two coaches.")
    _tab_to(page, "Save")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/pilot$"))
    page.goto(site.url(f"{plan}/plan/measures"))
    for at in range(2):
        for name, value in (("target", "40"), ("stop_at", "10")):
            page.fill(f"[name=rows-{at}-{name}]", value)
    press(page, "Save")
    for school in SCHOOLS:
        page.goto(site.url(f"{plan}/sites"))
        page.fill("[name=place]", school)
        page.fill("[name=learners]", "300")
        press(page, "Add it")
    page.goto(site.url(f"{plan}/plan/permissions"))
    for name in page.eval_on_selector_all("select[name$=-status]", "all => all.map(each => each.name)"):
        page.select_option(f"[name={name}]", "granted")
    press(page, "Save")
    page.goto(site.url(plan))
    faults = look(page, "plan of a pilot")
    press(page, "Start the pilot")
    return faults


def _tab_to(page: Page, label: str) -> None:
    for _press in range(30):
        if label in page.evaluate(
            "document.activeElement.tagName == 'BUTTON' && document.activeElement.textContent || ''"
        ):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"No button {label} within reach of the keyboard")


def _read(site: Site, page: Page, term: str, values: list[int]) -> list[str]:
    """A term typed by keyboard alone: value, learners and spread of each box follow one another."""
    page.goto(site.url(f"/ideas/{IDEA}/pilot/readings?term={term}"))
    names = page.eval_on_selector_all("[name^=value-]", "all => all.map(each => each.name)")
    each = len(names) // len(values)
    page.focus(f"[name={names[0]}]")
    for at, _name in enumerate(names):
        for text in (str(values[at // each]), "40", ""):
            page.keyboard.type(text)
            page.keyboard.press("Tab")
        while not page.evaluate("(document.activeElement.name || '').startsWith('value-')") and at + 1 < len(names):
            page.keyboard.press("Tab")
    faults = look(page, f"readings of {term}")
    press(page, "Save$")
    return faults


def _answer(site: Site, page: Page) -> list[str]:
    page.goto(site.url(f"/ideas/{IDEA}/pilot/readings/overview"))
    faults = look(page, "stop warnings")
    while page.locator("[name$=-reason]").count():
        page.locator("[name$=-answer][value=change]").first.check(force=True)
        page.locator("[name$=-reason]").first.fill("Two teachers share the plan from now on.")
        press(page, "Answer it")
    return faults


def _pack(site: Site, page: Page) -> list[str]:
    page.goto(site.url(f"/ideas/{IDEA}/pilot/results"))
    faults = look(page, "results of a pilot")
    page.goto(site.url(f"/ideas/{IDEA}/pilot/pack/results"))
    page.fill("[name=text]", "It worked where two teachers shared the plan, and failed in one hall.")
    faults += look(page, "pack")
    press(page, "Hand in version")
    return faults


def _through_the_replication_gate() -> None:
    """Its panel lets it on; a story of its own shows that in a browser."""
    idea = make.first(Idea, reference=IDEA)
    review = make.scored_review("replication", idea=idea)
    details = {"rationale": "It works.", "against_reason": "The panel knows more.", **make.go_details()}
    gates.record_decision(make.actor(review.leading[0].person), review, outcome="go", **details)
    assert make.first(Review, id=review.id).state == "decided"


def _write_down(site: Site, page: Page) -> list[str]:
    """The playbook: a draft, a row more, published, and opened to everybody."""
    page.goto(site.url(f"/ideas/{IDEA}/playbook"))
    press(page, "Begin a draft")
    typed = {
        "title": "A reading club",
        "who_for": "Whoever wants children to read.",
        "parts-0-name": "Reading aloud",
        "parts-0-what": "A quarter of an hour each day.",
        "steps-0-do": "Choose a room.",
        "costs-0-item": "Books",
        "costs-0-number": "40",
        "costs-0-cents": "60",
        "reaches": "100",
    }
    for name, value in typed.items():
        page.fill(f"[name={name}]", value)
    faults = look(page, "writing a playbook")
    press(page, "Publish")
    page.goto(site.url(f"/ideas/{IDEA}/playbook"))
    page.click("summary:has-text('Open it to everybody')")
    press(page, "Open it to everybody")
    return faults


def _take_up(site: Site, owner: Page, stranger: Page) -> list[str]:
    """Somebody without a sign-in asks; the team enters two more; one is agreed upon."""
    stranger.goto(site.url(f"/how-to/{IDEA}"))
    faults = look(stranger, "page for everybody")
    said = {"organisation": "Hill Primary", "contact_role": "Principal", "name": "Adopter", "wish": "Two grades."}
    for name, value in {**said, "email": "adopter@gatehouse.example"}.items():
        stranger.fill(f"[name={name}]", value)
    stranger.check("[name=agreed]")
    press(stranger, "Ask")
    for name in ("Circuit of the river", "Book trust"):
        owner.goto(site.url(f"/ideas/{IDEA}/rollouts"))
        owner.fill("[name=organisation]", name)
        owner.fill("[name=contact_role]", "Head")
        press(owner, "Enter it")
    owner.goto(site.url(f"/ideas/{IDEA}/rollouts/1"))
    owner.select_option("[name=agreement-playbook_version]", index=0)
    owner.fill("[name=agreement-terms]", "Three terms, a visit in each.")
    press(owner, "Record the agreement")
    faults += look(owner, "a rollout")
    owner.goto(site.url(f"/ideas/{IDEA}/rollouts"))
    faults += look(owner, "rollouts")
    assert all(name in owner.inner_text("main") for name in ("Hill Primary", "Circuit of the river", "Book trust"))
    return faults
