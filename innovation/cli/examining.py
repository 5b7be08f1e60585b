"""What ``gatehouse doctor`` looks at: one function for each thing, each with what to do about it."""

from __future__ import annotations

import datetime as dt
import os
import platform
import shutil
import sqlite3
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from innovation import chain, writers
from innovation.accounts import provider
from innovation.cli import unfinished
from innovation.cli.examining_work import machines, queue
from innovation.cli.finding import ATTENTION, FAULT, OK, Finding
from innovation.clinics.models import Card
from innovation.config import Settings
from innovation.db import db, file_of, now, sqlite_driver
from innovation.events import Event
from innovation.funders.commitment_models import DiligencePaper
from innovation.health import known_revisions, newest_revision, present_revision, reading
from innovation.ideas.models import Attachment
from innovation.ideas.store import StoreAway, open_store
from innovation.notifications import mailer
from innovation.pilots.models import MilestoneFile
from innovation.pilots.spend_models import SpendEntry
from innovation.pilots.visit_models import PilotVisit
from innovation.replication.system_models import TrackerMark

LITTLE_SPACE, NO_SPACE = 2_000_000_000, 200_000_000  # bytes
SAFE_SQLITE = (3, 51, 3)  # the first release in which two writers cannot damage a file in WAL mode
MAIL_TIMEOUT = 5.0
LOOKED_FOR = 20
LOOK_AT_PAGES = 20  # seconds
SHORTEST_KEY = 32  # characters


def examine(settings: Settings) -> list[Finding]:
    """Look at everything; without the tables, what needs them is left out."""
    looks = (settings_, versions, sqlite_build, disk, secret_files, mail, store, sign_in_provider, tables)
    found = [_looked(look, settings) for look in looks]
    if found[-1].state == OK:
        found += [_looked(look, settings) for look in (writing, pages, clock, queue, machines, files, record)]
    return found


def _looked(look: Callable[[Settings], Finding], settings: Settings) -> Finding:
    """What a look has found; whatever stops it is a finding, too."""
    name = look.__name__
    try:
        return look(settings)
    except OSError as error:
        text = f"{error.filename or 'The system'}: {error.strerror or type(error).__name__}."
        return Finding(name, FAULT, text, "See who owns it, and whether there is room.")
    except SQLAlchemyError as error:
        if db.engine.dialect.name != "sqlite":
            text = f"The database does not answer ({type(error).__name__})."
            return Finding(name, FAULT, text, "Check GATEHOUSE_DATABASE_URL, and whether its server runs.")
        if writers.TOO_LONG in str(getattr(error, "orig", error)):
            return _held_up(name)
        text = f"The database {db.engine.url.database} cannot be used: {getattr(error, 'orig', error)}."
        advice = "See that this user owns it and its folder. If it is damaged, put the last backup back."
        return Finding(name, FAULT, text, advice)
    except ValueError as error:  # a row that nobody can read any more
        text = f"Something in the database cannot be read ({type(error).__name__})."
        return Finding(name, FAULT, text, "Keep this database as it is, and put the last backup back.")


def _held_up(name: str) -> Finding:
    """Nothing is wrong with the file, but nobody else can write to it."""
    file = os.path.realpath(str(db.engine.url.database))
    text = f"Somebody holds the write lock of {file} and does not let it go."
    process = writers.holder(file)
    if process is None:
        return Finding(name, FAULT, text, f"See which process holds it: fuser -v {file} {file}-writers")
    advice = f"See what process {process} does: ps -fp {process}. If it stands still, end it: kill -9 {process}"
    return Finding(name, FAULT, text, advice)


def settings_(settings: Settings) -> Finding:
    """Whether the settings suit a site that others reach."""
    address = urlsplit(settings.base_url)
    name = "settings"
    key = settings.secret_key.get_secret_value()
    if key.startswith("change me") or len(key) < SHORTEST_KEY:
        text = "The key of the site is the one of the example, or so short that it can be guessed."
        return Finding(name, FAULT, text, "Set GATEHOUSE_SECRET_KEY to what this prints: openssl rand -base64 48")
    if address.hostname in ("127.0.0.1", "localhost", "::1"):
        text = f"Links in mails lead to {settings.base_url}, which works on this machine only."
        return Finding(name, ATTENTION, text, "Set GATEHOUSE_BASE_URL to the address that people use.")
    if address.scheme != "https" or not settings.secure_cookies:
        text = "Sign-ins travel without encryption, or their cookies may."
        return Finding(name, FAULT, text, "Serve over TLS: https in GATEHOUSE_BASE_URL, GATEHOUSE_SECURE_COOKIES=true.")
    if not settings.answers_to(address.hostname or ""):
        text = f"Links lead to {address.hostname}, which GATEHOUSE_TRUSTED_HOSTS does not name: it is refused."
        return Finding(name, FAULT, text, "Add it there, or leave GATEHOUSE_TRUSTED_HOSTS empty.")
    return Finding(name, OK, f"The site is {settings.base_url}, over TLS.")


