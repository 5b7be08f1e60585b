"""The database out of the application and into it again: one file of SQLite, or one file for each table of a server."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_migrate import upgrade

from innovation import presence, server_presence
from innovation.cli import unfinished
from innovation.cli.database import MIGRATIONS
from innovation.db import Base, db, file_of, sqlite_driver
from innovation.health import present_revision, reading
from workflows import Refused

SQLITE = "database.sqlite"
NOTED = "listing_change"  # triggers write it while the others come in: it comes last, and begins empty
NO_TABLES = "The database has no tables yet, so there is nothing to keep."
IN_USE = (
    "Something still uses the database. Stop the server and the workers first, "
    "and let every other command of gatehouse, such as a backup, come to its end."
)

NOT_OURS = "The schema of the tables belongs to another user of the server. Let whoever keeps it say there:"
RIGHTS = sa.text(
    "SELECT current_user, pg_has_role(nspowner, 'USAGE') AND has_database_privilege(current_database(), 'CREATE') "
    "FROM pg_namespace WHERE nspname = 'public'"
)
# Those of extensions stay: whoever keeps the server may have put them there.
FUNCTIONS = sa.text(
    "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
    "AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')"
)


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def has_tables() -> bool:
    """Whether anything is in the database; does not make its file."""
    if not is_sqlite():
        with reading() as connection:
            return bool(sa.inspect(connection).get_table_names())
    if not place().exists():
        return False
    with closing(_open(place())) as connection:
        return bool(connection.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'").fetchone()[0])


def is_occupied() -> bool:
    """Whether there is a database that somebody may want to keep; one that cannot be read is one, too."""
    try:
        return has_tables()
    except _driver().DatabaseError:
        return True


def place() -> Path:
    """The file of the database."""
    return Path(str(file_of(db.engine)))


@contextmanager
def in_use() -> Iterator[OSError | None]:
    """Keep the database in use meanwhile, so that no backup is put in its place; makes no file where there is none.

    Gives what hindered it, where one goes on though a restore does not see it.
    """
    with presence.shared(file_of(db.engine)) as hindrance:
        yield hindrance if hindrance and place().exists() else None


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
    return "sqlite", revision_of(target), {}


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


@contextmanager
def alone() -> Iterator[None]:
    """Refuse while another process uses the database: it would go on with the old one. Nobody may begin meanwhile."""
    db.session.remove()
    db.engine.dispose()
    with ExitStack() as kept:
        try:
            kept.enter_context(presence.alone(str(place())) if is_sqlite() else server_presence.alone(db.engine))
        except BlockingIOError as error:
            raise Refused((IN_USE,)) from error
        if is_sqlite():
            _require_unlocked()
        yield


def _require_unlocked() -> None:
    """Refuse while a program that is not ours has the file open; a file that cannot be read says nothing of it."""
    if not place().exists():
        return
    with closing(_open(place())) as connection:
        try:
            connection.execute("PRAGMA busy_timeout=0")
            connection.execute("PRAGMA journal_mode=DELETE")
        except _driver().DatabaseError as error:
            if "locked" in str(error):
                raise Refused((IN_USE,)) from error


def require_rights() -> None:
    """Refuse where the tables of a server cannot be put aside by this user, as in PostgreSQL 14 at first."""
    if not is_sqlite() and has_tables():
        with reading() as connection:
            user, may = connection.execute(RIGHTS).one()
        if not may:
            raise Refused((f'{NOT_OURS} ALTER SCHEMA public OWNER TO "{user}"',))


def lies_here(name: str, folder: Path) -> str:
    """Where what is there will be kept, in words: the folder, or a schema of that name; nothing where nothing is."""
    if is_sqlite():
        return f"the folder {folder}" if any(path.exists() for path in _files()) else ""
    return f"the schema {name} of the database" if has_tables() else ""


def rest_of(name: str, folder: Path) -> str:
    """Where to look for what could not be put back."""
    schema = "" if is_sqlite() else f" or the schema {name} of the database"
    return f"The rest is in the folder {folder}{schema}. Run the restore again."


def _files() -> list[Path]:
    """The file of the database, and what may lie beside it: a log that is left would be played into another file."""
    return [place().with_name(f"{place().name}{tail}") for tail in ("", "-wal", "-shm", "-journal")]


def move_aside(folder: Path, name: str, undo: ExitStack) -> None:
    """Keep what is there, the file in a folder or the tables of a server in a schema of that name."""
    db.session.remove()
    db.engine.dispose()
    if is_sqlite():
        for path in filter(Path.exists, _files()):
            kept = folder / path.name.replace(place().name, SQLITE, 1)
            undo.callback(_move, kept, path)
            shutil.move(path, kept)
    elif has_tables():
        undo.callback(_bring_back, name)
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f'ALTER SCHEMA public RENAME TO "{name}"')
            connection.exec_driver_sql("CREATE SCHEMA public")
            connection.exec_driver_sql(unfinished.BEGUN)
    else:
        undo.callback(_empty)


def _move(kept: Path, path: Path) -> None:
    """Put back what was moved; nothing where the move itself did not succeed."""
    if kept.exists() and not path.exists():
        shutil.move(kept, path)


def _bring_back(name: str) -> None:
    """Put back the tables that were moved; nothing where the move itself did not succeed."""
    db.session.remove()
    with db.engine.begin() as connection:
        if sa.inspect(connection).has_schema(name):
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql(f'ALTER SCHEMA "{name}" RENAME TO public')


def _empty() -> None:
    """Take away the tables and functions of a backup that did not come in to its end."""
    db.session.remove()
    with db.engine.begin() as connection:
        for table in sa.inspect(connection).get_table_names():
            connection.exec_driver_sql(f'DROP TABLE "{table}" CASCADE')
        for function in connection.scalars(FUNCTIONS).all():
            connection.exec_driver_sql(f"DROP FUNCTION {function} CASCADE")


def _take_away() -> None:
    db.session.remove()
    db.engine.dispose()
    for path in _files():
        path.unlink(missing_ok=True)


def fault_of(file: Path, question: str) -> str:
    """What SQLite answers to ``quick_check`` or ``integrity_check`` of a file; nothing where all is well."""
    with closing(_open(file)) as connection:
        try:
            found = str(connection.execute(f"PRAGMA {question}(1)").fetchone()[0])
        except _driver().DatabaseError as error:
            return str(error)
    return "" if found == "ok" else found


def revision_of(file: Path) -> str:
    """The revision of the tables in a file of SQLite; nothing where they have none."""
    with closing(_open(file)) as connection:
        try:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except _driver().DatabaseError:
            return ""
    return str(found[0]) if found else ""


def copy_in(folder: Path, revision: str, tables: dict[str, list[str]], undo: ExitStack) -> None:
    """Put the database of a backup in the place of an empty one, and see that it is whole there."""
    if is_sqlite():
        undo.callback(_take_away)
        shutil.move(folder / SQLITE, place())
        if fault := fault_of(place(), "integrity_check"):
            raise Refused((f"The database of the backup is damaged: {fault}. Take another backup.",))
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
        if connection.scalar(unfinished.ASKED) == unfinished.COMMENT:
            connection.exec_driver_sql(unfinished.ENDED)


def let_in_again(aside: Path) -> None:
    """A file that was shared with a group is shared with it again."""
    old = aside / SQLITE
    if is_sqlite() and old.exists():
        was = old.stat()
        with suppress(PermissionError):
            os.chown(place(), -1, was.st_gid)
            place().chmod(stat.S_IMODE(was.st_mode) & 0o660)


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
