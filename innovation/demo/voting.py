"""How the rooms of the demonstration voted: ideas on the wall by topic, dots from phones, a tie, and a shortlist."""

from __future__ import annotations

from collections.abc import Sequence

from innovation.clinics import rooms, rounds, walls
from innovation.clinics.models import Clinic, Device
from innovation.demo.telling import Story, moment
from innovation.ideas.models import Idea
from innovation.permission import STRANGER, Actor

VOTED = "thohoyandou-2026"  # the clinic that has a result, a tie that was broken, and a shortlist
TOPICS = ("In the classroom", "After school")
QUESTION = "Which should we try first?"
# Dots of each phone by the order of ideas: the third and the fourth are level.
BALLOTS = ({0: 2, 1: 1}, {0: 1, 2: 1, 3: 1}, {0: 1, 1: 2}, {2: 1, 4: 1, 5: 1}, {0: 2, 3: 1})


def let_people_join(facilitator: Actor, clinic: Clinic, labels: Sequence[str]) -> list[Device]:
    """The room is open, and these phones have joined."""
    room = rooms.open_room(facilitator, clinic)
    return [rooms.join_room(STRANGER, room, label=label)[0] for label in labels]


def gather(facilitator: Actor, clinic: Clinic, ideas: Sequence[Idea]) -> None:
    """Every idea is on the wall, half of them under each topic."""
    walls.release_ideas(facilitator, clinic, idea_ids=[idea.id for idea in ideas])
    for start, name in enumerate(TOPICS):
        walls.add_topic(facilitator, clinic, name=name, idea_ids=[idea.id for idea in ideas[start::2]])


def vote(facilitator: Actor, clinic: Clinic, ideas: Sequence[Idea], phones: Sequence[Device]) -> Story:
    """A round of ten minutes, counted; the third place is settled by somebody whom the room has named."""
    day = clinic.starts_on
    yield moment(day, 15, 40)
    made = rounds.open_round(facilitator, clinic, dots=3, most=2, question=QUESTION, shows="heat")
    yield moment(day, 15, 45)
    for phone, marks in zip(phones, BALLOTS, strict=False):
        placed = {ideas[at].id: dots for at, dots in marks.items() if at < len(ideas)}
        voter = rounds.voter_of(phone, None, made)
        actor = rooms.actor_of(clinic, phone)
        rounds.place_dots(actor, clinic, round_id=made.id, voter=voter, marks=placed, based_on=0)
    yield moment(day, 15, 50)
    rounds.close_round(facilitator, clinic, round_id=made.id)
    yield moment(day, 15, 55)
    rounds.break_tie(
        facilitator,
        clinic,
        round_id=made.id,
        idea_id=ideas[2].id,
        decided_by="The circuit manager",
        reason="Two schools of the circuit have asked for it.",
    )
    rounds.shortlist_by_dots(facilitator, clinic, round_id=made.id, many=3)