def versions(_settings: Settings) -> Finding:
    parts = ", ".join(f"{part} {version(part)}" for part in ("gatehouse", "flask", "sqlalchemy"))
    return Finding("versions", OK, f"Python {platform.python_version()}, {parts}")


def sqlite_build(_settings: Settings) -> Finding:
    """Whether the build of SQLite is one that keeps a file whole under many writers."""
    name = "database"
    if db.engine.dialect.name != "sqlite":
        return Finding(name, OK, f"PostgreSQL at {db.engine.url.host or 'this machine'}")
    driver = sqlite_driver()
    build = str((driver or sqlite3).sqlite_version)
    if driver is None:
        text = f"SQLite {build} of Python itself; it is used without WAL, so readers wait for writers."
        return Finding(name, ATTENTION, text, "Install pysqlite3 where it exists for this machine, or use PostgreSQL.")
    if tuple(int(part) for part in build.split(".")) < SAFE_SQLITE:
        text = f"SQLite {build} may damage a file that two processes write."
        return Finding(name, FAULT, text, "Update pysqlite3.")
    return Finding(name, OK, f"SQLite {build} with WAL")


def disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.instance).free
    text = f"{free / 1e9:.1f} GB free for {settings.instance}"
    if free < NO_SPACE:
        return Finding("disk", FAULT, text, "Make room now: with a full disk nothing can be saved.")
    if free < LITTLE_SPACE:
        return Finding("disk", ATTENTION, text, "Make room soon, or move the instance folder.")
    return Finding("disk", OK, text)


def secret_files(settings: Settings) -> Finding:
    """Whether what holds secrets can be read by its owner only."""
    candidates = [settings.instance / "secret_key", settings.instance / "config.toml"]
    candidates += [settings.mail_folder, settings.files]
    database = db.engine.url.database if db.engine.dialect.name == "sqlite" else None
    for file in [settings.queue_file, *([Path(database)] if database else [])]:
        candidates += [file, *(file.with_name(f"{file.name}{tail}") for tail in ("-wal", "-shm", "-journal"))]
    open_ones = [path for path in candidates if path.exists() and path.stat().st_mode & 0o077]
    if not open_ones:
        return Finding("secrets", OK, "Files with secrets are readable by their owner only.")
    names = " ".join(str(path) for path in open_ones)
    text = f"Others on this machine can read {', '.join(path.name for path in open_ones)}."
    return Finding("secrets", FAULT, text, f"Run: chmod go-rwx {names}")


def mail(settings: Settings) -> Finding:
    """Whether the mail server answers, and takes our name; no mail is sent."""
    if not settings.smtp_host:
        text = f"No mail server is named; mails are written to {settings.mail_folder}."
        return Finding("mail", ATTENTION, text, "Set GATEHOUSE_SMTP_HOST, or nobody gets a mail.")
    where = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        with mailer.reach(settings, min(settings.smtp_timeout, MAIL_TIMEOUT)) as server:
            server.noop()
    except OSError as error:
        text = f"The mail server {where} does not take us ({type(error).__name__})."
        return Finding("mail", FAULT, text, "Check the GATEHOUSE_SMTP_ settings. Mails wait until it answers.")
    return Finding("mail", OK, f"The mail server {where} answers.")


def sign_in_provider(settings: Settings) -> Finding:
    """Whether the provider by which people may sign in can be asked."""
    if not settings.oidc_issuer:
        return Finding("provider", OK, "No sign-in provider is named.")
    if not provider.INSTALLED:
        text = "A sign-in provider is named, but what it takes is not installed: nobody is offered it."
        return Finding("provider", FAULT, text, "Run: pip install 'gatehouse[oidc]'")
    from innovation.accounts import oidc  # only there with the extra

    try:
        oidc.describe(settings)
    except provider.ProviderAway as error:
        text = f"The sign-in provider {settings.oidc_issuer} cannot be asked ({error})."
        return Finding("provider", FAULT, text, "Check the GATEHOUSE_OIDC_ settings. Passwords go on working.")
    return Finding("provider", OK, f"The sign-in provider {settings.oidc_issuer} answers.")


def store(settings: Settings) -> Finding:
    """Whether files can be kept and read where the settings say; a small file is written for that."""
    where = settings.files_url or str(settings.files)
    try:
        open_store(settings).check()
    except StoreAway as away:
        advice = "Check the GATEHOUSE_FILES_ settings, and whether the store runs." if settings.files_url else ""
        return Finding(
            "store",
            FAULT,
            f"Files cannot be kept in {where}: {away}",
            advice or "See who owns the folder, and its room.",
        )
    if settings.files_endpoint.startswith("http://") and not _is_here(settings.files_endpoint):
        text = f"Files travel to {settings.files_endpoint} without encryption."
        return Finding("store", ATTENTION, text, "Use https, unless that network is yours alone.")
    return Finding("store", OK, f"Files can be kept and read in {where}.")


def _is_here(address: str) -> bool:
    return urlsplit(address).hostname in ("127.0.0.1", "localhost", "::1")


