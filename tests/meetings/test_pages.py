"""The pages of meetings: who is shown what, the screen that follows, and what it costs."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from innovation.db import db
from innovation.meetings import commands
from tests import make
from tests.databases import statements
from tests.gates.visiting import count_queries, sign_in
from tests.meetings.sitting import Sitting


def test_a_whole_meeting_by_its_pages_each_form_sent_twice(client: FlaskClient) -> None:
    sitting = Sitting(2)
    base = f"/meetings/{sitting.meeting.id}"
    items = [item.id for item in sitting.meeting.items]
    seat = next(seat.id for seat in sitting.reviews[1].seats if seat.role == "government")

    def post(who: str, path: str, **data: object) -> int:
        sign_in(client, sitting.person(who))
        form = {"once": f"{who}{path}{sorted(data.items())}", **data}
        statuses = {client.post(f"{base}{path}", data=form).status_code for _time in range(2)}
        return statuses.pop() if len(statuses) == 1 else 0

    steps = [
        post("chair", "/order", order="numbers", **{f"number_{items[0]}": 2, f"number_{items[1]}": 1}),
        post("chair", "/opening"),
        post("government", "/presence", what="arrived"),
        post("practitioner", "/presence", what="arrived"),
        post("chair", "/item", item_id=items[1]),
        post("secretary", f"/items/{items[1]}/notes", text="The readers are trained."),
        post("chair", f"/items/{items[1]}/leave/{seat}"),
        post("chair", f"/items/{items[1]}/motion", outcome="conditional", text="With a second school."),
        post("government", f"/items/{items[1]}/votes", choice="for"),
        post("practitioner", f"/items/{items[1]}/votes", choice="abstain"),
        post("chair", f"/items/{items[1]}/count"),
        post("chair", f"/items/{items[1]}/decision", **decision_data()),
        post("chair", "/item", item_id=items[0]),
        post("chair", f"/items/{items[0]}/postponement", reason="No time."),
        post("chair", "/closing"),
        post("secretary", "/minutes/text", number=1, remarks="", **{f"text_{items[1]}": "Readers are trained."}),
        post("secretary", "/minutes/circulation"),
        post("government", "/minutes/comments", item_id=items[1], text="They will be trained."),
        post("secretary", "/minutes/comments/1/answer", answer="Taken up."),
        post("chair", "/minutes/signature", number=2),
    ]
    sign_in(client, sitting.person("practitioner"))
    minutes = client.get(f"{base}/minutes").text

    assert steps == [302] * len(steps)
    assert re.findall(r"Signed by (\w+)", minutes) == ["Chair"]
    assert ("Readers are trained." in minutes, "Find a second school." in minutes) == (True, True)


def decision_data() -> dict[str, object]:
    return {
        "outcome": "conditional",
        "rationale": "A need.",
        "against_reason": "We ask for one thing first.",
        "conditions-0-text": "Find a second school.",
        "conditions-0-due_on": make.go_details()["next_date"].isoformat(),
    }


@pytest.fixture
def recused() -> Sitting:
    """A meeting in which the practitioner is recused from the first item, which is in hand."""
    sitting = Sitting(2)
    for review in sitting.reviews[:1]:
        make.declare(next(seat for seat in review.seats if seat.role == "practitioner"), "recuse")
    commands.fix_agenda(sitting.act("chair"), sitting.meeting, order="reference")
    sitting.opened = lambda: commands.open_meeting(sitting.act("chair"), sitting.meeting)  # type: ignore[method-assign]
    for who in ("government", "deputy", "practitioner"):
        commands.say_presence(sitting.act(who), sitting.meeting, what="arrived")
    item = sitting.taken(1)
    make.ask(item.review.idea, amount_cents=123_456_00)
    commands.take_note(sitting.act("secretary"), item, text="Said of the first.")
    return sitting


def test_a_recused_member_sees_only_that_an_item_is_being_discussed(client: FlaskClient, recused: Sitting) -> None:
    meeting, idea = recused.meeting, recused.reviews[0].idea
    secrets = (idea.title, idea.reference, "123\u00a0456", "Said of the first.", f"/reviews/{recused.reviews[0].id}")
    item = meeting.in_hand_id
    sign_in(client, recused.person("practitioner"))

    pages = [client.get(f"/meetings/{meeting.id}{path}").text for path in ("", "/now")]
    doors = [
        client.post(f"/meetings/{meeting.id}/items/{item}/{path}", data={"text": "x", "choice": "for"}).status_code
        for path in ("notes", "motion", "votes", "count", "postponement", "decision")
    ]

    assert [secret for secret in secrets for page in pages if secret in page] == []
    assert ["Item 1 is being discussed" in page for page in pages] == [True, True]
    assert doors == [404] * 6


def test_the_minutes_leave_out_what_is_closed_to_the_reader(client: FlaskClient, recused: Sitting) -> None:
    idea = recused.reviews[0].idea
    recused.decide(recused.meeting.in_hand, rationale="Reasons of the first.")
    commands.close_meeting(recused.act("chair"), recused.meeting)
    commands.circulate_minutes(recused.act("secretary"), recused.meeting)
    sign_in(client, recused.person("practitioner"))

    page = client.get(f"/meetings/{recused.meeting.id}/minutes").text

    assert [t for t in (idea.title, idea.reference, "Said of the first.", "Reasons of the first.") if t in page] == []
    assert recused.reviews[1].idea.title in page


def test_strangers_find_no_meeting(client: FlaskClient) -> None:
    sitting = Sitting(1)
    paths = ("", "/now", "/plan", "/agenda", "/order", "/minutes", "/invitation.ics")
    sign_in(client, make.person("Stranger"))

    statuses = {client.get(f"/meetings/{sitting.meeting.id}{path}").status_code for path in paths}
    listed = client.get("/meetings").text

    assert (statuses, sitting.meeting.title in listed) == ({404}, False)


def test_totals_and_their_order_are_for_those_who_see_every_score(client: FlaskClient) -> None:
    sitting = Sitting(3)
    make.declare(next(seat for seat in sitting.reviews[1].seats if seat.role == "deputy"), "recuse")
    seen = {}
    for who in ("coordinator", "chair", "government", "deputy", "secretary"):
        sign_in(client, sitting.coordinator if who == "coordinator" else sitting.person(who))
        page = client.get(f"/meetings/{sitting.meeting.id}").text
        titles = re.findall(r"Reading clubs \d+", page.partition('id="agenda-title"')[2])
        seen[who] = ('id="ranking"' in page, titles[: len(sitting.reviews)])
    by_reference = [review.idea.title for review in sitting.reviews]

    assert {who: ranked for who, (ranked, _titles) in seen.items()} == {
        "coordinator": True,
        "chair": True,
        "government": True,
        "deputy": False,
        "secretary": False,
    }
    assert seen["secretary"][1] == by_reference


@pytest.mark.usefixtures("app")
def test_the_order_is_seen_once_the_chair_has_fixed_it_and_one_by_rank_by_whoever_sees_every_mark() -> None:
    sitting = Sitting(3, marks=(6, 8, 7))
    first, second, third = (review.id for review in sitting.reviews)
    make.declare(next(seat for seat in sitting.reviews[1].seats if seat.role == "deputy"), "recuse")

    def seen(*people: str) -> list[list[tuple[int | None, int | None]]]:
        screens = [sitting.screen(who).items for who in people]
        return [[(each.number, each.review.id if each.review else None) for each in items] for items in screens]

    before = seen("chair")
    commands.fix_agenda(sitting.act("chair"), sitting.meeting, order="rank")
    ranked, unranked = seen("chair", "government", "coordinator"), seen("secretary", "deputy")
    commands.fix_agenda(sitting.act("chair"), sitting.meeting, order="reference")

    assert before == [[(None, first), (None, second), (None, third)]]
    assert ranked == [[(1, second), (2, third), (3, first)]] * 3
    assert unranked == [
        [(None, first), (None, second), (None, third)],
        [(None, first), (None, None), (None, third)],
    ]
    assert seen("secretary") == [[(1, first), (2, second), (3, third)]]


@pytest.mark.usefixtures("app")
def test_the_ranking_adds_up_what_is_asked_against_places_and_money() -> None:
    sitting = Sitting(3, marks=(6, 8, 7), openings=2, money_cents=700_000_00)
    for review, amount in zip(sitting.reviews, (100_000_00, 480_000_00, 300_000_00), strict=True):
        make.ask(review.idea, amount_cents=amount)

    lines = sitting.screen("coordinator").ranking

    assert [(line.sum_cents, line.fits) for line in lines or ()] == [
        (480_000_00, True),
        (780_000_00, False),
        (880_000_00, False),
    ]


def test_a_screen_that_is_still_right_costs_one_statement_beside_the_sign_in(client: FlaskClient) -> None:
    sitting = Sitting(2)
    sitting.taken(1)
    path = f"/meetings/{sitting.meeting.id}/now"
    sign_in(client, sitting.person("government"))
    fresh = client.get(path)
    known = {"If-None-Match": fresh.headers["ETag"]}

    answer = client.get(path, headers=known)
    sitting.vote(sitting.meeting.in_hand, chair="for")
    after = client.get(path, headers=known)
    asked = count_statements(client, path, {"If-None-Match": after.headers["ETag"]})

    assert (fresh.status_code, answer.status_code, answer.data, after.status_code) == (200, 304, b"", 200)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert asked == 2  # who is signed in, and whether anything is new


def count_statements(client: FlaskClient, path: str, headers: dict[str, str]) -> int:
    db.session.remove()
    with statements() as asked:
        assert client.get(path, headers=headers).status_code == 304
    return len(asked)


def test_what_happens_in_an_item_does_not_even_move_the_screen_of_a_recused_member(
    client: FlaskClient, recused: Sitting
) -> None:
    path = f"/meetings/{recused.meeting.id}/now"
    sign_in(client, recused.person("practitioner"))
    known = {"If-None-Match": client.get(path).headers["ETag"]}

    recused.vote(recused.meeting.in_hand, chair="for")
    quiet = client.get(path, headers=known).status_code
    commands.count_votes(recused.act("chair"), recused.meeting.in_hand.motions[-1])
    recused.taken(2)
    moved = client.get(path, headers=known).status_code

    assert (quiet, moved) == (304, 200)


def test_a_meeting_costs_as_much_with_many_items_as_with_one(client: FlaskClient) -> None:
    costs = []
    for ideas in (1, 3):
        sitting = Sitting(ideas)
        sitting.taken(1)
        sign_in(client, sitting.person("chair"))
        paths = (f"/meetings/{sitting.meeting.id}", f"/meetings/{sitting.meeting.id}/now")
        costs.append([count_queries(client, path) for path in paths])

    assert costs[0] == costs[1]
    assert max(costs[0]) <= 26
