"""What a new decision rests on, written down with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from innovation.gates.bases import Basis, CountedCard
from innovation.gates.events import BasisRecorded
from innovation.gates.models import Decision, Scorecard
from innovation.gates.terms import AtTable
from innovation.statements import write

BASIS: Any = Basis.__table__
COUNTED: Any = CountedCard.__table__
ADD_BASIS, ADD_COUNTED = sa.insert(BASIS), sa.insert(COUNTED)


def rest_on(decision: Decision, cards: Iterable[Scorecard], table: AtTable | None) -> BasisRecorded:
    """Write down what a new decision rests on: the review as it is now, the cards that count, and the votes.

    The decision has its number already. What comes back is to be recorded with the event of the decision.
    """
    review, counted = decision.review, tuple(card.id for card in cards)
    version_id = review.workflow_version_id or review.idea.workflow_version_id
    basis = {
        "decision_id": decision.id,
        "revision_id": review.revision_id,
        "workflow_version_id": version_id,
        "quorum": review.quorum,
        "table": table.as_json() if table else None,
    }
    write(ADD_BASIS, [basis])
    rows = [{"decision_id": decision.id, "scorecard_id": number} for number in counted]
    if rows:
        write(ADD_COUNTED, rows)
    return BasisRecorded(
        idea_id=decision.idea_id,
        review_id=review.id,
        decision_id=decision.id,
        revision_id=review.revision_id,
        workflow_version_id=version_id,
        scorecard_ids=counted,
        item_id=table.item_id if table else None,
        present=table.present if table else (),
        vote_ids=tuple(ballot.vote_id for ballot in table.ballots) if table else (),
    )
