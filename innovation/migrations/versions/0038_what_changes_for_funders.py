"""A line for each change to what funders are shown, written by the database itself, so that none can be forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

OF_LISTED = "EXISTS (SELECT 1 FROM idea WHERE idea.id = {row}.idea_id AND idea.listed_at IS NOT NULL)"
SQLITE = {  # by the name of the trigger: when it fires, and for which rows
    "idea_lists": ("INSERT ON idea", "NEW.listed_at IS NOT NULL"),
    "idea_changes": ("UPDATE ON idea", "OLD.listed_at IS NOT NULL OR NEW.listed_at IS NOT NULL"),
    "idea_goes": ("DELETE ON idea", "OLD.listed_at IS NOT NULL"),
    "ask_comes": ("INSERT ON ask", OF_LISTED.format(row="NEW")),
    "ask_changes": ("UPDATE ON ask", OF_LISTED.format(row="NEW")),
    "ask_goes": ("DELETE ON ask", OF_LISTED.format(row="OLD")),
    "learned_comes": ("INSERT ON learned_idea", "TRUE"),
    "learned_goes": ("DELETE ON learned_idea", "TRUE"),
    "topic_changes": ("UPDATE OF key ON topic", "TRUE"),
}
POSTGRESQL = {
    **{name: told for name, told in SQLITE.items() if name.startswith("idea_")},
    "ask_changes": ("INSERT OR UPDATE OR DELETE ON ask", None),
    "learned_changes": ("INSERT OR DELETE ON learned_idea", None),
    "topic_changes": ("UPDATE OF key ON topic", None),
}


def upgrade() -> None:
    op.create_table(
        "listing_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_change")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION note_listing_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN INSERT INTO listing_change DEFAULT VALUES; RETURN NULL; END $$"
        )
        for name, (event, rows) in POSTGRESQL.items():
            each = "FOR EACH STATEMENT" if rows is None else f"FOR EACH ROW WHEN ({rows})"
            op.execute(f"CREATE TRIGGER {name} AFTER {event} {each} EXECUTE FUNCTION note_listing_change()")
    else:
        for name, (event, rows) in SQLITE.items():
            note = "INSERT INTO listing_change (id) VALUES (NULL)"
            op.execute(f"CREATE TRIGGER {name} AFTER {event} WHEN {rows} BEGIN {note}; END")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name, (event, _rows) in POSTGRESQL.items():
            op.execute(f"DROP TRIGGER {name} ON {event.rpartition(' ')[2]}")
        op.execute("DROP FUNCTION note_listing_change()")
    else:
        for name in SQLITE:
            op.execute(f"DROP TRIGGER {name}")
    op.drop_table("listing_change")
