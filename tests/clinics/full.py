"""A clinic that has all that a phone takes along: sixty ideas on its wall, sixty open lessons, forty topics."""

from __future__ import annotations

import random
from pathlib import Path

from innovation.clinics.models import Clinic, Device
from innovation.clinics.wall_models import RoomWall
from innovation.db import now
from innovation.ideas.lesson_models import Lesson
from innovation.programmes.models import Topic
from tests import make

MANY = 60
SPOKEN = Path(__file__).parents[2] / "bench" / "paraphrases.tsv"


class Sayings:
    """Texts of a given length, of the words of real projects in another order each time."""

    def __init__(self) -> None:
        self.words = SPOKEN.read_text(encoding="utf-8").replace("\t", " ").split()
        self.chance = random.Random(5)

    def say(self, letters: int) -> str:
        text = ""
        while len(text) < letters:
            text += self.chance.choice(self.words) + " "
        return text[:letters].strip()


def full_clinic(code: str = "KXTRPW") -> Device:
    """A phone of the clinic; the clinic is joined by the code."""
    clinic, sayings = make.clinic(), Sayings()
    make.add(RoomWall(clinic_id=clinic.id, view="ideas", at_once=True, names=False, spent=0))
    for number in range(MANY):
        summary = sayings.say(300)
        make.idea(clinic_id=clinic.id, title=sayings.say(80), summary=summary, answers={"summary": summary})
        _lesson(clinic, sayings)
        if number < 40:
            make.add(Topic(programme_id=clinic.programme_id, key=f"t{number}", name=sayings.say(30), position=number))
    return make.room(clinic, code)


def _lesson(clinic: Clinic, sayings: Sayings) -> None:
    tried, otherwise = sayings.say(300), sayings.say(300)
    make.add(
        Lesson(
            idea_id=make.idea(place="concept", standing="stopped").id,
            programme_id=clinic.programme_id,
            ended="stopped",
            place="concept",
            given_at=now(),
            number=1,
            cause="too_dear",
            tried=tried,
            otherwise=otherwise,
            agreed_at=now(),
            released_at=now(),
        )
    )
