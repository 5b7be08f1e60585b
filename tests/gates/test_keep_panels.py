"""Keeping panels fit to sit: terms of office, what they are for, what the gate asks of them, and seats to fill."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.gates import commands, composition, queries
from innovation.gates.models import Panel, PanelMember, Review, Seat
from innovation.gates.terms import MemberTerms
from innovation.ideas.models import Idea
from innovation.permission import Actor
from innovation.programmes.models import Theme
from tests import make
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")
TODAY = now().astimezone(ZoneInfo("Africa/Johannesburg")).date()  # where the programme is
AGO, AHEAD = TODAY - dt.timedelta(days=10), TODAY + dt.timedelta(days=10)


def coordinator() -> Actor:
    return make.actor(make.staff("coordinator"))


def terms(panel: Panel, **of_last: dt.date) -> list[MemberTerms]:
    """The members as they are, the last one with a term of office."""
    found = [MemberTerms(member.person_id, member.role) for member in queries.current_members(panel)]
    return [*found[:-1], MemberTerms(found[-1].person_id, found[-1].role, **of_last)]


def changed(panel: Panel, **more: object) -> Panel:
    members = more.pop("members", None) or terms(panel)
    return commands.change_panel(coordinator(), panel, name=panel.name, members=members, **more)


def convened(panel: Panel, **of_idea: object) -> Review:
    idea = make.idea(place="at_screening", **of_idea)
    return commands.convene_panel(coordinator(), idea, panel_id=panel.id)


# Terms of office


@pytest.mark.parametrize(
    ("term", "sits"),
    [
        ({"term_until": AHEAD}, True),
        ({"term_until": TODAY}, True),
        ({"term_until": AGO}, False),
        ({"term_from": AHEAD}, False),
        ({"term_from": AGO, "term_until": AHEAD}, True),
    ],
)
def test_only_whoever_is_in_office_is_convened(term: dict[str, dt.date], sits: bool) -> None:
    panel = make.panel()
    changed(panel, members=terms(panel, **term))

    assert len(convened(panel).seats) == (4 if sits else 3)


def test_where_too_few_are_in_office_the_refusal_says_whose_term_has_ended() -> None:
    panel = make.panel(size=3)
    changed(panel, members=terms(panel, term_until=AGO))

    with pytest.raises(Refused) as refused:
        convened(panel)

    assert refused.value.reasons[-1] == "The term of Panel practitioner has ended."


def test_another_term_is_another_row_and_the_same_one_stays() -> None:
    panel = make.panel()
    changed(panel, members=terms(panel, term_until=AHEAD))
    changed(panel, members=terms(panel, term_until=AHEAD))

    rows = [member for member in panel.members if member.role == "member"]

    assert [(row.term_until, row.until is None) for row in rows] == [(None, False), (AHEAD, True)]


def test_a_term_does_not_end_before_it_begins() -> None:
    panel = make.panel()

    with pytest.raises(Refused, match="ends before it begins"):
        changed(panel, members=terms(panel, term_from=AHEAD, term_until=AGO))


def test_terms_that_end_soon_or_have_ended_are_listed_to_the_coordinator() -> None:
    panel, later, retired = make.panel(), make.panel("pilot"), make.panel(retired_at=now())
    for each, until in ((panel, AHEAD), (later, TODAY + dt.timedelta(days=90)), (retired, AHEAD)):
        each.members[-1].term_until = until

    assert queries.list_ending_terms(coordinator(), TODAY) == [panel.members[-1]]


# What a panel is for


def test_a_panel_sits_at_several_gates() -> None:
    panel = changed(make.panel("pilot", 5), further_gates=["screening", "pilot"])

    assert (panel.gate_keys, convened(panel).gate_key) == (("pilot", "screening"), "screening")


def test_the_panel_of_the_theme_is_suggested_and_never_one_of_another_theme() -> None:
    t1, t6 = (make.first(Theme, programme_id=make.programme().id, key=key) for key in ("t1", "t6"))
    general = make.panel()
    for_t6 = changed(make.panel(), theme_ids=[t6.id])
    gate = make.workflow().definition.gate("screening")

    ideas = [make.idea(place="at_screening", theme_id=theme.id) for theme in (t1, t6)]

    assert [queries.suggested_panel(idea, gate) for idea in ideas] == [general, for_t6]


@pytest.mark.parametrize("unknown", [{"further_gates": ["nowhere"]}, {"theme_ids": [999]}])
def test_a_panel_covers_only_what_the_programme_has(unknown: dict[str, list[object]]) -> None:
    with pytest.raises(Refused, match="The programme has no such"):
        changed(make.panel(), **unknown)


def test_what_a_gate_asks_of_a_panel_is_said_in_sentences() -> None:
    gate = make.workflow().definition.gate("pilot")

    good = composition.lacking(gate, ["chair", "government", "practitioner", "member"])
    bad = composition.lacking(gate, ["government", "alternate"])

    assert good == ()
    assert bad[-2:] == (
        "Only 1 of the people left can score, and the quorum is 4.",
        "Nobody is left to chair the panel.",
    )
    assert len(composition.advice(gate, ["chair", "member", "member", "member"])) == 2


# Seats to fill


def seat_on(panel: Panel, role: str = "alternate") -> Person:
    person = make.person("Alternate Person")
    make.account(person)
    make.add(PanelMember(panel_id=panel.id, person_id=person.id, role=role))
    db.session.expire(panel, ["members"])
    return person


def sitting(size: int = 4) -> tuple[Review, Seat]:
    """A review, and the seat of a member who can still score."""
    review = convened(make.panel(size=size))
    return review, review.seats[-1]


def leave_panel(review: Review, seat: Seat) -> None:
    panel = db.session.get_one(Panel, review.panel_id)
    changed(panel, members=[each for each in terms(panel) if each.person_id != seat.person_id])


def close_sign_in(review: Review, seat: Seat) -> None:
    make.account(seat.person).disabled_at = now()


def lapse(review: Review, seat: Seat) -> None:
    make.first(PanelMember, person_id=seat.person_id).term_until = AGO


@pytest.mark.parametrize(("how", "why"), [(leave_panel, "left"), (close_sign_in, "closed"), (lapse, "lapsed")])
def test_whoever_leaves_while_they_sit_is_listed(how: object, why: str) -> None:
    review, seat = sitting()
    how(review, seat)  # type: ignore[operator]
    db.session.commit()

    found = queries.list_leavers(coordinator(), TODAY)

    assert [(leaver.person_id, leaver.why, leaver.to_fill) for leaver in found] == [(seat.person_id, why, [seat])]


def test_a_guest_who_was_never_on_the_panel_has_not_left() -> None:
    review, _seat = sitting()
    guest = make.person()
    make.account(guest)
    commands.seat_person(coordinator(), review, person_id=guest.id, role="member")

    assert queries.list_leavers(coordinator(), TODAY) == []


def test_an_alternate_takes_the_seat_and_quorum_and_reminders_follow() -> None:
    review, seat = sitting()
    alternate = seat_on(db.session.get_one(Panel, review.panel_id))
    leave_panel(review, seat)

    taken = commands.replace_seat(coordinator(), seat, by_id=alternate.id)

    assert (seat.stance, taken.person_id, taken.role) == ("excused", alternate.id, "member")
    assert queries.list_owing_seats(review) == [*review.seats[:3], taken]
    assert queries.progress([review.idea_id])[review.idea_id].expected == 4


def test_whoever_has_scored_keeps_the_seat() -> None:
    review, seat = sitting()
    make.score(seat)
    leave_panel(review, seat)

    leaver = queries.list_leavers(coordinator(), TODAY)[0]

    assert (leaver.seats, leaver.to_fill) == ([seat], [])
    with pytest.raises(Refused, match="submitted a scorecard"):
        commands.replace_seat(coordinator(), seat, by_id=None)


def test_a_panel_that_lost_too_many_says_what_it_lacks() -> None:
    review, seat = sitting(3)
    commands.excuse_seat(coordinator(), seat)

    short = queries.list_short_panels(coordinator())

    assert [(each.review, each.lacking[-1]) for each in short] == [
        (review, "Only 2 of the people left can score, and the quorum is 3.")
    ]


def test_the_page_fills_every_seat_of_whoever_has_left(client: FlaskClient) -> None:
    panel = make.panel()
    alternate = seat_on(panel)
    reviews = [convened(panel), convened(panel)]
    seat = reviews[0].seats[3]
    leave_panel(reviews[0], seat)
    make.sign_in(client, make.staff("coordinator"))

    page = client.get("/panels/vacancies").text
    done = client.post("/panels/vacancies", data={"person_id": seat.person_id, "by": alternate.id}).text
    db.session.expire_all()

    assert ("has left the panel" in page, "Fill 2 seats" in page) == (True, True)
    assert ("2 seats went well." in done, "Nobody has left" in done) == (True, True)
    assert {review.seat_of(alternate.id).role for review in reviews} == {"member"}


def test_the_page_shows_nothing_of_another_programme(client: FlaskClient) -> None:
    review, seat = sitting()
    leave_panel(review, seat)
    make.sign_in(client, make.staff("coordinator", programme_id=make.programme("others").id))

    page, sent = client.get("/panels/vacancies"), client.post("/panels/vacancies", data={"person_id": seat.person_id})

    assert (review.idea.reference in page.text, sent.status_code) == (False, 422)


def test_nonsense_excuses_nobody(client: FlaskClient) -> None:
    review, seat = sitting()
    leave_panel(review, seat)
    make.sign_in(client, make.staff("coordinator"))

    sent = [
        client.post("/panels/vacancies", data={"person_id": person, "by": by})
        for person, by in ((seat.person_id, "somebody"), (seat.person_id, 99999), ("x", ""))
    ]
    db.session.expire_all()

    assert [answer.status_code for answer in sent] == [422, 422, 422]
    assert "Choose who takes the seats" in sent[0].text
    assert review.seat_of(seat.person_id) is not None


def test_the_page_of_a_panel_says_what_it_lacks_and_keeps_terms(client: FlaskClient) -> None:
    panel = make.panel(size=2)
    for member in panel.members:
        make.account(member.person)
    make.sign_in(client, make.staff("coordinator"))
    sent = {"name": panel.name, "further_gates": "pilot"}
    for at, member in enumerate(panel.members):
        sent |= {f"members-{at}-email": member.person.email, f"members-{at}-role": member.role}

    client.post(f"/panels/{panel.id}", data=sent | {"members-0-term_until": AHEAD.isoformat()})
    page = client.get(f"/panels/{panel.id}").text
    db.session.expire_all()

    assert "Only 2 of the people left can score, and the quorum is 3." in page
    assert "Pilot gate: cannot decide as it is" in page
    assert {member.term_until for member in queries.current_members(panel)} == {AHEAD, None}


def test_the_page_to_convene_shows_what_was_noticed_of_each_member(client: FlaskClient) -> None:
    panel, idea = make.panel(), make.idea(place="at_screening", captured_by_id=None)
    db.session.get_one(Idea, idea.id).captured_by_id = panel.members[2].person_id
    make.sign_in(client, make.staff("coordinator"))

    page = client.get(f"/ideas/{idea.reference}/gate/panel").text

    assert page.count("Wrote this idea down") == 1
