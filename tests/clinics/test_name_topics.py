"""Topics of a wall are known by their names."""

from __future__ import annotations

from typing import Any

import pytest

from innovation.clinics import walls
from tests import make
from workflows import Refused


def test_two_topics_of_a_wall_never_have_the_same_name(app: Any) -> None:
    clinic = make.clinic()
    actor = make.actor(make.staff("facilitator", clinic_id=clinic.id))
    walls.add_topic(actor, clinic, name="Reading")
    other = walls.add_topic(actor, clinic, name="Numbers")

    with pytest.raises(Refused, match="a topic of this name"):
        walls.add_topic(actor, clinic, name="reading")
    with pytest.raises(Refused, match="a topic of this name"):
        walls.rename_topic(actor, clinic, topic_id=other.id, name="Reading")
    walls.rename_topic(actor, clinic, topic_id=other.id, name="numbers")

    assert [topic.name for topic in walls.list_topics(clinic)] == ["Reading", "numbers"]