def tables(settings: Settings) -> Finding:
    """Whether the tables are those of this release, and no half of them."""
    if cut_off := unfinished.trace(settings.instance):
        return Finding("tables", FAULT, cut_off[0], " ".join(cut_off[1:]))
    file = file_of(db.engine)
    if file and not Path(file).exists():
        advice = "Put it back, or a backup: gatehouse restore. A new site begins with: gatehouse db upgrade"
        return Finding("tables", FAULT, f"There is no file {file}.", advice)
    with reading() as connection:
        present, newest = present_revision(connection), newest_revision()
    if present == newest:
        return Finding("tables", OK, f"The tables are those of this release ({present}).")
    if not present:
        return Finding("tables", FAULT, "There are no tables.", "Run: gatehouse db upgrade, or put a backup back.")
    text = f"The tables are at {present}, this release needs {newest}."
    if present not in known_revisions():
        return Finding("tables", FAULT, text, "They are of a newer release: install that one.")
    return Finding("tables", FAULT, text, "Make a backup, then run: gatehouse db upgrade")


def writing(_settings: Settings) -> Finding:
    """Whether this user may write to the database, and it is not open for reading only; nothing is changed."""
    with db.engine.connect() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = version_num"))
        connection.rollback()
    return Finding("writing", OK, "The database can be written.")


def pages(_settings: Settings) -> Finding:
    """Whether the file of the database can be read as it should be; a large one is looked at for some seconds only."""
    if db.engine.dialect.name != "sqlite":
        return Finding("pages", OK, "The server looks after its own files.")
    end = time.monotonic() + LOOK_AT_PAGES
    with reading() as connection:
        driver: Any = connection.connection.dbapi_connection
        driver.set_progress_handler(lambda: time.monotonic() > end, 100_000)
        try:
            found = str(driver.execute("PRAGMA quick_check(1)").fetchone()[0])
        except Exception as error:  # each build of SQLite has errors of its own
            if "interrupted" not in str(error):
                return _damaged(str(error))
            return Finding("pages", OK, f"Nothing is wrong with what was looked at in {LOOK_AT_PAGES} seconds.")
        finally:
            driver.set_progress_handler(None, 0)
    return Finding("pages", OK, "The file of the database is whole.") if found == "ok" else _damaged(found)


def _damaged(said: str) -> Finding:
    text = f"The file of the database is damaged: {' '.join(said.split())}"
    return Finding("pages", FAULT, text, "Keep this file as it is, and put the last backup back.")


def clock(_settings: Settings) -> Finding:
    """Whether this machine's time fits that of the database and of what has happened."""
    here = now()
    with reading() as connection:
        newest = connection.scalar(sa.select(sa.func.max(Event.at)))
        if connection.dialect.name == "postgresql":
            apart = abs((connection.execute(sa.text("SELECT now()")).scalar_one() - here).total_seconds())
            if apart > 5:
                text = f"This machine and the database server are {apart:.0f} seconds apart."
                return Finding("clock", FAULT, text, "Let both keep time by NTP.")
    if newest and newest > here + dt.timedelta(seconds=5):
        text = f"It is {here:%d %b %Y, %H:%M} UTC here, but something was recorded at {newest:%d %b %Y, %H:%M}."
        return Finding("clock", FAULT, text, "Set the clock of this machine, and let it keep time by NTP.")
    return Finding("clock", OK, f"It is {here:%d %b %Y, %H:%M} UTC.")


KEPT_FILES: tuple[tuple[Any, Any], ...] = (
    (Attachment.key, Attachment.id),
    (Card.photo_key, Card.id),
    (DiligencePaper.file_key, DiligencePaper.id),
    (MilestoneFile.file_key, MilestoneFile.id),
    (PilotVisit.photo_key, PilotVisit.id),
    (SpendEntry.file_key, SpendEntry.id),
    (TrackerMark.file_key, TrackerMark.id),
)
"""Every column that names a file in the store, with the number of its row."""


def files(settings: Settings) -> Finding:
    """Whether the files of which the database speaks are in the store; the first and the newest are looked for."""
    with reading() as connection:
        keys = {
            key
            for column, number in KEPT_FILES
            for order in (number, number.desc())
            for key in connection.scalars(
                sa.select(column).where(column.is_not(None)).order_by(order).limit(LOOKED_FOR)
            )
            if key
        }
    try:
        missing = [key for key in keys if not open_store(settings).has(key)]
    except StoreAway as away:
        return Finding("files", FAULT, f"Files cannot be looked for: {away}", "Mend the store first.")
    if missing:
        text = f"{len(missing)} of {len(keys)} files that were looked for are not in the store."
        advice = "See that GATEHOUSE_FILES_URL names the place they are in, or take them from a backup."
        return Finding("files", FAULT, text, advice)
    return Finding("files", OK, f"{len(keys)} files were looked for; all are there.")


def record(_settings: Settings) -> Finding:
    """Whether the record of what happened is whole."""
    report = chain.verify()
    if not report.ok:
        text = f"The record is not whole: {report.faults[0]}"
        return Finding(
            "record", FAULT, text, "Run: gatehouse log verify. Keep this database and the last backup as they are."
        )
    return Finding("record", OK, f"{report.events} events, all as they were written; {report.unsealed} not sealed yet.")
