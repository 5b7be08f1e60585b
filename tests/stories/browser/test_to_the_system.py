"""From the plan of a pilot into the system, in real browsers: read, paused, warned, packed, taken up, reviewed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from innovation.accounts.passwords import hash_password
from innovation.gates import commands as gates
from innovation.ideas import commands as ideas
from innovation.ideas import queries
from innovation.ideas.models import Idea
from innovation.places.models import SchoolTerm
from innovation.programmes.models import Theme
from innovation.replication import commands as replication
from innovation.replication.queries import find_home
from innovation.replication.system_codes import REFERENCES
from tests import make
from tests.pilots.planned import approved
from tests.stories.browser.conftest import Site, sign_in, start_site
from tests.stories.browser.looking import look, press
from tests.stories.filling import PDF
from workflows import library_definition

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

NewContext = Callable[..., "BrowserContext"]
Pages = Callable[[str], "Page"]
IDEA = "LP26-9001"
SCHOOLS = [f"93040000{number}" for number in range(1, 9)]
TODAY = dt.date.today()
GATE = library_definition("education").gate("institutionalisation")
CANVAS = {
    "problem": "Children do not read for meaning.",
    "summary": "Matric leavers run reading clubs after school.",
    "phases": ["fp"],
    "who_has_it": "Grade 4 learners.",
    "how_it_works": "They read aloud.",
    "cost_per_learner": 41200,
    "risks": "Too few readers.",
    "measure": "Pages read.",
    "expected_change": "They read for meaning.",
}
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
    idea = approved(owner=owner, reference=IDEA, title="Reading clubs run by matric leavers", answers=CANVAS)
    idea.theme_id = make.first(Theme).id
    make.ask(idea)


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


def test_a_pilot_at_eight_schools_leads_into_the_system(site: Site, pages: Pages, context_of: NewContext) -> None:
    owner, coordinator = pages("owner"), pages("coordinator")
    faults = _plan(site, owner)
    faults += _read(site, owner, "baseline", [20 + number for number in range(8)])
    faults += _come_to_harm(site, owner, coordinator)
    faults += _read(site, owner, f"{TODAY.year}-1", [5] * 8)
    faults += _answer(site, coordinator)
    faults += _adapt(site, owner)
    faults += _read(site, owner, f"{TODAY.year}-2", [45 + number for number in range(8)])
    faults += _pack(site, owner)
    _present(site, owner, "replication", 9)
    faults += _write_down(site, owner)
    faults += _take_up(site, owner, context_of().new_page())
    faults += _track(site, owner, coordinator)
    site.inside(_find_a_home)
    _present(site, owner, "institutionalisation", 4)
    faults += _hand_over(site, coordinator)
    faults += _look_again(site, owner, coordinator)

    assert faults == []


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
        for name, value in (("name", f"Measure {at + 1}"), ("target", "40"), ("stop_at", "10")):
            page.fill(f"[name=rows-{at}-{name}]", value)
    press(page, "Save")
    for school in SCHOOLS:
        page.goto(site.url(f"{plan}/sites"))
        page.fill("[name=place]", school)
        page.fill("[name=learners]", "300")
        press(page, "Add it")
    page.goto(site.url(f"{plan}/plan/permissions"))
    for name in page.eval_on_selector_all("select[name$=-status]", "all => all.map(each => each.name)"):
        row = name.rpartition("-")[0]
        if page.input_value(f"[name={row}-name]"):
            page.select_option(f"[name={name}]", "granted")
            page.fill(f"[name={row}-stands_since]", str(TODAY + dt.timedelta(-1)))
            page.fill(f"[name={row}-seen_by]", "The coordinator")
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


def _come_to_harm(site: Site, owner: Page, coordinator: Page) -> list[str]:
    """Somebody comes to harm: the pilot pauses at once, and goes on when it is settled."""
    incidents = f"/ideas/{IDEA}/pilot/incidents"
    owner.goto(site.url(f"{incidents}/new"))
    owner.fill("[name=happened_on]", str(TODAY))
    owner.select_option("[name=kind]", "safety")
    owner.check("[name=severity][value=harm]", force=True)
    owner.fill("[name=what]", "A learner fell from a chair.")
    faults = look(owner, "an incident to report")
    press(owner, "Report it")
    assert "The pilot is paused" in owner.inner_text("main")
    coordinator.goto(owner.url)
    coordinator.fill("[name=s-found]", "The chairs were stacked.")
    coordinator.fill("[name=s-changes]", "Chairs stay on the floor.")
    faults += look(coordinator, "an incident to settle")
    press(coordinator, "Settle")
    coordinator.goto(site.url(incidents))
    coordinator.locator("main form[action$='/resumption'] button").first.click()
    coordinator.wait_for_selector("text=The pilot goes on")
    return faults


def _adapt(site: Site, page: Page) -> list[str]:
    page.goto(site.url(f"/ideas/{IDEA}/pilot/adaptations"))
    page.fill("[name=new-change]", "Two teachers share the plan.")
    page.fill("[name=new-goal]", "No session is missed.")
    page.select_option("[name=new-touches]", index=1)
    page.check("[name=new-kind][value=adaptable]", force=True)
    press(page, "Plan it")
    return look(page, "adaptations")


def _pack(site: Site, page: Page) -> list[str]:
    page.goto(site.url(f"/ideas/{IDEA}/pilot/results"))
    faults = look(page, "results of a pilot")
    for key in ("results", "fidelity"):
        page.goto(site.url(f"/ideas/{IDEA}/pilot/pack/{key}"))
        page.fill("[name=text]", "It worked where two teachers shared the plan, and failed in one hall.")
        faults += look(page, f"pack of {key}")
        press(page, "Hand in version")
    return faults


def _ready_for(gate: str) -> None:
    """What a gate asks for besides what the pilot and the tracker made, handed in and accepted."""
    idea = make.first(Idea, reference=IDEA)
    owner, coordinator = make.actor(idea.owner), make.actor(make.staff("coordinator"))
    for asked in library_definition("education").gate(gate).asks:
        if not asked.required or asked.deliverable.kind == "generated":
            continue
        handin = next(iter(queries.list_handins(idea, asked.deliverable.key)), None)
        if handin is None:
            papers = {"file": make.file("paper.pdf", PDF)} if asked.deliverable.kind in ("file", "letter") else {}
            content = {"text": "See below."}
            handin = ideas.hand_in_deliverable(
                owner, idea, deliverable=asked.deliverable.key, content=content, **papers
            )
        if handin.state != "accepted":
            ideas.accept_deliverable(coordinator, handin)


def _through(gate: str, mark: int) -> None:
    """Its panel lets it on; a story of its own shows that in a browser."""
    review = make.scored_review(gate, 6, mark, of=make.first(Idea, reference=IDEA))
    details = {"rationale": "It works.", "against_reason": "The panel knows more.", **make.go_details()}
    gates.record_decision(make.actor(review.leading[0].person), review, outcome="go", **details)


def _present(site: Site, page: Page, gate: str, mark: int) -> None:
    site.inside(lambda: _ready_for(gate))
    page.goto(site.url(f"/ideas/{IDEA}/gate"))
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    site.inside(lambda: _through(gate, mark))


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


def _track(site: Site, owner: Page, coordinator: Page) -> list[str]:
    """One criterion in the browser, by the team and by somebody who is not of it; the others behind it."""
    criterion = GATE.should[0].key
    owner.goto(site.url(f"/ideas/{IDEA}/tracker/{criterion}"))
    owner.check("[name=mark][value='4']", force=True)
    owner.fill("[name=evidence]", "The circular says so.")
    faults = look(owner, "a criterion of the tracker")
    press(owner, "Propose")
    coordinator.goto(site.url(f"/ideas/{IDEA}/tracker/{criterion}"))
    press(coordinator, "Confirm it")
    site.inside(_mark_the_others)
    owner.goto(site.url(f"/ideas/{IDEA}/tracker"))
    return faults + look(owner, "the tracker")


def _mark_the_others() -> None:
    idea = make.first(Idea, reference=IDEA)
    owner, coordinator = make.actor(idea.owner), make.actor(make.staff("coordinator"))
    for criterion in GATE.should[1:]:
        said = {"criterion": criterion.key, "mark": 4, "seen_on": TODAY, "evidence": "The circular says so."}
        replication.confirm_mark(coordinator, replication.propose_mark(owner, idea, **said))


def _find_a_home() -> None:
    """The post, what it rests on, who pays and the plan, both sides agreed (a story of its own fills these in)."""
    idea = make.first(Idea, reference=IDEA)
    owner, home = make.actor(idea.owner), find_home(make.actor(idea.owner), IDEA)
    replication.keep_post(owner, home, unit="Curriculum support", post="Chief education specialist")
    replication.keep_sides(owner, home, from_role="Project lead", to_role="Chief specialist", agreed_for=TODAY)
    issued = {"number": "12", "issued_on": TODAY, "link": ""}
    replication.add_reference(owner, home, kind=next(iter(REFERENCES)), title="Reading for meaning", **issued)
    money = {"vote": "Vote 6", "budget_programme": "", "year": "2027/28", "amount_cents": 480_000_00}
    replication.add_budget_line(owner, home, **money, funded_by="The province")
    step = replication.add_step(owner, home, what="Train the advisers", who="Project lead", due_on=TODAY)
    replication.finish_step(owner, step, done_on=TODAY)
    replication.agree_handover(owner, home)
    replication.hand_in_home(owner, home, deliverable="handover_plan", text="The district is ready.")


def _hand_over(site: Site, page: Page) -> list[str]:
    page.goto(site.url(f"/ideas/{IDEA}/system"))
    page.fill("[name=handover-note]", "In the hall.")
    faults = look(page, "the home in the system")
    press(page, "Record the hand-over")
    assert "Really happened on" in page.inner_text("main")
    return faults


def _look_again(site: Site, owner: Page, coordinator: Page) -> list[str]:
    """The review that planned itself: figures by the team, and how it stands by somebody who is not of it."""
    address = site.url(f"/ideas/{IDEA}/post-reviews/1")
    for _try in range(40):  # the worker plans it
        if owner.goto(address).status == 200:
            break
        owner.wait_for_timeout(250)
    owner.check("[name=running][value=yes]", force=True)
    owner.fill("[name=sites]", "40")
    owner.fill("[name=learners]", "5200")
    faults = look(owner, "figures of a review")
    press(owner, "Hand in the figures")
    coordinator.goto(address)
    coordinator.check("[name=outcome-outcome][value=sustained]", force=True)
    coordinator.fill("[name=outcome-reasons]", "Seen in twelve schools.")
    faults += look(coordinator, "a review to decide")
    press(coordinator, "Decide")
    assert "Sustained" in coordinator.inner_text("main")
    return faults
