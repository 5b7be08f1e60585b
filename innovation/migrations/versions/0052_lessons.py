"""Lessons of ideas that ended, every version of each, and the index by which they are searched."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

OWED = "given_at IS NULL AND void_at IS NULL"
# What the reasons of published processes say of the cause.
CAUSES = {
    "not-a-real-need": "not_needed",
    "no-need": "not_needed",
    "duplicate": "overtaken",
    "not-aligned": "not_fitting",
    "unsafe": "harm",
    "harm-found": "harm",
    "unlawful": "no_permission",
    "not-feasible": "not_feasible",
    "too-costly-per-learner": "too_dear",
    "too-costly": "too_dear",
    "no-owner": "no_owner",
    "team-left": "no_owner",
    "no-evidence-of-effect": "did_not_work",
    "no-government-uptake": "not_adopted",
    "no-funding": "no_funding",
}
AT_GATES = """
    SELECT i.id, i.programme_id, i.theme_id, i.phases, i.place, d.details, d.decided_at AS at, d.decided_by_id AS by_id
    FROM decision d JOIN idea i ON i.id = d.idea_id
    WHERE d.outcome = 'stop' AND i.standing = 'stopped'
    AND d.id = (SELECT max(o.id) FROM decision o WHERE o.idea_id = i.id)
    AND NOT EXISTS (SELECT 1 FROM ending e WHERE e.idea_id = i.id AND e.outcome = 'stop')
"""
BETWEEN = """
    SELECT i.id, i.programme_id, i.theme_id, i.phases, i.place, e.details, e.ended_at AS at, e.ended_by_id AS by_id
    FROM ending e JOIN idea i ON i.id = e.idea_id
    WHERE e.outcome = 'stop' AND i.standing = 'stopped'
    AND e.id = (SELECT max(o.id) FROM ending o WHERE o.idea_id = i.id)
"""


def upgrade() -> None:
    op.create_table(
        "lesson",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("ended", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("happened", sa.Text(), nullable=False),
        sa.Column("otherwise", sa.Text(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("phases", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_lesson_idea_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_lesson_programme_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_lesson_theme_id")),
        sa.ForeignKeyConstraint(["released_by_id"], ["person.id"], name=op.f("fk_lesson_released_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
    )
    op.create_table(
        "lesson_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("happened", sa.Text(), nullable=False),
        sa.Column("otherwise", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name=op.f("fk_lesson_version_lesson_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name=op.f("fk_lesson_version_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_version")),
        sa.UniqueConstraint("lesson_id", "number", name=op.f("uq_lesson_version_lesson_id_number")),
    )
    op.create_index(op.f("ix_lesson_idea_id"), "lesson", ["idea_id"])
    op.create_index(op.f("ix_lesson_theme_id"), "lesson", ["theme_id"])
    op.create_index("ix_lesson_given", "lesson", ["programme_id", "given_at", "id"])
    op.create_index("ix_lesson_cause", "lesson", ["programme_id", "cause", "given_at", "id"])
    op.create_index(
        "ix_lesson_owed", "lesson", ["due_on", "id"], sqlite_where=sa.text(OWED), postgresql_where=sa.text(OWED)
    )
    if op.get_bind().dialect.name == "postgresql":
        _search_postgresql()
    else:
        _search_sqlite()
    for query in (AT_GATES, BETWEEN):
        _keep_lessons_of(query)


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        for action in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER lesson_fts_{action}")
        op.execute("DROP TABLE lesson_fts")
    op.drop_table("lesson_version")
    op.drop_table("lesson")


def _keep_lessons_of(query: str) -> None:
    """What panels wrote down where they stopped an idea becomes its lesson."""
    bind = op.get_bind()
    about = sa.table("lesson", *(sa.column(name) for name in LESSON))
    written = sa.table("lesson_version", *(sa.column(name) for name in VERSION))
    types: Any = {"phases": sa.JSON(), "details": sa.JSON(), "at": sa.DateTime(timezone=True)}
    for row in bind.execute(sa.text(query).columns(**types)).mappings().all():
        details = row["details"] or {}
        said = str(details.get("lesson") or "").strip()
        if not said:
            continue
        phases = " ".join(row["phases"] or [])
        cause = CAUSES.get(details.get("stop_reason", ""), "other")
        lesson = {"idea_id": row["id"], "programme_id": row["programme_id"], "ended": "stopped", "place": row["place"]}
        lesson |= {"ended_at": row["at"], "given_at": row["at"], "number": 1, "cause": cause, "theme_id": row["theme_id"]}
        lesson |= {"tried": "", "happened": "", "otherwise": said, "search_text": said, "version": 1}
        lesson |= {"phases": f" {phases} " if phases else ""}
        made: Any = bind.execute(about.insert().values(lesson).returning(about.c.id)).scalar_one()
        version = {"lesson_id": made, "number": 1, "cause": cause, "tried": "", "happened": "", "otherwise": said}
        bind.execute(written.insert().values(**version, written_by_id=row["by_id"], written_at=row["at"]))


LESSON = (
    *("id", "idea_id", "programme_id", "ended", "place", "ended_at", "given_at", "number", "cause", "tried", "happened"),
    *("otherwise", "theme_id", "phases", "search_text", "version"),
)
VERSION = ("lesson_id", "number", "cause", "tried", "happened", "otherwise", "written_by_id", "written_at")


def _search_postgresql() -> None:
    """Words are matched as written, as those of ideas are."""
    signs = "-_/.@:+"
    op.execute(
        "ALTER TABLE lesson ADD COLUMN search_vector tsvector GENERATED ALWAYS AS "
        f"(to_tsvector('simple', translate(search_text, '{signs}', '{' ' * len(signs)}'))) STORED"
    )
    op.execute("CREATE INDEX ix_lesson_search ON lesson USING gin (search_vector)")


def _search_sqlite() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE lesson_fts USING fts5(search_text, "
        "content='lesson', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
    )
    new = "INSERT INTO lesson_fts(rowid, search_text) VALUES (new.id, new.search_text);"
    old = "INSERT INTO lesson_fts(lesson_fts, rowid, search_text) VALUES ('delete', old.id, old.search_text);"
    op.execute(f"CREATE TRIGGER lesson_fts_insert AFTER INSERT ON lesson BEGIN {new} END")
    op.execute(f"CREATE TRIGGER lesson_fts_delete AFTER DELETE ON lesson BEGIN {old} END")
    op.execute(f"CREATE TRIGGER lesson_fts_update AFTER UPDATE OF search_text ON lesson BEGIN {old} {new} END")
