"""What a new decision rests on, written down with it."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from innovation.db import db
from innovation.gates.bases import Basis, CountedCard
from innovation.gates.events import BasisRecorded
from innovation.gates.models import Decision, Scorecard
from innovation.gates.terms import AtTable


def rest_on(decision: Decision, cards: Iterable[Scorecard], table: AtTable | None) -> BasisRecorded:
    """Write down what a new decision rests on: the review as it is now, the cards that count, and the votes.

    What comes back is to be recorded with the event of the decision.
    """
    review, counted = decision.review, tuple(card.id for card in cards)
    basis = Basis(
        decision_id=decision.id,
        revision_id=review.revision_id,
        workflow_version_id=review.workflow_version_id or review.idea.workflow_version_id,
        quorum=review.quorum,
        table=table.as_json() if table else None,
    )
    db.session.add(basis)
    rows = [{"decision_id": decision.id, "scorecard_id": number} for number in counted]
    if rows:
        db.session.execute(sa.insert(CountedCard), rows)
    return BasisRecorded(
        idea_id=decision.idea_id,
        review_id=review.id,
        decision_id=decision.id,
        revision_id=basis.revision_id,
        workflow_version_id=basis.workflow_version_id,
        scorecard_ids=counted,
        item_id=table.item_id if table else None,
        present=table.present if table else (),
        vote_ids=tuple(ballot.vote_id for ballot in table.ballots) if table else (),
    )
