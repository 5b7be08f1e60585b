"""Writing visits down: by whom, what makes sense, once however often it is sent, and corrected with a reason."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from innovation.db import db
from innovation.events import Event
from innovation.ideas import store
from innovation.ideas.filecheck import Checked
from innovation.permission import Forbidden, NotThere
from innovation.pilots import commands, queries
from innovation.pilots.plan_models import Pilot
from innovation.pilots.visit_models import PilotVisit
from innovation.pilots.visiting import SentBefore
from innovation.worker import deliver_owed
from tests import make
from tests.clinics.test_deliver_from_phone import picture
from tests.pilots.held import pilot as held
from tests.pilots.visited import DAY, TODAY, details, marks, sent, visited
from workflows import Refused

pytestmark = pytest.mark.usefixtures("in_october")


@pytest.fixture
def in_october() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def count(model: type[Any] = PilotVisit) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def pilot_at_rest(**more: object) -> Pilot:
    """A pilot that what is refused afterwards does not take back."""
    made = held(**more)  # type: ignore[arg-type]
    db.session.commit()
    return made


def test_a_visit_is_kept_with_what_was_seen_and_not_with_what_was_not(app: object) -> None:
    pilot = held()

    visit = visited(pilot, harm=True)

    assert (visit.number, visit.adherence, visit.differentiation, visit.learners) == (1, 8, None, 41)
    assert queries.reference_of(visit) == f"{pilot.idea.reference}-V1"
    event = db.session.scalars(sa.select(Event).where(Event.kind == "visit_recorded")).one()
    assert event.data == {"idea_id": pilot.idea_id, "pilot_id": pilot.id, "visit_id": visit.id, "harm": True}


def test_the_team_and_the_coordinator_write_visits_down_and_others_do_not(app: object) -> None:
    pilot = pilot_at_rest()
    helper = make.contributor(pilot.idea)
    coordinator, manager = make.staff("coordinator"), make.staff("manager")

    for person in (helper, coordinator):
        commands.record_visit(make.actor(person), pilot, **details(pilot))

    with pytest.raises(Forbidden):
        commands.record_visit(make.actor(manager), pilot, **details(pilot))
    assert count() == 2


def test_a_facilitator_counts_once_they_are_on_the_team(app: object) -> None:
    idea = make.idea(place="piloting", clinic_id=make.clinic().id)
    pilot = held(idea)
    facilitator = make.grant(make.person(), "facilitator", programme_id=idea.programme_id, clinic_id=idea.clinic_id)
    db.session.commit()

    with pytest.raises(Forbidden):
        commands.record_visit(make.actor(facilitator), pilot, **details(pilot))
    make.contributor(idea, facilitator)
    db.session.expire(idea)
    commands.record_visit(make.actor(facilitator), pilot, **details(pilot))

    assert count() == 1


def test_the_same_visit_sent_twice_is_one(app: object) -> None:
    pilot = held()
    told, owner = details(pilot), make.actor(pilot.idea.owner)

    first, again = (commands.record_visit(owner, pilot, **told) for _n in range(2))

    assert (first.is_new, again.is_new, again.visit.id) == (True, False, first.visit.id)
    assert count() == 1


def test_other_words_under_the_same_key_are_refused_and_name_the_visit_that_is_there(app: object) -> None:
    pilot = held()
    told, owner = details(pilot), make.actor(pilot.idea.owner)
    first = commands.record_visit(owner, pilot, **told).visit
    name = queries.reference_of(first)
    db.session.commit()

    with pytest.raises(SentBefore) as refused:
        commands.record_visit(owner, pilot, **(told | {"worked": "Something else."}))

    assert (refused.value.reference, count()) == (name, 1)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"visited_on": dt.date(2026, 10, 3)}, "This day is still to come."),
        ({"visited_on": dt.date(2025, 9, 1)}, "This day is long before the pilot began."),
        ({"quality": 11}, "Each dimension is from 0 to 10."),
    ],
)
def test_what_makes_no_sense_is_refused(app: object, more: dict[str, Any], reason: str) -> None:
    pilot = pilot_at_rest()

    with pytest.raises(Refused) as refused:
        visited(pilot, **more)

    assert refused.value.reasons == (reason,)


def test_nothing_is_visited_before_the_pilot_begins_nor_after_a_site_has_left(app: object) -> None:
    pilot = held()
    pilot.sites[1].left_on = DAY - dt.timedelta(days=1)
    db.session.commit()

    with pytest.raises(Refused) as left:
        visited(pilot, 1)
    db.session.execute(sa.update(Pilot).values(state="planned"))
    db.session.commit()
    db.session.expire_all()
    with pytest.raises(Refused) as planned:
        visited(pilot)

    assert left.value.reasons == ("This place had left the pilot by then.",)
    assert planned.value.reasons == ("The pilot has not begun: there is nothing to visit yet.",)


def test_a_site_of_another_pilot_is_none(app: object) -> None:
    pilot, other = held(), held(make.idea(place="piloting"), sites=1)

    with pytest.raises(NotThere):
        visited(pilot, site_id=other.sites[0].id)


def test_its_visitor_corrects_a_visit_and_what_stood_before_is_kept_with_the_reason(app: object) -> None:
    pilot = held()
    visit, owner = visited(pilot), make.actor(pilot.idea.owner)
    told = {name: value for name, value in details(pilot).items() if name != "client_id"}

    commands.correct_visit(owner, visit, **(told | {"quality": 3, "harm": False, "reason": "I mixed two schools up."}))

    assert visit.quality == 3
    assert [(each.changes, each.reason) for each in visit.corrections] == [
        ([{"what": "quality", "of": "", "before": 7, "after": 3}], "I mixed two schools up.")
    ]


def test_nobody_else_corrects_it_and_nothing_without_a_reason(app: object) -> None:
    pilot = held()
    visit = visited(pilot)
    told = {name: value for name, value in details(pilot, quality=3).items() if name != "client_id"} | {"harm": False}
    coordinator = make.actor(make.staff("coordinator"))
    owner = make.actor(pilot.idea.owner)
    db.session.commit()

    with pytest.raises(Forbidden):
        commands.correct_visit(coordinator, visit, **told, reason="I know better.")
    with pytest.raises(Refused) as refused:
        commands.correct_visit(owner, visit, **told, reason=" ")

    assert refused.value.reasons == ("Say why it is corrected.",)


# Pages


def test_the_form_works_without_scripts_and_leads_to_the_visit(client: FlaskClient) -> None:
    pilot = held()
    make.sign_in(client, pilot.idea.owner)
    address = f"/ideas/{pilot.idea.reference}/pilot/visits"

    page = client.get(f"{address}/form").text
    answer = client.post(f"{address}/form", data=sent(pilot))

    assert "Never faces of learners" in page
    assert answer.location == f"{address}/1"
    shown = client.get(answer.location).text
    assert "The pairs read by themselves." in shown
    assert "not seen" in shown


def test_what_is_wrong_is_said_at_the_field_and_all_that_was_typed_stays(client: FlaskClient) -> None:
    pilot = held()
    make.sign_in(client, pilot.idea.owner)

    answer = client.post(
        f"/ideas/{pilot.idea.reference}/pilot/visits/form", data=sent(pilot, site="", learners="many", worked="Pairs.")
    )

    assert answer.status_code == 422
    assert "Please fill this in." in answer.text
    assert "Write a number from 0 to 100 000." in answer.text
    assert "Pairs." in answer.text


def test_a_visit_says_at_least_something(client: FlaskClient) -> None:
    pilot = held()
    make.sign_in(client, pilot.idea.owner)
    nothing = {"adherence": "", "quality": "", "learners": "", "worked": ""}

    answer = client.post(f"/ideas/{pilot.idea.reference}/pilot/visits/form", data=sent(pilot, **nothing))

    assert answer.status_code == 422
    assert "Write what you saw: a mark, a number, or a few words." in answer.text


def test_fewer_than_ten_learners_are_told_to_the_team_alone(client: FlaskClient) -> None:
    pilot = held()
    visit = visited(pilot, learners=4, teachers=None)
    address = f"/ideas/{pilot.idea.reference}/pilot/visits"
    correction = {k: v for k, v in details(pilot, learners=2, teachers=None).items() if k != "client_id"}
    commands.correct_visit(make.actor(pilot.idea.owner), visit, **correction, harm=False, reason="Counted again.")
    make.sign_in(client, make.staff("manager"))

    shown = [client.get(at).text for at in (address, f"{address}/1", f"{address}?export=csv")]

    assert ["fewer than 10" in each for each in shown] == [True, True, True]
    assert not any(f">{few}<" in each or f"{few} →" in each or f",{few}," in each for each in shown for few in (2, 4))


def test_the_list_can_be_narrowed_to_a_site_and_taken_along_as_a_table(client: FlaskClient) -> None:
    pilot = held()
    for number in (0, 1, 1):
        visited(pilot, number, **marks(2, 4, None, None, None))
    make.sign_in(client, pilot.idea.owner)
    address = f"/ideas/{pilot.idea.reference}/pilot/visits"

    narrowed = client.get(f"{address}?text={pilot.sites[1].place}").text
    table = client.get(f"{address}?export=csv").text

    assert "2 visits" in narrowed
    assert len(table.strip().splitlines()) == 4
    assert f"{pilot.idea.reference}-V1,2026-09-14,{pilot.sites[0].place}" in table


def test_a_photo_is_drawn_anew_and_taken_away_by_the_coordinator(client: FlaskClient) -> None:
    pilot = held()
    make.sign_in(client, pilot.idea.owner)
    address = f"/ideas/{pilot.idea.reference}/pilot/visits"
    client.post(
        f"{address}/form",
        data=sent(pilot, photo=(io.BytesIO(picture("PNG")), "room.png")),
        content_type="multipart/form-data",
    )
    kept = client.get(f"{address}/1/photo")

    make.sign_in(client, make.staff("coordinator"))
    client.post(f"{address}/1/photo")

    assert (kept.status_code, kept.mimetype) == (200, "image/png")
    assert client.get(f"{address}/1/photo").status_code == 404
    assert "The photo of this visit" not in client.get(f"{address}/1").text


def test_a_photo_that_was_taken_away_leaves_the_store(client: FlaskClient) -> None:
    pilot = held()
    visit = visited(pilot, photo=Checked("room.png", picture("PNG"), "image/png"))
    key = visit.photo_key or ""

    commands.remove_visit_photo(make.actor(pilot.idea.owner), visit)
    before = store.store().has(key)
    deliver_owed()

    assert (before, store.store().has(key), visit.photo_key) == (True, False, None)


def test_while_the_store_is_away_a_photo_that_was_taken_away_waits_and_nobody_sees_it(client: FlaskClient) -> None:
    pilot = held()
    visit = visited(pilot, photo=Checked("room.png", picture("PNG"), "image/png"))
    key = visit.photo_key or ""
    commands.remove_visit_photo(make.actor(pilot.idea.owner), visit)
    store.store().drop(key)  # gone already, by a try that was cut off

    shown = make.sign_in(client, pilot.idea.owner).get(f"/ideas/{pilot.idea.reference}/pilot/visits/1/photo")
    deliver_owed()

    assert (shown.status_code, visit.photo_key) == (404, None)


# What it comes to


def test_the_pack_tells_of_each_dimension_and_of_sites_that_nobody_visited(app: object) -> None:
    pilot = held(sites=4)
    pilot.sites[3].is_comparison = True
    visited(pilot, 0, **marks(8, 6, 4, None, None))
    visited(pilot, 1, **marks(4, 6, None, None, None))
    visited(pilot, 3, **marks(0, 0, 0, 0, 0))

    part = queries.sections.SECTIONS["visits"](pilot)

    assert part is not None
    assert [row[1:] for row in part.rows] == [
        ("6.0", "4", "8", "2"),
        ("6.0", "6", "6", "2"),
        ("4.0", "4", "4", "1"),
        ("–", "–", "–", "0"),
        ("–", "–", "–", "0"),
    ]
    assert part.notes == ("Visits: 3, at 2 of 3 sites.", "Not visited: Demo Primary School.")


def test_a_pilot_that_nobody_visited_has_nothing_to_tell_of_visits(app: object) -> None:
    assert queries.sections.SECTIONS["visits"](held()) is None


def test_fidelity_over_time_is_drawn_for_each_site_from_its_oldest_visit_on(app: object) -> None:
    pilot = held()
    visited(pilot, 0, **marks(8, 8, None, None, None))
    visited(pilot, 0, visited_on=DAY - dt.timedelta(days=30), **marks(2, 4, None, None, None))
    visited(pilot, 1, **marks(None, None, None, None, None))

    courses = queries.list_courses(pilot)

    assert [[(point.day, point.mean) for point in course.points] for course in courses] == [
        [(DAY - dt.timedelta(days=30), 3.0), (DAY, 8.0)]
    ]
