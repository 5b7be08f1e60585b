"""Of which ideas a mail tells, and an index for those that were not sent.

Of the mails that are there, it is told by the notice that was made with them, by the saved search that found the ideas,
and of those that have no notice, or name a second idea, by what had happened.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

UNSENT = sa.text("sent_at IS NULL")
BY_NOTICE = """
INSERT INTO message_idea (message_id, idea_id)
SELECT message.id, notice.idea_id FROM message
JOIN notice ON notice.person_id = message.person_id AND notice.why = message.why
WHERE notice.idea_id IS NOT NULL
"""
BY_SEARCH = """
INSERT INTO message_idea (message_id, idea_id)
SELECT message.id, alerted_idea.idea_id FROM alerted_idea
JOIN message ON message.why = 'search:' || alerted_idea.alert_id || ':' || alerted_idea.round
"""
MESSAGE = sa.table("message", sa.column("id"), sa.column("why"))
OF_EVENTS = sa.select(MESSAGE).where(sa.or_(*(MESSAGE.c.why.like(f"event:%:{name}") for name in ("claim", "joined"))))
TOLD = sa.text("SELECT subject, facts FROM event WHERE id = :id")
ADD = sa.text("INSERT INTO message_idea (message_id, idea_id) VALUES (:message, :idea) ON CONFLICT DO NOTHING")


def upgrade() -> None:
    op.create_table(
        "message_idea",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_idea_message_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_message_idea_idea_id")),
        sa.PrimaryKeyConstraint("message_id", "idea_id", name=op.f("pk_message_idea")),
    )
    op.execute(BY_NOTICE)
    op.execute(BY_SEARCH)
    _fill_by_events()
    op.create_index("ix_message_idea_idea_id", "message_idea", ["idea_id"])
    op.create_index("ix_message_unsent", "message", ["id"], sqlite_where=UNSENT, postgresql_where=UNSENT)


def _fill_by_events() -> None:
    connection = op.get_bind()
    for message_id, why in connection.execute(OF_EVENTS).all():
        number = why.split(":")[1]
        event = connection.execute(TOLD, {"id": int(number)}).first() if number.isdigit() else None
        if event is None:
            continue
        kind, _, about = event.subject.partition(":")
        ideas = {int(about)} if kind == "idea" else set()
        ideas |= {json.loads(event.facts)["from_id"]} if why.endswith(":joined") else set()
        for idea_id in sorted(ideas):
            connection.execute(ADD, {"message": message_id, "idea": idea_id})


def downgrade() -> None:
    op.drop_index("ix_message_unsent", "message")
    op.drop_table("message_idea")
