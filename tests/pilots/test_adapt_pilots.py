"""Adaptations of a pilot: cycles of plan, do, study and act, and what they tell in the pack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient

from innovation.db import db
from innovation.permission import Actor, Forbidden
from innovation.pilots import commands, queries
from innovation.pilots.adaptation_models import PilotAdaptation
from innovation.pilots.queries.sections import SECTIONS
from tests import make
from tests.pilots.held import pilot as held
from tests.pilots.visited import DAY, TODAY, adapted
from workflows import Refused

pytestmark = pytest.mark.usefixtures("in_october")


@pytest.fixture
def in_october() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def owner_of(adaptation: PilotAdaptation) -> Actor:
    return make.actor(adaptation.idea.owner)


def tried(adaptation: PilotAdaptation, act: str = "again") -> PilotAdaptation:
    """Through all of its steps."""
    owner = owner_of(adaptation)
    commands.try_adaptation(owner, adaptation, begun_on=DAY, done="Three schools read at a quarter past seven.")
    commands.study_adaptation(owner, adaptation, studied_on=DAY, found="Two of three held it; buses came late.")
    return commands.settle_adaptation(owner, adaptation, settled_on=DAY, act=act, because="The buses.")


def test_an_adaptation_goes_through_its_cycle_with_days_and_people(app: object) -> None:
    adaptation = adapted(held(), is_core=True, who="Lead teacher")

    tried(adaptation, "keep")

    owner = adaptation.idea.owner_id
    assert (adaptation.state, adaptation.act, adaptation.is_core) == ("settled", "keep", True)
    assert {adaptation.planned_by_id, adaptation.begun_by_id, adaptation.studied_by_id} == {owner}
    assert [adaptation.planned_on, adaptation.begun_on, adaptation.studied_on, adaptation.settled_on] == [DAY] * 4


def test_what_is_changed_again_goes_on_in_one_next_cycle(app: object) -> None:
    pilot = held()
    first = tried(adapted(pilot))
    second = adapted(pilot, follows=first)
    db.session.commit()

    with pytest.raises(Refused) as twice:
        adapted(pilot, follows=first)

    assert (second.number, second.follows_id) == (2, first.id)
    assert twice.value.reasons == ("The next cycle of this one has begun already.",)


def test_what_is_kept_has_no_next_cycle(app: object) -> None:
    pilot = held()
    kept = tried(adapted(pilot), "keep")
    db.session.commit()

    with pytest.raises(Refused) as refused:
        adapted(pilot, follows=kept)

    assert refused.value.reasons == ("Only what is to be changed again has another cycle.",)


def test_steps_come_in_the_order_of_their_days(app: object) -> None:
    adaptation = adapted(held())
    db.session.commit()

    with pytest.raises(Refused) as refused:
        commands.try_adaptation(
            owner_of(adaptation), adaptation, begun_on=DAY - dt.timedelta(days=1), done="We read earlier."
        )

    assert refused.value.reasons == ("This day is before that of the step before it.",)


def test_what_nobody_tries_is_dropped_with_a_reason(app: object) -> None:
    adaptation = adapted(held())

    commands.drop_adaptation(owner_of(adaptation), adaptation, because="The hall is let.")

    assert (adaptation.state, adaptation.act, adaptation.because) == ("settled", "drop", "The hall is let.")


def test_a_manager_reads_them_and_changes_nothing(client: FlaskClient) -> None:
    pilot = held()
    adapted(pilot)
    manager = make.staff("manager")
    make.sign_in(client, manager)

    page = client.get(f"/ideas/{pilot.idea.reference}/pilot/adaptations").text

    assert "Read before the first lesson." in page
    assert "Plan an adaptation" not in page
    with pytest.raises(Forbidden):
        commands.try_adaptation(make.actor(manager), queries.list_adaptations(pilot)[0], begun_on=DAY, done="No.")


def test_the_page_leads_through_the_whole_cycle(client: FlaskClient) -> None:
    pilot = held()
    make.sign_in(client, pilot.idea.owner)
    address = f"/ideas/{pilot.idea.reference}/pilot/adaptations"
    plan = {"change": "Read first.", "goal": "Fewer lost days.", "touches": "amount", "kind": "core"}
    plan |= {"planned_on": "2026-09-14"}
    steps = [
        ("", {f"new-{name}": value for name, value in plan.items()}),
        ("/1/steps/try", {"try1-done": "Three schools did.", "try1-begun_on": "2026-09-15"}),
        ("/1/steps/study", {"study1-found": "It held.", "study1-studied_on": "2026-09-22"}),
        ("/1/steps/settle", {"settle1-act": "again", "settle1-settled_on": "2026-09-23"}),
        ("/1/next", {f"a1-{name}": value for name, value in plan.items()}),
    ]

    answers = [client.post(f"{address}{path}", data=data) for path, data in steps]

    assert [answer.location for answer in answers] == [f"{address}#adaptation-{n}" for n in (1, 1, 1, 1, 2)]
    page = client.get(address).text
    assert page.index("Adaptation 1") < page.index("It held.") < page.index("Adaptation 2")
    assert "It goes on as adaptation 2" in page


def test_the_plan_shows_them_in_the_order_of_time(client: FlaskClient) -> None:
    pilot = held()
    adapted(pilot, change="Read after break.")
    adapted(pilot, change="Read before school.", planned_on=DAY - dt.timedelta(days=7), is_core=True)
    make.sign_in(client, pilot.idea.owner)

    page = client.get(f"/ideas/{pilot.idea.reference}/pilot").text

    assert page.index("Read before school.") < page.index("Core part") < page.index("Read after break.")


def test_what_is_left_out_is_said_and_what_was_typed_stays(client: FlaskClient) -> None:
    pilot = held()
    make.sign_in(client, pilot.idea.owner)

    answer = client.post(
        f"/ideas/{pilot.idea.reference}/pilot/adaptations",
        data={"new-change": "Read first.", "new-planned_on": "2026-09-14"},
    )

    assert answer.status_code == 422
    assert "Read first." in answer.text
    assert answer.text.count("Please fill this in.") >= 2


def test_the_pack_tells_of_adaptations_and_points_out_the_core(app: object) -> None:
    pilot = held()
    tried(adapted(pilot, is_core=True), "drop")
    adapted(pilot)

    part = SECTIONS["adaptations"](pilot)

    assert part is not None
    assert [(row[1], row[3], row[4]) for row in part.rows] == [
        (
            "How often, how long and when (core)",
            "Two of three held it; buses came late.",
            "Dropped, 14 Sep 2026",
        ),
        ("How often, how long and when (adaptable)", "–", "Planned"),
    ]
    assert part.notes == ("1 of 2 adaptations touch a core part.",)
