"""Ideas side by side: those asked for that the reader may see; the others are as if there were none."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from innovation.db import db
from innovation.funders.queries.browsing import Browsing, Card, listed, load_cards
from innovation.ideas.models import Idea

MOST_COMPARED = 4


def find_compared(browsing: Browsing, references: Sequence[str]) -> list[Card]:
    """Up to four in the order of the references, whether or not they fit."""
    query = sa.select(Idea.id, Idea.reference).where(Idea.reference.in_(references), listed(browsing.actor))
    ids = {row.reference: row.id for row in db.session.execute(query)}
    asked = [ids[reference] for reference in references if reference in ids][:MOST_COMPARED]
    found = {match.idea_id: match for match in browsing.judge(asked)}
    return load_cards(found[idea_id] for idea_id in asked if idea_id in found)
