"""The pages of gates: who is shown what, and that a form that was refused keeps what was typed."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from innovation.db import db
from innovation.gates import commands, queries
from tests import make
from tests.gates.visiting import SOON, pages, scorecard_data, sign_in


def test_a_member_declares_scores_and_the_chair_decides(client: FlaskClient) -> None:
    review = make.review()
    idea = review.idea
    for seat in list(review.seats):
        sign_in(client, seat.person)
        assert client.get(f"/reviews/{review.id}").status_code == 302
        client.post(f"/reviews/{review.id}/declaration", data={"level": "none"})
        assert client.post(f"/reviews/{review.id}/scorecard", data=scorecard_data(review)).status_code == 302
    sign_in(client, review.seats[0].person)

    answer = client.post(
        f"/reviews/{review.id}/decision",
        data={
            "outcome": "go",
            "rationale": "Clear need.",
            "plan": "Two schools.",
            "next_date": SOON,
            "resources": "A coach.",
            "version": review.version,
        },
    )

    assert (answer.status_code, answer.location) == (302, f"/reviews/{review.id}/outcome")
    assert db.session.get(type(idea), idea.id).place == "concept"


def test_before_declaring_only_the_people_behind_the_idea_are_shown(client: FlaskClient) -> None:
    idea = make.idea(make.person("Owner Name"), place="at_screening", answers={"problem": "A secret problem."})
    review = make.review(of=idea)
    sign_in(client, review.seats[1].person)

    page = client.get(f"/reviews/{review.id}/declaration").text

    assert ("Owner Name" in page, "A secret problem." in page, idea.reference in page) == (True, False, True)


def test_an_undeclared_member_does_not_open_the_idea(client: FlaskClient) -> None:
    review = make.review()
    sign_in(client, review.seats[1].person)

    answers = {path: client.get(path).status_code for path in pages(review)}

    assert answers == {
        pages(review)[0]: 302,
        pages(review)[1]: 200,
        pages(review)[2]: 302,
        pages(review)[3]: 403,
        pages(review)[4]: 302,
        pages(review)[5]: 403,
        pages(review)[6]: 404,
        pages(review)[7]: 404,
    }


@pytest.mark.parametrize("who", ["recused member", "recused coordinator", "stranger", "funder", "administrator"])
def test_the_idea_is_not_there_for(who: str, client: FlaskClient) -> None:
    review = make.review()
    if who == "recused member":
        person = make.declare(review.seats[1], "recuse").person
    elif who == "recused coordinator":
        person = review.seats[1].person
        make.grant(person, "coordinator", programme_id=review.programme_id)
        make.declare(review.seats[1], "recuse")
    elif who == "funder":
        person = make.funder_person(make.funder())
    elif who == "administrator":
        person = make.staff("administrator")
    else:
        person = make.person()
    sign_in(client, person)

    answers = {client.get(path).status_code for path in pages(review)}

    assert answers == {404}


def test_marks_are_sealed_until_ones_own_are_in(client: FlaskClient) -> None:
    review = make.review()
    for seat in review.seats[:3]:
        make.score(seat, 9, G1_S1=2, feedback="A canary for the team.", note="A canary for the chair.")
    make.declare(review.seats[3])
    sign_in(client, review.seats[3].person)

    before = client.get(f"/reviews/{review.id}").text
    client.post(f"/reviews/{review.id}/scorecard", data=scorecard_data(review))
    after = client.get(f"/reviews/{review.id}").text

    assert [word in before for word in ("canary", "dots-row", "recommend")] == [False, False, False]
    assert [word in after for word in ("canary for the team", "dots-row", "recommend")] == [True, True, True]
    assert "canary for the chair" not in after


def test_the_coordinator_sees_who_submitted_and_nothing_of_it_before_quorum(client: FlaskClient) -> None:
    review = make.review()
    for seat in review.seats[:2]:
        make.score(seat, 9, feedback="A canary.")
    coordinator = make.staff("coordinator")
    sign_in(client, coordinator)

    before = client.get(f"/reviews/{review.id}").text
    make.score(review.seats[2], 9)
    db.session.commit()
    after = client.get(f"/reviews/{review.id}").text

    assert ("Submitted" in before, "dots-row" in before, "canary" in before) == (True, False, False)
    assert "dots-row" in after


def test_the_list_and_its_export_hold_no_mark(client: FlaskClient) -> None:
    review = make.scored_review(mark=9)
    sign_in(client, review.seats[0].person)

    columns = re.findall(r'<th scope="col">([^<]*)</th>', client.get("/reviews").text)
    export = client.get("/reviews?export=csv").text.splitlines()

    assert columns == ["Idea", "Gate", "State", "For you", "Scorecards", "Decide by"]
    assert export[0].lstrip("\ufeff") == "Reference,Idea,Gate,Round,State,Panel,Decide by,Outcome,Decided on"
    assert export[1].startswith(
        f"{review.idea.reference},{review.idea.title},Screening gate,1,Scoring,Screening panel,"
    )


def test_owners_read_means_reasons_and_feedback_without_names(client: FlaskClient) -> None:
    review = make.review()
    for seat in review.seats:
        make.score(seat, 7, G1_S1=seat.id % 3 + 6, feedback="Name your schools.", note="A canary.")
    chair = make.actor(review.leading[0].person)
    sign_in(client, review.idea.owner)
    before = client.get(f"/reviews/{review.id}/outcome").text
    commands.record_decision(chair, review, outcome="go", rationale="Children need it.", **make.go_details())

    after = client.get(f"/reviews/{review.id}/outcome").text

    assert ("Name your schools." in before, "Need and reach" in before) == (False, False)
    assert ("Name your schools." in after, "Need and reach" in after, "Children need it." in after) == (
        True,
        True,
        True,
    )
    assert ("canary" in after, chair.name in after, "dots-row" in after) == (False, False, False)
    assert client.get(f"/reviews/{review.id}").status_code == 302


def test_facilitators_read_the_outcome_and_no_means(client: FlaskClient) -> None:
    clinic = make.clinic()
    idea = make.idea(place="at_screening", clinic_id=clinic.id)
    review = make.scored_review(of=idea)
    chair = make.actor(review.leading[0].person)
    commands.record_decision(chair, review, outcome="go", rationale="Children need it.", **make.go_details())
    sign_in(client, make.grant(make.person(), "facilitator", clinic_id=clinic.id))

    page = client.get(f"/reviews/{review.id}/outcome").text

    assert ("Children need it." in page, "Need and reach" in page) == (True, False)


def test_a_review_that_was_cancelled_is_closed_to_its_panel(client: FlaskClient) -> None:
    review = make.scored_review()
    member = review.seats[1].person
    commands.cancel_review(make.actor(make.staff("coordinator")), review)
    sign_in(client, member)

    page = client.get(f"/reviews/{review.id}", follow_redirects=True)
    scores = client.get(f"/reviews/{review.id}/scorecard")

    assert (page.status_code, "This review was cancelled" in page.text) == (200, True)
    assert ("dots" in page.text, make.ANSWERS["problem"] in page.text) == (False, False)
    assert (f'"/ideas/{review.idea.reference}"' in page.text, scores.status_code) == (False, 302)


def test_a_refused_scorecard_keeps_everything_typed(client: FlaskClient) -> None:
    review = make.review()
    make.declare(review.seats[1])
    sign_in(client, review.seats[1].person)
    data = scorecard_data(review, s0_comment="Typed with care.")
    del data["s1_mark"]

    answer = client.post(f"/reviews/{review.id}/scorecard", data=data)

    assert (answer.status_code, "Typed with care." in answer.text) == (422, True)
    assert re.findall(r'<li><a href="#(\S+)">([^<]+)</a>: ([^<]+)</li>', answer.text) == [
        ("s1_mark-0", "Better than today", "Give a mark, or say that it does not apply.")
    ]
    assert 'id="s1_mark-error"' in answer.text


def test_a_no_without_its_fix_is_asked_for_beside_the_question(client: FlaskClient) -> None:
    review = make.review()
    make.declare(review.seats[1])
    sign_in(client, review.seats[1].person)

    answer = client.post(f"/reviews/{review.id}/scorecard", data=scorecard_data(review, m0_answer="no"))

    assert (answer.status_code, 'id="m0_fixable-error"' in answer.text) == (422, True)
    assert review.seats[1].submitted is None


def test_a_draft_is_never_refused_and_comes_back(client: FlaskClient) -> None:
    review = make.review()
    make.declare(review.seats[1])
    sign_in(client, review.seats[1].person)

    answer = client.post(
        f"/reviews/{review.id}/scorecard/draft",
        data={"s0_mark": "4", "s1_mark": "nonsense", "m0_answer": "maybe", "note": "Half a thought"},
        headers={"X-Autosave": "1"},
    )

    assert answer.status_code == 200
    assert sorted(answer.json) == ["saved_at"]
    assert "Half a thought" in client.get(f"/reviews/{review.id}").text
    assert queries.count_cards([review.id]) == {review.id: (0, 4)}


def test_a_refused_decision_keeps_everything_typed(client: FlaskClient) -> None:
    review = make.scored_review()
    sign_in(client, review.seats[0].person)

    answer = client.post(
        f"/reviews/{review.id}/decision",
        data={"outcome": "conditional", "rationale": "Typed with care.", "conditions-0-text": "A second school"},
    )

    assert (answer.status_code, "Typed with care." in answer.text) == (422, True)
    assert ("A second school" in answer.text, "Give a date for this condition." in answer.text) == (True, True)


def test_empty_rows_of_conditions_are_left_out_and_shown_again_beside_what_was_typed(client: FlaskClient) -> None:
    review = make.scored_review()
    sign_in(client, review.seats[0].person)
    rows = [("", ""), ("", ""), ("A second school", "A letter")]
    typed = {
        f"conditions-{number}-{name}": value
        for number, (text, evidence) in enumerate(rows)
        for name, value in (("text", text), ("due_on", ""), ("evidence", evidence), ("owner_id", review.idea.owner_id))
    }

    answer = client.post(
        f"/reviews/{review.id}/decision", data={"outcome": "conditional", "rationale": "Nearly there.", **typed}
    )

    texts = re.findall(r'<textarea[^>]*name="conditions-(\d)-text"[^>]*>([^<]*)<', answer.text)
    assert (answer.status_code, [(row, text.strip()) for row, text in texts]) == (
        422,
        [("0", "A second school"), ("1", ""), ("2", "")],
    )
    assert answer.text.count("Give a date for this condition.") == 2  # in the summary and at its field


@pytest.mark.parametrize("row", ["x", "\u00b2", "-1", "9" * 5000, ""])
def test_a_row_of_conditions_with_an_odd_number_is_nobody_s(client: FlaskClient, row: str) -> None:
    review = make.scored_review()
    sign_in(client, review.seats[0].person)
    sent = {"outcome": "conditional", "rationale": "Nearly there.", f"conditions-{row}-text": "A letter."}

    answer = client.post(f"/reviews/{review.id}/decision", data=sent)

    assert (answer.status_code, "A letter." in answer.text) == (422, False)


def test_what_was_ticked_in_a_row_without_a_text_is_still_ticked(client: FlaskClient) -> None:
    review = make.scored_review()
    sign_in(client, review.seats[0].person)
    sent = {"outcome": "conditional", "rationale": "Nearly there.", "conditions-0-blocking": "y"}

    answer = client.post(f"/reviews/{review.id}/decision", data=sent)

    boxes = re.findall(r'<input[^>]*name="conditions-\d-blocking"[^>]*>', answer.text)
    assert (answer.status_code, ["checked" in box for box in boxes]) == (422, [True, False, False])


def test_conditions_in_any_of_the_rows_are_recorded(client: FlaskClient) -> None:
    review = make.scored_review()
    sign_in(client, review.seats[0].person)
    typed = {"conditions-0-text": "", "conditions-0-owner_id": review.idea.owner_id, "conditions-1-text": "A letter."}
    typed |= {"conditions-1-due_on": SOON, "conditions-1-owner_id": review.idea.owner_id, "next_date": SOON}

    client.post(
        f"/reviews/{review.id}/decision",
        data={"outcome": "conditional", "rationale": "Nearly.", "against_reason": "A letter lacks.", **typed},
    )

    assert [(owed.text, owed.owner_id) for owed in review.decision.conditions] == [("A letter.", review.idea.owner_id)]


def test_a_decision_form_of_an_older_state_is_a_conflict(client: FlaskClient) -> None:
    review = make.scored_review()
    sign_in(client, review.seats[0].person)
    data = {"outcome": "hold", "rationale": "Typed with care.", "version": review.version - 1}

    answer = client.post(f"/reviews/{review.id}/decision", data={**data, "hold_reason": "Later.", "review_date": SOON})

    assert (answer.status_code, "Typed with care." in answer.text) == (409, True)


def test_a_condition_that_is_missing_stands_in_the_summary_and_at_its_field(client: FlaskClient) -> None:
    review = make.scored_review()
    sign_in(client, review.leading[0].person)

    answer = client.post(
        f"/reviews/{review.id}/decision", data={"outcome": "conditional", "rationale": "Nearly there."}
    )

    linked = re.findall(r'<li><a href="#(conditions\S+)">([^<]+)</a>', answer.text)
    assert (answer.status_code, linked) == (422, [("conditions-0-text", "What is owed")])


def test_an_idea_that_was_sent_back_says_what_to_rework_to_its_team_alone(client: FlaskClient) -> None:
    review = make.scored_review()
    details = {"target": "captured", "rework": "Count the learners.", "resubmit_by": "2030-05-04"}
    commands.record_decision(
        make.actor(review.leading[0].person),
        review,
        outcome="recycle",
        rationale="Not yet.",
        against_reason="The evidence is thin.",
        **details,
    )
    address = f"/ideas/{review.idea.reference}"

    pages = [sign_in(client, who).get(address).text for who in (review.idea.owner, make.staff("coordinator"))]
    elsewhere = sign_in(client, make.staff("facilitator")).get(address).text

    assert ["Count the learners." in page for page in [*pages, elsewhere]] == [True, True, False]
    assert "To be presented again by 4 May 2030." in pages[0]


def test_a_decision_from_an_older_tab_is_refused_with_its_text_and_one_sent_twice_is_not(client: FlaskClient) -> None:
    review = make.scored_review()
    sign_in(client, review.leading[0].person)
    address = f"/reviews/{review.id}/decision"
    sent = {"outcome": "refer", "refer_to": "The district.", "rationale": "Theirs.", "against_reason": "It fits them."}
    sent["version"] = str(review.version)

    first, again = (client.post(address, data=sent) for _time in range(2))
    other = client.post(address, data={**sent, "rationale": "Words of another tab."})

    assert [answer.headers.get("Location") for answer in (first, again)] == [f"/reviews/{review.id}/outcome"] * 2
    assert other.status_code in (409, 422)
    assert "Words of another tab." in other.text
    assert review.decision.rationale == "Theirs."
