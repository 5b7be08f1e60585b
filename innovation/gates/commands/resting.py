"""What a new decision rests on, written down with it."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from innovation.db import db
from innovation.gates.bases import Basis, CountedCard
from innovation.gates.models import Decision, Scorecard


def rest_on(decision: Decision, cards: Iterable[Scorecard]) -> None:
    """Write down what a new decision rests on: the review as it is now, and the cards that count."""
    review = decision.review
    basis = Basis(
        decision_id=decision.id,
        revision_id=review.revision_id,
        workflow_version_id=review.workflow_version_id or review.idea.workflow_version_id,
        quorum=review.quorum,
    )
    db.session.add(basis)
    rows = [{"decision_id": decision.id, "scorecard_id": card.id} for card in cards]
    if rows:
        db.session.execute(sa.insert(CountedCard), rows)
