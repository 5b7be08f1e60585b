"""What was noted when an idea was captured in a room."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.db import db
from innovation.ideas.consent_models import CompetentConsent, NoticeShown
from innovation.ideas.models import Idea


def noted_at_capture(idea: Idea) -> tuple[NoticeShown | None, CompetentConsent | None]:
    """The notice that was shown with what was answered, and who agreed for a child; nothing for other ideas."""
    both = sa.select(NoticeShown, CompetentConsent).where(NoticeShown.idea_id == idea.id)
    row = db.session.execute(
        both.outerjoin(CompetentConsent, CompetentConsent.idea_id == NoticeShown.idea_id)
    ).one_or_none()
    return (row[0], row[1]) if row is not None else (None, None)
