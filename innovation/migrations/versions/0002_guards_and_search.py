"""What a table definition cannot say: rows that never change, and the search index."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

IMMUTABLE = ("event", "event_seal", "revision", "declaration", "workflow_version")
NO_CHANGE = "This row is part of the record and never changes."


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
        _search_postgresql()
    else:
        for table in IMMUTABLE:
            for action in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{NO_CHANGE}'); END"
                )
        _search_sqlite()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in IMMUTABLE:
            op.execute(f"DROP TRIGGER {table}_no_change ON {table}")
        op.execute("DROP FUNCTION refuse_change()")
        op.execute("DROP INDEX ix_idea_search")
        op.execute("ALTER TABLE idea DROP COLUMN search_vector")
    else:
        for table in IMMUTABLE:
            op.execute(f"DROP TRIGGER {table}_no_update")
            op.execute(f"DROP TRIGGER {table}_no_delete")
        for action in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER idea_fts_{action}")
        op.execute("DROP TABLE idea_fts")


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{NO_CHANGE}'; END $$"
    )
    for table in IMMUTABLE:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def _search_postgresql() -> None:
    """Words are matched as written: the ideas come in many languages.

    Signs that bind words are taken out first, or LP26-0317 would be indexed as a word and a negative number.
    """
    signs, titled = "-_/.@:+", "reference || ' ' || title"

    def plain(column: str) -> str:
        return f"translate({column}, '{signs}', '{' ' * len(signs)}')"

    op.execute(
        "ALTER TABLE idea ADD COLUMN search_vector tsvector GENERATED ALWAYS AS ("
        f"setweight(to_tsvector('simple', {plain(titled)}), 'A') || "
        f"setweight(to_tsvector('simple', {plain('search_text')}), 'B')) STORED"
    )
    op.execute("CREATE INDEX ix_idea_search ON idea USING gin (search_vector)")


def _search_sqlite() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE idea_fts USING fts5(reference, title, search_text, "
        "content='idea', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
    )
    op.execute("INSERT INTO idea_fts(idea_fts) VALUES ('rebuild')")  # the ideas that are there already
    new = "INSERT INTO idea_fts(rowid, reference, title, search_text) VALUES (new.id, new.reference, new.title, new.search_text);"
    old = (
        "INSERT INTO idea_fts(idea_fts, rowid, reference, title, search_text) "
        "VALUES ('delete', old.id, old.reference, old.title, old.search_text);"
    )
    op.execute(f"CREATE TRIGGER idea_fts_insert AFTER INSERT ON idea BEGIN {new} END")
    op.execute(f"CREATE TRIGGER idea_fts_delete AFTER DELETE ON idea BEGIN {old} END")
    op.execute(f"CREATE TRIGGER idea_fts_update AFTER UPDATE OF reference, title, search_text ON idea BEGIN {old} {new} END")
