"""PostgreSQL finds what SQLite finds: words without their accents, cut at every sign."""

from __future__ import annotations

from collections.abc import Callable

from alembic import op

revision = "0012"
down_revision = "0003"
branch_labels = None
depends_on = None

ACCENTS = r"[\u0300-\u036f]"
SIGNS = r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f]"
BINDING = "-_/.@:+"  # the signs that 0002 took out
TITLED = "reference || ' ' || title"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _index(_bare)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _index(_as_before)


def _bare(column: str) -> str:
    """Letters apart from their accents, the accents gone, and a space for each sign: ``Tshivenḓa's`` is tshivenda s."""
    plain = f"regexp_replace(normalize({column}, NFD), '{ACCENTS}', '', 'g')"
    return f"regexp_replace({plain}, '{SIGNS}', ' ', 'g')"


def _as_before(column: str) -> str:
    return f"translate({column}, '{BINDING}', '{' ' * len(BINDING)}')"


def _index(cut: Callable[[str], str]) -> None:
    op.execute("DROP INDEX ix_idea_search")
    op.execute("ALTER TABLE idea DROP COLUMN search_vector")
    op.execute(
        "ALTER TABLE idea ADD COLUMN search_vector tsvector GENERATED ALWAYS AS ("
        f"setweight(to_tsvector('simple', {cut(TITLED)}), 'A') || "
        f"setweight(to_tsvector('simple', {cut('search_text')}), 'B')) STORED"
    )
    op.execute("CREATE INDEX ix_idea_search ON idea USING gin (search_vector)")
