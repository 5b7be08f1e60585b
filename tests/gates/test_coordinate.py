"""The pages of those who run gates: the desk, panels, seats, conditions and corrections."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db, now
from innovation.gates import commands, queries
from innovation.gates.models import Review
from innovation.gates.terms import ConditionTerms
from tests import make
from tests.gates.visiting import SOON, count_queries, sign_in


def test_the_desk_reports_what_failed_and_why(client: FlaskClient) -> None:
    make.panel("screening")
    good, ended = make.idea(place="at_screening"), make.idea(place="at_screening", standing="stopped")
    sign_in(client, make.staff("coordinator"))

    answer = client.post(
        "/reviews/desk", data={"act": "convene", "idea": [good.reference, ended.reference, "LP26-9999"]}
    )

    assert "1 idea went well." in answer.text
    assert "2 did not." in answer.text
    assert "There is no such idea that you may see." in answer.text
    assert queries.current_review(good) is not None


@pytest.mark.parametrize("act", ["present", "convene", "remind"])
def test_the_desk_lists_what_there_is_to_do(act: str, client: FlaskClient) -> None:
    make.idea(title="Stands at a stage")
    make.idea(place="at_screening", title="Waits for a panel")
    make.review(of=make.idea(place="at_screening", title="Has a panel"))
    sign_in(client, make.staff("coordinator"))

    page = client.get(f"/reviews/desk?act={act}").text

    titles = {"present": "Stands at a stage", "convene": "Waits for a panel", "remind": "Has a panel"}
    assert {key for key, title in titles.items() if title in page} == {act}


def test_nothing_is_offered_to_be_presented_from_where_no_gate_lies_ahead(app: Flask) -> None:
    coordinator = make.staff("coordinator")
    for place in ("captured", "ready", "piloting", "institutionalised"):
        make.idea(place=place, title=place)
    db.session.commit()

    page = queries.list_for_desk(make.actor(coordinator), "present")

    assert sorted(idea.title for idea in page.items) == ["captured", "piloting"]


def test_panels_are_made_changed_and_retired(client: FlaskClient) -> None:
    sign_in(client, make.staff("coordinator"))
    chair = make.person("Chairing Person")
    make.account(chair)
    db.session.commit()

    client.post(
        "/panels/new",
        data={
            "name": "Limpopo panel",
            "gate_key": "screening",
            "region_id": "",
            "members-0-email": chair.email,
            "members-0-role": "chair",
        },
    )
    page = client.get("/panels")
    panel = db.session.scalars(db.select(make.Panel)).one()
    wrong = client.post(
        f"/panels/{panel.id}",
        data={"name": "Kept name", "members-0-email": "nobody@gatehouse.example", "members-0-role": "member"},
    )
    client.post(f"/panels/{panel.id}/retirement")

    assert ("Limpopo panel" in page.text, "Chairing Person" in page.text) == (True, True)
    assert (wrong.status_code, "Kept name" in wrong.text) == (422, True)
    assert db.session.get(make.Panel, panel.id).retired_at is not None


def test_the_export_of_panels_holds_what_the_list_shows(client: FlaskClient) -> None:
    make.panel("screening", 4)
    make.panel("pilot", 5)
    sign_in(client, make.staff("coordinator"))

    page = client.get("/panels?gate=pilot").text
    lines = client.get("/panels?gate=pilot&export=csv").text.splitlines()

    panel = queries.list_panels(make.actor(make.staff("coordinator")), queries.PanelFilters(gate="pilot")).items[0]
    chair = next(member.person.name for member in panel.members if member.role == "chair")
    assert "gate=pilot&amp;export=csv" in page
    assert lines[0].lstrip("\ufeff") == "Panel,Gate,Region,Chair,Members"
    assert lines[1:] == [f"{panel.name},Pilot gate,Whole programme,{chair},5"]


def test_a_coordinator_of_a_region_is_offered_that_region_only(client: FlaskClient) -> None:
    here, elsewhere = make.region("LP"), make.region("GP")
    sign_in(client, make.staff("coordinator", region_id=here.id))

    page = client.get("/panels/new").text

    regions = re.search(r'<select[^>]*name="region_id".*?</select>', page, re.DOTALL)
    assert regions is not None
    offered = {str(region.id): f'value="{region.id}"' in regions.group() for region in (here, elsewhere)}
    assert offered == {str(here.id): True, str(elsewhere.id): False}
    assert "The whole programme" not in page


def test_signs_of_a_search_are_no_wildcards(client: FlaskClient) -> None:
    review, panel = make.review(), make.panel(size=1)
    sign_in(client, make.staff("coordinator"))

    pages = [client.get("/reviews?q=%25").text, client.get("/panels?q=_").text]

    assert (review.idea.title in pages[0], f'"/panels/{panel.id}"' in pages[1]) == (False, False)


def test_of_two_who_change_a_panel_at_once_the_second_is_told(client: FlaskClient) -> None:
    panel = make.panel()
    for member in panel.members:
        make.account(member.person)
    coordinator = make.staff("coordinator")
    db.session.commit()
    read, name = panel.version, panel.name
    members = [commands.MemberTerms(member.person_id, member.role) for member in panel.members[:3]]
    commands.change_panel(make.actor(coordinator), panel, name=name, members=members)
    sign_in(client, coordinator)

    answer = client.post(f"/panels/{panel.id}", data={"version": read, "name": name})

    assert answer.status_code == 409
    assert len(queries.current_members(db.session.get(make.Panel, panel.id))) == 3


def test_what_is_missing_is_listed_before_the_button(client: FlaskClient) -> None:
    idea = make.idea()
    sign_in(client, idea.owner)

    page = client.get(f"/ideas/{idea.reference}/gate").text

    assert ("Hand in: Evidence of the problem." in page, "Present the idea" in page) == (True, False)


def test_the_page_to_convene_says_who_can_never_sit(client: FlaskClient) -> None:
    panel = make.panel("screening")
    idea = make.idea(place="at_screening")
    make.contributor(idea, panel.members[1].person)
    sign_in(client, make.staff("coordinator"))

    page = client.get(f"/ideas/{idea.reference}/gate/panel").text

    assert "Panel government contributed to this idea." in page


def test_every_page_of_a_condition_opens_for_whoever_acts(client: FlaskClient) -> None:
    review = make.scored_review()
    chair = review.leading[0].person
    terms = [ConditionTerms("Find a second school.", now().date() + dt.timedelta(days=9))]
    commands.record_decision(
        make.actor(chair), review, outcome="conditional", rationale="Nearly.", against_reason="Thin.", conditions=terms
    )
    [condition] = queries.open_conditions(review.idea)
    path = f"/conditions/{condition.id}"
    sign_in(client, review.idea.owner)
    offered = client.post(f"{path}/evidence", data={"text": "A letter."})
    not_theirs = client.get(f"{path}/settlement")
    sign_in(client, make.staff("coordinator"))
    shown = client.get(f"{path}/settlement")
    sign_in(client, chair)
    waiver = client.get(f"{path}/waiver")

    assert (offered.status_code, not_theirs.status_code, shown.status_code, waiver.status_code) == (302, 403, 200, 200)
    assert "A letter." in shown.text


@pytest.mark.parametrize("path", ["/reviews", "/reviews/desk?act=convene", "/panels"])
def test_lists_ask_as_much_for_one_as_for_many(path: str, client: FlaskClient) -> None:
    def more(times: int) -> None:
        for _n in range(times):
            make.scored_review()
            make.idea(place="at_screening")
        db.session.commit()

    more(1)
    sign_in(client, make.staff("coordinator"))
    client.get(path)
    few = count_queries(client, path)
    more(4)

    assert count_queries(client, path) == few


@pytest.mark.parametrize("key", ["screening", "light", "pilot", "replication", "institutionalisation"])
def test_every_gate_passes_through_the_same_pages(key: str, client: FlaskClient) -> None:
    size = {"screening": 4, "light": 4, "pilot": 5}.get(key, 7)
    review = make.review(key, size)
    for seat in review.seats:
        make.score(seat, review.gate.marks[-1].value)
    sign_in(client, review.seats[0].person)
    form = {"rationale": "It is ready.", "outcome": "go", "plan": "Go on.", "resources": "A coach.", "next_date": SOON}

    answers = [client.get(path).status_code for path in (f"/reviews/{review.id}", f"/reviews/{review.id}/decision")]
    decided = client.post(f"/reviews/{review.id}/decision", data=form)

    assert (answers, decided.status_code) == ([200, 200], 302)
    assert db.session.get(Review, review.id).idea.place == review.gate.leads_to


def test_the_other_co_chair_reads_and_signs(client: FlaskClient) -> None:
    review = make.review("institutionalisation", 7)
    review.seats[3].role = "cochair"
    for seat in review.seats:
        make.score(seat, 4)
    first, second = (seat.person for seat in review.leading)
    details = {"plan": "Go on.", "next_date": now().date() + dt.timedelta(days=9), "resources": "A budget line."}
    commands.record_decision(make.actor(first), review, outcome="go", rationale="It lasts.", **details)
    sign_in(client, second)

    shown = client.get(f"/reviews/{review.id}/signature").text
    signed = client.post(f"/reviews/{review.id}/signature", data={"version": review.version})

    assert ("It lasts." in shown, signed.location) == (True, f"/reviews/{review.id}/outcome")
    assert db.session.get(Review, review.id).state == "decided"


def test_a_co_chair_signs_only_what_they_have_read(client: FlaskClient) -> None:
    review = make.review("institutionalisation", 7)
    review.seats[3].role = "cochair"
    for seat in review.seats:
        make.score(seat, 4)
    first, second = (seat.person for seat in review.leading)
    details = {"plan": "Go on.", "next_date": now().date() + dt.timedelta(days=9), "resources": "A budget line."}
    commands.record_decision(make.actor(first), review, outcome="go", rationale="It lasts.", **details)
    read = review.version
    hold = {"hold_reason": "Funds.", "review_date": now().date() + dt.timedelta(days=9), "against_reason": "Funds."}
    commands.record_decision(make.actor(first), review, outcome="hold", rationale="Wait.", **hold)
    sign_in(client, second)

    signed = client.post(f"/reviews/{review.id}/signature", data={"version": read})

    assert (signed.status_code, "Wait." in signed.text) == (409, True)
    assert db.session.get(Review, review.id).state == "scoring"


def test_a_manager_supersedes_a_decision_on_its_page(client: FlaskClient) -> None:
    review = make.scored_review(mark=9)
    commands.record_decision(
        make.actor(review.leading[0].person), review, outcome="go", rationale="Yes.", **make.go_details()
    )
    sign_in(client, make.staff("manager"))
    path = f"/reviews/{review.id}/correction"
    hold = {
        "outcome": "hold",
        "rationale": "Wait.",
        "hold_reason": "Funds.",
        "review_date": SOON,
        "against_reason": "x",
    }

    refused = client.post(path, data=hold)
    changed = client.post(path, data={**hold, "reason": "The budget was withdrawn."})

    assert (client.get(path).status_code, refused.status_code, changed.status_code) == (200, 422, 302)
    assert "The budget was withdrawn." in client.get(f"/reviews/{review.id}/outcome").text


def test_the_coordinator_changes_seats_and_runs_the_review(client: FlaskClient) -> None:
    review = make.review(scoring="later")
    extra = make.person("Extra Person")
    make.account(extra)
    sign_in(client, make.staff("coordinator"))
    path = f"/reviews/{review.id}"

    opened = client.post(f"{path}/scoring")
    seated = client.post(f"{path}/seats", data={"email": extra.email, "role": "member"})
    excused = client.post(f"{path}/seats/{review.seats[1].id}/absence")
    page = client.get(f"{path}/seats").text
    cancelled = client.post(f"{path}/cancellation")

    assert [answer.status_code for answer in (opened, seated, excused, cancelled)] == [302, 302, 302, 302]
    assert ("Extra Person" in page, "Excused" in page) == (True, True)
    assert db.session.get(Review, review.id).state == "cancelled"


def test_what_people_write_in_a_condition_is_text_and_never_markup(client: FlaskClient) -> None:
    review = make.scored_review()
    terms = [ConditionTerms("<b>100 % of schools</b>", now().date() + dt.timedelta(days=9))]
    commands.record_decision(
        make.actor(review.leading[0].person),
        review,
        outcome="conditional",
        rationale="Nearly.",
        against_reason="Thin.",
        conditions=terms,
    )
    review.idea.state = review.idea.state._replace(place="at_pilot")
    second = make.review("pilot", 5, of=review.idea)
    make.declare(second.seats[1])
    sign_in(client, second.seats[1].person)

    page = client.get(f"/reviews/{second.id}").text

    assert ("<b>100 % of schools</b>" in page, "&lt;b&gt;100 % of schools&lt;/b&gt;" in page) == (False, True)
