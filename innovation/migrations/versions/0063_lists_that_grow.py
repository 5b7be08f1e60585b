"""People are found by the beginnings of their words, and each list that grows has an index for each of its filters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

ACCENTS = r"[\u0300-\u036f]"
SIGNS = r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f]"
IN_FORCE = sa.text("ended_at IS NULL")
UNUSED = sa.text("used_at IS NULL")
DEMO = {"sqlite_where": sa.text("is_demo = 1"), "postgresql_where": sa.text("is_demo")}

INDEXES = {
    "ix_review_state_closed": ("review", ["state", "closed_at", "id"]),
    "ix_review_gate": ("review", ["gate_key", "state", "closed_at", "id"]),
    "ix_meeting_state": ("meeting", ["state", "starts_at"]),
    "ix_event_at": ("event", ["at"]),
}


def upgrade() -> None:
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)
    op.create_index(
        "ix_role_grant_programme",
        "role_grant",
        ["programme_id", "region_id", "person_id"],
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )
    op.create_index(
        "ix_token_unused", "token", ["kind", "expires_at"], sqlite_where=UNUSED, postgresql_where=UNUSED
    )
    op.create_index("ix_person_demo", "person", ["id"], **DEMO)  # that there is none is asked by every process
    if op.get_bind().dialect.name == "postgresql":
        _search_postgresql()
    else:
        _search_sqlite()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_person_search")
        op.execute("ALTER TABLE person DROP COLUMN search_vector")
    else:
        for action in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER person_fts_{action}")
        op.execute("DROP TABLE person_fts")
    op.drop_index("ix_person_demo", table_name="person")
    op.drop_index("ix_token_unused", table_name="token")
    op.drop_index("ix_role_grant_programme", table_name="role_grant")
    for name, (table, _columns) in INDEXES.items():
        op.drop_index(name, table_name=table)


def _search_postgresql() -> None:
    """Words without their accents, cut at every sign, as those of ideas are."""
    plain = f"regexp_replace(normalize(name || ' ' || coalesce(email, ''), NFD), '{ACCENTS}', '', 'g')"
    op.execute(
        "ALTER TABLE person ADD COLUMN search_vector tsvector GENERATED ALWAYS AS "
        f"(to_tsvector('simple', regexp_replace({plain}, '{SIGNS}', ' ', 'g'))) STORED"
    )
    op.execute("CREATE INDEX ix_person_search ON person USING gin (search_vector)")


def _search_sqlite() -> None:
    """Beginnings are found without an index of prefixes, which made each capture of an idea a sixth dearer."""
    op.execute(
        "CREATE VIRTUAL TABLE person_fts USING fts5(name, email, "
        "content='person', content_rowid='id', tokenize='unicode61 remove_diacritics 2')"
    )
    op.execute("INSERT INTO person_fts(person_fts) VALUES ('rebuild')")
    new = "INSERT INTO person_fts(rowid, name, email) VALUES (new.id, new.name, new.email);"
    old = "INSERT INTO person_fts(person_fts, rowid, name, email) VALUES ('delete', old.id, old.name, old.email);"
    op.execute(f"CREATE TRIGGER person_fts_insert AFTER INSERT ON person BEGIN {new} END")
    op.execute(f"CREATE TRIGGER person_fts_delete AFTER DELETE ON person BEGIN {old} END")
    op.execute(f"CREATE TRIGGER person_fts_update AFTER UPDATE OF name, email ON person BEGIN {old} {new} END")
