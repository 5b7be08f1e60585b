"""The database out of the application and into it again: one file of SQLite, or one file for each table of a server."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_migrate import upgrade

from innovation.cli.database import MIGRATIONS
from innovation.db import Base, db, sqlite_driver
from innovation.health import present_revision, reading
from workflows import Refused

SQLITE = "database.sqlite"
NOTED = "listing_change"  # triggers write it while the others come in: it comes last, and begins empty
NO_TABLES = "The database has no tables yet, so there is nothing to keep."
IN_USE = "Something still uses the database. Stop the server and the workers first."

OTHERS = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name LIKE 'gatehouse%' AND pid <> pg_backend_pid()"
)


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def has_tables() -> bool:
    """Whether anything is in the database; does not make its file."""
    if is_sqlite() and not place().exists():
        return False
    with reading() as connection:
        return bool(sa.inspect(connection).get_table_names())


def place() -> Path:
    """The file of the database."""
    return Path(str(db.engine.url.database))


# Out


def copy_out(folder: Path) -> tuple[str, str, dict[str, list[str]]]:
    """Copy the database as it stands at one moment: its engine, its revision, and the columns of its tables."""
    if not has_tables():
        raise Refused((NO_TABLES,))
    if not is_sqlite():
        return "postgresql", *_copy_tables(folder)
    target = folder / SQLITE
    with closing(_open(place())) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    with closing(_open(target)) as copy:
        return "sqlite", str(copy.execute("SELECT version_num FROM alembic_version").fetchone()[0]), {}


def _driver() -> Any:
    return sqlite_driver() or sqlite3


def _open(path: Path) -> Any:
    return _driver().connect(str(path), isolation_level=None, timeout=10)


def _copy_tables(folder: Path) -> tuple[str, dict[str, list[str]]]:
    """COPY, in one transaction, so that all tables are of the same moment; it needs no program beside the driver."""
    (folder / "database").mkdir()
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        revision = present_revision(connection)
        columns = _columns(connection)
        cursor = _cursor(connection)
        for table, names in columns.items():
            with (
                (folder / "database" / f"{table}.copy").open("wb") as file,
                cursor.copy(f"COPY {table} ({_quoted(names)}) TO STDOUT") as copy,
            ):
                for block in copy:
                    file.write(block)
        connection.rollback()
    return str(revision), columns


def _columns(connection: sa.Connection) -> dict[str, list[str]]:
    """The columns of our own tables, but for those that the database fills in by itself."""
    inspector = sa.inspect(connection)
    there = sorted(set(inspector.get_table_names()) & set(Base.metadata.tables))
    return {
        table: [column["name"] for column in inspector.get_columns(table) if "computed" not in column]
        for table in there
    }


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _cursor(connection: sa.Connection) -> Any:
    driver: Any = connection.connection.driver_connection
    return driver.cursor()


# In


def require_unused() -> None:
    """Refuse while another process has the database open: it would go on with the old one."""
    if not has_tables():
        return
    db.session.remove()
    db.engine.dispose()
    if not is_sqlite():
        with db.engine.connect() as connection:
            if connection.scalar(OTHERS):
                raise Refused((IN_USE,))
        return
    with closing(_open(place())) as connection:
        connection.execute("PRAGMA busy_timeout=0")
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
        except _driver().OperationalError as error:
            raise Refused((IN_USE,)) from error


def move_aside(folder: Path, name: str) -> str:
    """Keep what is there, the file in a folder or the tables of a server in a schema of that name; says where."""
    if not has_tables():
        return ""
    db.session.remove()
    db.engine.dispose()
    if is_sqlite():
        shutil.move(place(), folder / SQLITE)
        return f"the folder {folder}"
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f'ALTER SCHEMA public RENAME TO "{name}"')
        connection.exec_driver_sql("CREATE SCHEMA public")
    return f"the schema {name} of the database"


def copy_in(folder: Path, revision: str, tables: dict[str, list[str]]) -> None:
    """Put the database of a backup in the place of an empty one."""
    if is_sqlite():
        shutil.move(folder / SQLITE, place())
        return
    upgrade(str(MIGRATIONS), revision)
    db.session.remove()
    with db.engine.begin() as connection:
        # Rows refer to rows that come later: the references are checked at the end.
        _set_references(connection, "DEFERRABLE INITIALLY DEFERRED")
        there = _columns(connection)
        connection.exec_driver_sql(f"TRUNCATE {', '.join(there)} CASCADE")
        cursor = _cursor(connection)
        for table in sorted(set(tables) & set(there), key=lambda name: (name == NOTED, name)):
            if table == NOTED:
                connection.exec_driver_sql(f"DELETE FROM {NOTED}")  # noqa: S608
            names = [name for name in tables[table] if name in there[table]]
            if names != tables[table]:
                raise Refused((f"The columns of {table} are not those of this release.",))
            with (
                (folder / "database" / f"{table}.copy").open("rb") as file,
                cursor.copy(f"COPY {table} ({_quoted(names)}) FROM STDIN") as copy,
            ):
                while block := file.read(1 << 20):
                    copy.write(block)
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        _set_references(connection, "NOT DEFERRABLE")
        _go_on_counting(connection, there)


def _set_references(connection: sa.Connection, how: str) -> None:
    inspector = sa.inspect(connection)
    for table in Base.metadata.tables:
        if inspector.has_table(table):
            for reference in inspector.get_foreign_keys(table):
                connection.exec_driver_sql(f'ALTER TABLE {table} ALTER CONSTRAINT "{reference["name"]}" {how}')


def _go_on_counting(connection: sa.Connection, there: dict[str, list[str]]) -> None:
    """New rows get numbers after those that are there."""
    for table, names in there.items():
        if "id" in names and connection.scalar(sa.text(f"SELECT pg_get_serial_sequence('{table}', 'id')")):
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(max(id), 0) + 1, false) FROM {table}"  # noqa: S608
            )
