"""A funder's people read what is shared, what is their own and what was opened to them: nothing else, anywhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from innovation import clock, errors, worker
from innovation.db import db, fixed_now, now
from innovation.funders.codes import DILIGENCE_NAMES
from innovation.funders.disclosing import fields_of
from innovation.ideas.models import Attachment, Idea
from innovation.jobs import running
from innovation.jobs.models import Job
from innovation.notifications.models import Message
from innovation.pilots.models import Milestone, MilestoneFile
from innovation.typesetting import setting
from tests.architecture.brands import Brands, Mark
from tests.architecture.funders_scene import OUT_OF_SIGHT, add_hidden, add_scene
from tests.architecture.map import MAP
from tests.architecture.stage import Stage
from tests.architecture.test_both_sides import shown
from tests.architecture.test_leaks import text_of

LISTED = ("ready", "introduced", "talked", "funded", "co-funded")
# Whoever administers a funder sees the same ideas as its members.
IDEAS = {
    "funder_member": (*LISTED, *OUT_OF_SIGHT, "captured", "foreign", "piloting"),
    "funder_admin": ("funded", "withdrawn"),
    "other_funder": (*LISTED, "withdrawn", "walled off"),
}
OWN = {"funder_admin": "one", "funder_member": "one", "other_funder": "other"}
SHARED = {"idea.title", "idea.summary", "ask.purpose"}
SHARED |= {f"revision.answers.{key}" for key in ("problem", "summary", "how_it_works")}
OF_REPORTS = {f"funding_report.{column}" for column in ("progress", "changes", "lessons", "outlook", "why")}
OPENED: dict[str, set[Mark]] = {
    # What the owner opened, what is released to all funders, and milestones by which the funder pays.
    "one": {
        ("revision.answers.risks", "funded"),
        *((f"diligence_paper.{part}", "funded, bank") for part in ("text", "file", "file_name")),
        *(("milestone.title", f"funded, {state}") for state in ("planned", "shown")),
        *((place, "funded, released") for place in OF_REPORTS),
    },
    "other": set(),
}
EXPORTS = ("export=csv", "grants=json", "grants=csv")
QUERIES = (*EXPORTS, "export=xlsx", "q=qg&standing=any&sort=total", "within=passed", "within=shortlist")


@pytest.fixture(autouse=True)
def plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals are known by their status, and what is set as a PDF is read before it is set."""
    monkeypatch.setattr(errors, "render_template", lambda _names, *, status, **_context: str(status))
    monkeypatch.setattr(setting, "_press", lambda _template, paper, _seconds: paper)


