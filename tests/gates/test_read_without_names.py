"""Reading without names where a gate says so: no page, file or list names the people before one's marks are in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from innovation.accounts.models import Affiliation, Person
from innovation.db import db, now
from innovation.dossiers.nameless import called
from innovation.dossiers.queries import read_contents
from innovation.dossiers.records import records_of
from innovation.gates import commands, queries
from innovation.gates.models import Condition, Review, Seat
from innovation.ideas import commands as idea_commands
from innovation.ideas import policy
from innovation.ideas.models import Access, Attachment
from innovation.ideas.naming import fields_with_addresses
from innovation.programmes.models import WorkflowVersion
from tests import make
from tests.gates.deciding import decide
from tests.stories.filling import PDF
from workflows import DefinitionFault, library_text, read_definition

pytestmark = pytest.mark.usefixtures("app")
CANARIES = ("Zanzibar", "zanzibar")  # of every name, address and file name of whoever stands behind the idea
ENDS = ("", "?export=csv")
GATE = 'key = "screening"\nname'


def nameless_programme() -> None:
    """The programme goes by a process whose screening gate hides names."""
    text = library_text("education").replace(GATE, 'key = "screening"\nnames = "hidden"\nname')
    made = read_definition(text)
    version = WorkflowVersion(key="nameless", number=1, name=made.name, checksum=made.checksum, text=text)
    make.programme().workflow_version_id = make.add(version).id


def nameless_review() -> Review:
    nameless_programme()
    return make.review()


@dataclass
class Setting:
    review: Review
    attachment: Attachment
    condition: Condition

    @property
    def seat(self) -> Seat:
        return self.review.seats[1]

    @property
    def reader(self) -> Person:
        return self.seat.person


@pytest.fixture
def setting() -> Setting:
    """An idea with a team, files, revisions, a deliverable and a condition of an earlier review, at its gate again."""
    nameless_programme()
    owner = make.person("Zanzibar Owner", email="zanzibar.owner@gatehouse.example", phone="083 ZANZIBAR")
    contributor = make.person("Zanzibar Contributor", email="zanzibar.helper@gatehouse.example")
    idea = make.idea(owner, place="at_screening", captured_by_id=owner.id)
    make.contributor(idea, contributor)
    actor = make.actor(owner)
    attachment = idea_commands.add_attachment(actor, idea, file=make.file("Zanzibar's plan.pdf", PDF))
    file = make.file("zanzibar.pdf", PDF)
    idea_commands.hand_in_deliverable(actor, idea, deliverable="team", content={}, file=file)
    answers = {**make.ANSWERS, "summary": "Readers meet before school."}
    idea_commands.hand_in_canvas(actor, idea, answers=answers, based_on=1)
    before = make.review(of=idea)
    condition = Condition(idea_id=idea.id, gate_key="screening", text="A baseline.", owner_id=contributor.id)
    condition.due_on = now().date()
    for seat in before.seats:
        make.score(seat)
    decision = decide(before, "recycle")
    condition.decision_id = decision.id
    make.add(condition)
    idea.place = "at_screening"
    coordinator = make.actor(make.staff("coordinator"))
    return Setting(commands.convene_panel(coordinator, idea, panel_id=make.panel().id), attachment, condition)


def addresses(app: Flask, setting: Setting) -> Iterator[str]:
    """Every address of the site that can be opened, with what belongs to the idea in it."""
    idea, review = setting.review.idea, setting.review
    known = {
        "reference": idea.reference,
        "review_id": review.id,
        "attachment_id": setting.attachment.id,
        "condition_id": setting.condition.id,
        "seat_id": setting.seat.id,
        "panel_id": review.panel_id,
        "person_id": idea.owner_id,
        "number": 1,
        "key": "team",
    }
    rules: list[Rule] = [r for r in app.url_map.iter_rules() if "GET" in (r.methods or ()) and r.endpoint != "static"]
    for rule in rules:
        if rule.arguments - set(known):
            continue  # a page about something else
        path = app.url_map.bind("").build(rule.endpoint, {name: known[name] for name in rule.arguments})
        yield path
        if rule.endpoint == "ideas.revision":
            yield path[:-1] + "2"
    yield f"/ideas/{idea.reference}?history=all"
    for listed in ("/", "/reviews", "/work", "/search"):
        yield f"{listed}?export=csv&standing=any&q=readers"
    yield "/search?q=zanz"
    yield f"/ideas/{idea.reference}/conditions?export=csv"


def told(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    return f"{answer.headers}\n{answer.text}"


def found_in(app: Flask, client: FlaskClient, setting: Setting) -> list[str]:
    return [
        address
        for address in list(addresses(app, setting))
        if any(canary in told(client, address).replace(address, "") for canary in CANARIES)
    ]


def test_no_address_names_anybody_before_ones_own_marks_are_in(
    app: Flask, client: FlaskClient, setting: Setting
) -> None:
    make.sign_in(client, setting.reader)
    undeclared = told(client, f"/reviews/{setting.review.id}/declaration")
    make.declare(setting.seat)

    found = found_in(app, client, setting)

    assert [canary for canary in CANARIES if canary in undeclared] == []
    assert found == []


def test_the_names_open_with_ones_own_card(client: FlaskClient, setting: Setting) -> None:
    make.sign_in(client, setting.reader)
    make.declare(setting.seat)
    setting.condition.state = "met"
    idea, file = f"/ideas/{setting.review.idea.reference}", f"/files/{setting.attachment.id}"
    before = client.get(idea + file).headers["Content-Disposition"]

    make.score(setting.seat)

    pages = ["", "/people", "/deliverables", "/deliverables/team", "/revisions", "/conditions", file]
    assert before == f"attachment; filename=file-{setting.attachment.id}.pdf"
    assert [page for page in pages if "anzibar" not in told(client, idea + page)] == []


def test_a_manager_who_sits_meets_no_name_in_lists_or_in_the_record(
    app: Flask, client: FlaskClient, setting: Setting
) -> None:
    clinic = make.clinic()
    setting.review.idea.clinic_id = clinic.id
    manager = make.staff("manager")
    coordinator = make.actor(make.staff("coordinator"))
    seat = commands.seat_person(coordinator, setting.review, person_id=manager.id, role="member")
    make.sign_in(client, manager)
    before = told(client, "/conditions")
    make.declare(seat)
    db.session.commit()

    told_of = [
        told(client, f"{address}{end}") for address in ("/conditions", f"/clinics/{clinic.code}") for end in ENDS
    ]
    told_of.append(told(client, f"/clinics/{clinic.code}/report"))
    found = read_contents(make.actor(manager), setting.review.idea.reference)

    assert "Zanzibar" in before
    assert [canary for canary in CANARIES for text in told_of if canary in text] == []
    assert found_in(app, client, setting) == []
    assert (found.chain, [name for name in found.names.values() if "Zanzibar" in name]) == ([], [])


def test_a_dossier_names_nobody_either(app: Flask, setting: Setting) -> None:
    make.declare(setting.seat)
    db.session.commit()
    reader, reference = make.actor(setting.reader), setting.review.idea.reference

    with app.test_request_context():
        found = read_contents(reader, reference)
        records = str(records_of(found))

    assert [canary for canary in CANARIES if canary in records] == []
    assert [called(found, file) for file in found.files] == [f"file-{file.id}.pdf" for file in found.files]


def test_whoever_gives_no_marks_reads_without_names_until_the_decision() -> None:
    review = nameless_review()
    observer, left_out = make.person("Observer"), review.seats[3]
    coordinator = make.actor(make.staff("coordinator"))
    make.declare(commands.seat_person(coordinator, review, person_id=observer.id, role="observer"))
    commands.abstain(make.actor(left_out.person), make.declare(left_out), reason="Too far from what I know.")
    for seat in review.seats[:3]:
        make.score(seat)
    readers = [make.actor(observer), make.actor(left_out.person)]

    before = [policy.may_see_names.allows(reader, review.idea) for reader in readers]
    decide(review)
    after = [policy.may_see_names.allows(reader, review.idea) for reader in readers]

    assert (before, after) == ([False, False], [True, True])


def test_a_seat_hides_names_from_staff_too() -> None:
    manager, review = make.staff("manager"), nameless_review()
    idea = review.idea
    words = (policy.may_see_names, policy.may_see_personal)
    before = [may.allows(make.actor(manager), idea) for may in words]
    coordinator = make.actor(make.staff("coordinator"))
    seat = commands.seat_person(coordinator, review, person_id=manager.id, role="member")

    make.declare(seat)

    assert before == [True, True]
    assert [may.allows(make.actor(manager), idea) for may in words] == [False, False]


def test_team_and_coordinator_read_on_with_names() -> None:
    idea = nameless_review().idea

    people = [idea.owner, make.staff("coordinator"), make.staff("manager")]

    assert [policy.may_see_names.allows(make.actor(person), idea) for person in people] == [True] * 3


def test_other_gates_show_names_as_before() -> None:
    review = make.review()
    seat = make.declare(review.seats[1])

    ways = db.session.scalars(db.select(Access).filter_by(person_id=seat.person_id)).all()

    assert [way.names_hidden for way in ways] == [False]
    assert queries.reads_nameless(seat) is False


def test_a_gate_shows_names_or_hides_them_and_says_nothing_else() -> None:
    text = library_text("education").replace(GATE, 'key = "screening"\nnames = "no"\nname')

    with pytest.raises(DefinitionFault) as fault:
        read_definition(text)

    assert [str(each) for each in fault.value.faults] == ["gates[0].names: is none of shown, hidden"]


def test_an_address_inside_a_text_is_warned_of(client: FlaskClient) -> None:
    nameless_programme()
    idea = make.idea(place="at_screening", answers={**make.ANSWERS, "problem": "Ask thandi@school.example, please."})
    make.panel()
    make.sign_in(client, make.staff("coordinator"))

    page = client.get(f"/ideas/{idea.reference}/gate/panel").text

    assert fields_with_addresses(idea.definition, {"problem": "Ask thandi@school.example, please."}) == ["Problem"]
    assert "an e-mail address stands in Problem" in page


def test_a_chair_without_names_reads_that_something_was_noticed_and_not_what(client: FlaskClient) -> None:
    review = nameless_review()
    chair, member = review.seats[0], review.seats[1]
    for whose in (review.idea.owner_id, member.person_id):
        make.add(Affiliation(person_id=whose, organisation="Zanzibar trust"))
    make.declare(chair)
    make.declare(member, "none", "Another branch.")
    make.sign_in(client, chair.person)

    pages = [client.get(f"/reviews/{review.id}{rest}").text for rest in ("", "/interests")]

    assert ["Zanzibar trust" in page for page in pages] == [False, False]
    assert "Something was noticed." in pages[1]
