"""Funders' interest in ideas made in bulk."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from innovation.demo.bulk.society import Society
from innovation.funders.events import InterestAccepted, InterestDeclined, InterestShown
from innovation.funders.models import Interest
from innovation.ideas.models import Idea
from workflows import INTEREST

ONE_IN = 14
DAY = dt.timedelta(days=1)
MESSAGES = (
    "This is close to what we fund. May we talk about the first year?",
    "We know these schools and would like to hear more.",
    "Your measure is clear. Could we see the plan for the second term?",
)


def show_interests(society: Society, seed: int) -> None:
    """Interest in some of the listed ideas that wait to be written, answered where there was time."""
    for row in society.rows.waiting[Idea]:
        rng = Random(f"{seed}:interest:{row['id']}")
        if row["listed_at"] is not None and rng.randrange(ONE_IN) == 0:
            _show(society, row, rng)


def _show(society: Society, idea: dict[str, Any], rng: Random) -> None:
    funder, account = rng.choice((("demo-csi-fund", "funder"), ("demo-literacy-trust", "funder2")))
    funder_id, person_id = society.cast.funders[funder], society.cast.people[account].id
    shown = idea["listed_at"] + DAY * rng.randint(5, 90)
    if shown >= society.latest:
        return
    row = society.rows.add(
        Interest, funder_id=funder_id, idea_id=idea["id"], message=rng.choice(MESSAGES), shown_by_id=person_id,
        shown_at=shown, state=INTEREST.initial,
    )  # fmt: skip
    society.chains.record(shown, person_id, InterestShown(idea["id"], row["id"], funder_id))
    answered = shown + DAY * rng.randint(2, 25)
    if answered >= society.latest:
        return
    trigger = rng.choice(("accept", "accept", "decline"))
    fact = InterestAccepted if trigger == "accept" else InterestDeclined
    row |= {
        "state": INTEREST.fire(INTEREST.initial, trigger),
        "answered_by_id": idea["owner_id"],
        "answered_at": answered,
    }
    society.chains.record(answered, idea["owner_id"], fact(idea["id"], row["id"], funder_id))
