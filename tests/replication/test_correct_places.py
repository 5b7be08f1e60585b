"""Places of a rollout are corrected, and leave with a reason; whatever counts them follows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask.testing import FlaskClient

from innovation.db import db
from innovation.events import Event
from innovation.insights.queries import Narrowed, find_reach
from innovation.permission import SYSTEM, Forbidden
from innovation.replication import commands
from innovation.replication.models import Rollout, RolloutSite
from tests import make
from tests.replication import taken_up
from workflows import Refused

SAID = {"learners": 40, "teachers": 2, "starts_on": dt.date(2026, 2, 2), "ends_on": None, "left_because": ""}
LEFT = {"ends_on": dt.date(2026, 6, 30), "left_because": "The reader has moved away."}


@pytest.fixture
def site(app: Any) -> RolloutSite:
    contact = make.person("Contact")
    make.account(contact)
    made = taken_up.rollout(taken_up.playbook(), contact_id=contact.id).sites[0]
    db.session.commit()
    return made


def change(site: RolloutSite, **said: Any) -> RolloutSite:
    owner, where = make.actor(site.rollout.idea.owner), {"place": site.place, **SAID}
    return commands.change_rollout_site(owner, site.rollout, site=site, **(where | said))


def reached(by: Narrowed | None = None) -> tuple[int, int, list[str]]:
    found = find_reach(SYSTEM, by or Narrowed())
    cell = found.stages.get("rollout")
    return (cell.places, cell.learners, sorted(found.provinces)) if cell else (0, 0, [])


def test_a_wrong_number_and_wrong_learners_are_corrected_and_reach_follows(site: RolloutSite) -> None:
    school, before = make.school("930320008"), reached()

    change(site, place="", emis=school.emis, learners=55)

    assert (before, reached()) == ((1, 40, [""]), (1, 55, ["ZA-LP"]))
    assert (site.place, site.emis) == (school.emis, school.emis)
    assert make.first(Event, kind="rollout_site_changed").data["what"] == ["place", "emis", "learners", "teachers"]


def test_a_place_that_left_is_not_reached_afterwards(site: RolloutSite) -> None:
    change(site, **LEFT)

    june, july = (Narrowed(since=dt.date(2026, month, 1), until=dt.date(2026, month, 28)) for month in (6, 7))
    assert (reached(june)[0], reached(july)[0]) == (1, 0)
    assert site.left_because == "The reader has moved away."


@pytest.mark.parametrize("said", [{"ends_on": dt.date(2026, 6, 30)}, {"left_because": "It moved."}])
def test_a_place_leaves_on_a_day_and_for_a_reason(site: RolloutSite, said: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        change(site, **said)

    assert (site.ends_on, site.left_because) == (None, "")


def test_no_place_becomes_another_one_of_the_rollout(site: RolloutSite) -> None:
    commands.add_rollout_site(make.actor(site.rollout.idea.owner), site.rollout, place="The hall")

    with pytest.raises(Refused) as refused:
        change(site, place="THE HALL")

    assert refused.value.reasons == ("This place is in the rollout already.",)


def test_the_adopter_corrects_no_places(site: RolloutSite) -> None:
    rollout: Rollout = site.rollout
    assert rollout.contact is not None

    with pytest.raises(Forbidden):
        commands.change_rollout_site(make.actor(rollout.contact), rollout, site=site, place="Elsewhere", **SAID)


def test_on_its_page_a_place_is_corrected_and_what_is_refused_stays_typed(
    client: FlaskClient, site: RolloutSite
) -> None:
    idea = site.rollout.idea
    browser = make.sign_in(client, idea.owner)
    address = f"/ideas/{idea.reference}/rollouts/1/sites/{site.id}"
    db.session.commit()

    refused = browser.post(address, data={"place": "Place 1", "learners": "41", "ends_on": "2026-06-30"})
    kept = browser.post(address, data={"place": "Place 1", "learners": "41", "starts_on": "2026-02-02"})

    assert refused.status_code == 422
    assert 'value="41"' in refused.text
    assert (kept.status_code, browser.get(address).status_code) == (302, 200)
    db.session.expire_all()
    assert db.session.get_one(RolloutSite, site.id).learners == 41