@pytest.fixture
def brands(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Brands:
    """The world with a mark in every text, in which all that is owed has been done: letters, reminders and plans."""
    world = stage.world
    monkeypatch.setattr(world, "things", deepcopy(world.things))  # other tests know nothing of the scene
    with stage.app.app_context():
        add_scene(world)
        named = {"idea": world.things["idea_id"], "funder": world.things["funder"], "person": world.people}
        brands = Brands({kind: {number: name for name, number in of.items()} for kind, of in named.items()}).write()
        worker.deliver_owed(10_000)
        for work in clock.CLOCK:
            if work.name.startswith(("tell", "remind", "escalate")):
                work.function()
        db.session.remove()
    stage.client("funder_member").post("/funders/plan", data={"budget": "1 000 000", "steps": "1"})
    with stage.app.app_context():
        for plan in db.session.query(Job).filter_by(kind="budget").all():
            running.run(plan.id)
        db.session.remove()
    return brands


def everywhere(stage: Stage, persona: str) -> Iterator[tuple[str, str]]:
    """Each address of the site with all that it answers, head and body; then files, the calendar, and the mails."""
    client = stage.client(persona)
    for address, is_whole in addresses(stage, persona):
        response = client.get(address)
        yield address, said(response)
        if is_whole and response.status_code == 200 and client.get(f"{address}?export=csv").mimetype == "text/csv":
            queries = QUERIES if address.startswith("/funders") else ("export=csv",)
            yield from ((f"{address}?{query}", said(client.get(f"{address}?{query}"))) for query in queries)
    for name in IDEAS[persona]:
        pack = f"/funders/ideas/{stage.world.things['idea'][name]}/dossier"
        yield f"the ZIP of {pack}", said(client.post(pack, data={"form": "zip"}))
    yield from ((address, said(client.get(address))) for address in _files(stage))
    other = stage.world.things["funder_key"]["one" if OWN[persona] == "other" else "other"]
    yield from ((f"for the other: {at}", said(client.get(f"{at}?fund={other}"))) for at in ("/funders/ideas", "/work"))
    yield from _sent(stage, persona)


def _files(stage: Stage) -> list[str]:
    """Every file of every idea, by each of the ways in which one can be asked for."""
    found = []
    with stage.app.app_context():
        for name, number in stage.world.things["idea_id"].items():
            idea, reference = db.session.get_one(Idea, number), stage.world.things["idea"][name]
            keys = [field.key for field in fields_of(idea.definition)]
            milestones = db.session.query(MilestoneFile, Milestone.id).join(Milestone).filter_by(idea_id=number).all()
            evidence = [(file.id, milestone) for file, milestone in milestones]
            found += [f"/funders/ideas/{reference}/disclosed/{key}" for key in keys]
            found += [f"/funders/ideas/{reference}/disclosed/milestones?file={file}" for file, _of in evidence]
            found += [f"/ideas/{reference}/milestones/{of}/files/{file}" for file, of in evidence]
            found += [f"/ideas/{reference}/diligence/{item}" for item in DILIGENCE_NAMES]
            of_idea = db.session.query(Attachment.id).filter_by(idea_id=number)
            found += [f"/ideas/{reference}/files/{file}" for (file,) in of_idea]
        db.session.remove()
    return found


def said(response: TestResponse) -> str:
    return f"{response.headers}\n{text_of(response)}"


def _sent(stage: Stage, persona: str) -> Iterator[tuple[str, str]]:
    """What reaches somebody without a page."""
    client = stage.client(persona)
    client.post("/account/calendar")
    [address] = set(re.findall(r"/calendar/[\w-]+\.ics", client.get("/account").text))
    yield "the calendar", said(client.get(address))
    with stage.app.app_context():
        for mail in db.session.query(Message).filter_by(person_id=stage.world.people[persona]):
            yield f"a mail, {mail.why}", "\n".join((mail.subject, mail.text, mail.html or "", mail.calendar or ""))
        db.session.remove()


def addresses(stage: Stage, persona: str) -> list[tuple[str, bool]]:
    """An address for every rule that can be read and every thing that matters, and whether it is of no one thing.

    All funders' people stand outside alike, so one of them tries what is not theirs.
    """
    found: dict[str, bool] = {}
    with stage.app.test_request_context():
        for rule in stage.app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or (persona != "funder_member" and not _is_theirs(rule)):
                continue
            for arguments in _arguments(stage, rule, persona):
                found.setdefault(stage.app.url_for(rule.endpoint, **arguments), not arguments)
    return list(found.items())


def _is_theirs(rule: Rule) -> bool:
    return rule.rule.startswith("/funders") or not rule.arguments


def _arguments(stage: Stage, rule: Rule, persona: str) -> list[dict[str, Any]]:
    cases = [case for case in MAP[rule.endpoint].cases(stage.world) if not case.name.startswith("no such")]
    if "reference" not in rule.arguments:
        return [case.arguments for case in cases]
    names = IDEAS[persona] if rule.rule.startswith("/funders/") else ("ready", "captured")
    ideas = stage.world.things["idea"]
    return [cases[0].arguments | {"reference": ideas[name]} for name in names if name in ideas]


def may_read(persona: str, mark: Mark) -> bool:
    own, (place, whose) = OWN[persona], mark
    if "walled off" in whose and own == "one":
        return False
    if place.startswith("person."):
        colleagues = {name for name, fund in OWN.items() if fund == own}
        return whose in colleagues or whose == "owner"  # to whom both were introduced
    shared = place in SHARED and whose in (*LISTED, "walled off")
    return shared or whose.split(", ")[0] == own or mark in OPENED[own]


def test_no_text_is_read_that_is_not_shared_not_opened_and_not_their_own(stage: Stage, brands: Brands) -> None:
    found: dict[tuple[str, Mark], set[str]] = defaultdict(set)
    for persona in OWN:
        for address, text in everywhere(stage, persona):
            if not address.startswith("/join/"):  # a wall is shown to everybody in its room
                for mark in brands.found_in(text):
                    found[persona, mark].add(address)

    assert {(who, mark): sorted(at)[:3] for (who, mark), at in found.items() if not may_read(who, mark)} == {}
    assert {(who, mark) for who in OWN for mark in _sure_to_be_read(who)} <= found.keys()


def _sure_to_be_read(persona: str) -> set[Mark]:
    """Without these the walk above would find nothing because nothing is there."""
    own = OWN[persona]
    shared = {(place, idea) for place in SHARED for idea in IDEAS[persona] if idea in LISTED}
    return shared | OPENED[own] | {("funder_note.text", f"{own}, withdrawn"), ("saved_search.name", own)}


@pytest.fixture
def _one_moment() -> Iterator[None]:
    token = fixed_now.set(now())
    yield
    fixed_now.reset(token)


@pytest.mark.usefixtures("_one_moment")
def test_no_count_order_or_page_changes_with_what_is_hidden(stage: Stage) -> None:
    stage.get("funder_admin", "/funders/ideas")  # which chooses what is "less seen" today
    before = {address: shown(stage.get("funder_admin", address)) for address in _counting(stage)}
    with stage.app.app_context():
        add_hidden(stage.world)
        db.session.remove()

    after = {address: shown(stage.get("funder_admin", address)) for address in before}

    assert [address for address, answer in before.items() if after[address] != answer] == []
    assert [status for status, _text in before.values()].count(200) > 30


def _counting(stage: Stage) -> list[str]:
    whole = ("/", "/search?q=idea&standing=any", "/work", "/due", "/inbox")
    lists = [f"/funders/{each}?{query}" for each in ("ideas", "commitments", "interests") for query in QUERIES]
    pages = [address for address, _whole in addresses(stage, "funder_admin") if address.startswith("/funders")]
    return [*whole, *(each for each in lists if "xlsx" not in each), *pages]  # a workbook says when it was made
