"""An idea's way in a real browser: captured, convened, scored, decided twice, found by a funder and introduced."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from innovation.gates.models import Panel, PanelMember
from innovation.ideas import commands as ideas
from innovation.ideas.models import Idea
from innovation.programmes.models import Theme
from tests import make
from tests.stories.browser.conftest import Site, sign_in, start_site
from tests.stories.conftest import with_password
from tests.stories.filling import PDF, in_days
from workflows import library_definition

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

NewContext = Callable[..., "BrowserContext"]
OWNER = "owner@gatehouse.example"
SITTING = {"chair": "chair", "government": "government", "practitioner": "practitioner", "fourth": "member"}


@pytest.fixture
def site(tmp_path: Path, migrated: Path) -> Iterator[Site]:
    """A running site with the people of the story and nothing else."""
    yield from start_site(tmp_path, migrated, _people)


def _people() -> None:
    programme, clinic = make.programme(), make.clinic(code="CL-LP-2026-01")
    with_password(
        make.grant(
            make.person("Facilitator", email="facilitator@gatehouse.example"),
            "facilitator",
            programme_id=programme.id,
            clinic_id=clinic.id,
        )
    )
    with_password(
        make.grant(
            make.person("Coordinator", email="coordinator@gatehouse.example"), "coordinator", programme_id=programme.id
        )
    )
    funder = make.funder()
    with_password(
        make.grant(make.person("Funder", email="funder@gatehouse.example"), "funder_admin", funder_id=funder.id)
    )
    people = {name: make.person(name.title(), email=f"{name}@gatehouse.example") for name in SITTING}
    for person in people.values():
        with_password(person)
    for gate, sitting in (("screening", list(SITTING)[:3]), ("pilot", list(SITTING))):
        panel = make.add(Panel(programme_id=programme.id, gate_key=gate, name=f"{gate.title()} panel"))
        for name in sitting:
            make.add(PanelMember(panel_id=panel.id, person_id=people[name].id, role=SITTING[name]))


def email(name: str) -> str:
    return f"{name}@gatehouse.example"


def capture(page: Page, site: Site, title: str) -> str:
    """Write an idea down at the clinic; its reference."""
    page.goto(site.url("/ideas/new?clinic=CL-LP-2026-01"))
    page.fill("[name=title]", title)
    page.fill("[name=problem]", "Children do not read for meaning.")
    page.fill("[name=summary]", "Matric leavers run reading clubs after school.")
    page.fill("[name=owner_name]", "Demo owner")
    page.fill("[name=owner_email]", OWNER)
    for purpose in ("contact", "share_with_funders"):
        page.check(f"[name=consents][value={purpose}]")
    page.click("main form button[type=submit]:has-text('Save the idea')")
    heading = page.inner_text("#done-title")
    return re.findall(r"LP\d\d-\d+", heading)[0]


def prepare(reference: str, gate: str) -> None:
    """What a gate asks, handed in and accepted (a story of its own shows this over HTTP)."""
    idea = make.first(Idea, reference=reference)
    owner, coordinator = make.actor(idea.owner), make.actor(make.staff("coordinator"))
    definition = library_definition("education")
    filled = {
        "phases": ["fp"],
        "who_has_it": "Grade 4 learners.",
        "how_it_works": "They read aloud.",
        "cost_per_learner": 41200,
        "risks": "Too few readers.",
        "measure": "Pages read.",
        "expected_change": "They read for meaning.",
        "theme": idea.theme_id or make.first(Theme).id,
    }
    if gate == "screening":
        ideas.hand_in_canvas(owner, idea, answers=filled, based_on=idea.revision_number)
    for asked in definition.gate(gate).asks:
        deliverable = asked.deliverable
        if asked.required and deliverable.kind != "generated":
            papers = {"file": make.file("paper.pdf", PDF)} if deliverable.kind in ("file", "letter") else {}
            handin = ideas.hand_in_deliverable(
                owner, idea, deliverable=deliverable.key, content={"text": "See below."}, **papers
            )
            ideas.accept_deliverable(coordinator, handin)
    if gate == "pilot":
        make.ask(idea)


def present(page: Page, site: Site, reference: str) -> None:
    page.goto(site.url(f"/ideas/{reference}/gate"))
    page.click("main form button[type=submit]")
    page.wait_for_load_state()


def convene(page: Page, site: Site, reference: str) -> str:
    """Seat the suggested panel; the address of the review."""
    page.goto(site.url(f"/ideas/{reference}/gate/panel"))
    page.click("main form button[type=submit]:has-text('Convene')")
    page.wait_for_url(re.compile(r"/reviews/\d+$"))
    return page.url


def declare(page: Page, review: str) -> None:
    page.goto(f"{review}/declaration")
    page.check("[name=level][value=none]", force=True)
    page.click("main form button[type=submit]:has-text('Declare')")
    page.wait_for_url(review)


def score(page: Page, review: str, mark: int) -> None:
    """Answer and mark everything, and hand the card in."""
    page.goto(review)
    for name in names(page, "_answer"):
        page.check(f"[name={name}][value=yes]", force=True)
    for name in names(page, "_mark"):
        page.check(f"[name={name}][value='{mark}']", force=True)
    page.click("main form button[type=submit]:has-text('Submit scores')")
    page.wait_for_selector("text=Your scorecard is in")


def names(page: Page, ending: str) -> list[str]:
    found = page.eval_on_selector_all(f"[name$={ending}]", "all => all.map(each => each.name)")
    return list(dict.fromkeys(found))


def decide_go(page: Page, review: str) -> None:
    page.goto(f"{review}/decision")
    page.check("[name=outcome][value=go]", force=True)
    page.fill("[name=rationale]", "The team is strong.")
    page.fill("[name=plan]", "Run it in eight schools.")
    page.fill("[name=next_date]", in_days(90))
    page.fill("[name=resources]", "Two coaches.")
    page.click("main form button[type=submit]")
    page.wait_for_url(re.compile(r"/outcome$"))


def test_from_the_clinic_through_two_gates_to_a_funder(site: Site, context_of: NewContext) -> None:
    people = {
        name: sign_in(context_of().new_page(), site, email(name))
        for name in ("facilitator", "coordinator", "funder", *SITTING)
    }
    reference = capture(people["facilitator"], site, "Reading clubs led by matric leavers")
    owner = context_of().new_page()
    owner.goto(site.url(site.mailed_link(OWNER, "/claim/")))
    owner.fill("[name=password]", "reading is for everybody")
    owner.click("main form button[type=submit]")
    owner.wait_for_url(re.compile(rf"/ideas/{reference}$"))

    for gate, sitting in (("screening", list(SITTING)[:3]), ("pilot", list(SITTING))):
        site.inside(lambda gate=gate: prepare(reference, gate))
        present(owner, site, reference)
        review = convene(people["coordinator"], site, reference)
        for name in sitting:
            declare(people[name], review)
            score(people[name], review, 9)
        decide_go(people["chair"], review)
    funder = people["funder"]
    funder.goto(site.url("/funders/ideas"))
    funder.click(f"a[href*='/funders/ideas/{reference}']")
    funder.fill("[name=message]", "We would like to hear more.")
    funder.click("main form button[type=submit]:has-text('Show')")
    funder.wait_for_selector("text=Waits for the owner")
    owner.goto(site.url(f"/ideas/{reference}/interests"))
    owner.click("button:has-text('Accept and be introduced')")
    owner.wait_for_selector("text=You are introduced")

    funder.reload()
    assert OWNER in funder.inner_text("main")


def test_an_idea_is_captured_by_keyboard_alone_in_under_a_minute(site: Site, context_of: NewContext) -> None:
    page = sign_in(context_of().new_page(), site, email("facilitator"))
    page.goto(site.url("/ideas/new?clinic=CL-LP-2026-01"))
    typed = {
        "title": "Reading on the taxi",
        "problem": "The ride takes an hour.",
        "summary": "Books ride along.",
        "owner_name": "Demo owner",
    }

    started = time.monotonic()
    presses = 0
    while typed and presses < 60:
        focused = page.evaluate("document.activeElement.name || ''")
        if focused in typed:
            page.keyboard.type(typed.pop(focused))
        page.keyboard.press("Tab")
        presses += 1
    while "Save the idea" not in page.evaluate("document.activeElement.textContent || ''") and presses < 90:
        page.keyboard.press("Tab")
        presses += 1
    page.keyboard.press("Enter")
    page.wait_for_selector("#done-title")
    seconds = time.monotonic() - started

    assert "is captured" in page.inner_text("#done-title")
    assert seconds < 60


def test_without_scripts_an_idea_is_captured_and_scored(site: Site, context_of: NewContext) -> None:
    facilitator = sign_in(context_of(java_script_enabled=False).new_page(), site, email("facilitator"))

    reference = capture(facilitator, site, "Reading under the tree")
    site.inside(lambda: prepare(reference, "screening"))
    coordinator = sign_in(context_of(java_script_enabled=False).new_page(), site, email("coordinator"))
    present(coordinator, site, reference)
    review = convene(coordinator, site, reference)
    chair = sign_in(context_of(java_script_enabled=False).new_page(), site, email("chair"))
    declare(chair, review)
    score(chair, review, 8)

    assert "1 of 3" in chair.inner_text("main")
