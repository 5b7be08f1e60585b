"""``gatehouse backup``, ``restore`` and ``doctor``: looking after a running site."""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from innovation import chain
from innovation.app import create_app
from innovation.cli import archive, copying, examining, swapping, unfinished
from innovation.cli.finding import ATTENTION, FAULT, Finding
from innovation.config import PREFIX, BadSettings, Settings
from innovation.db import db
from innovation.errors import is_full
from innovation.health import find_backlog, known_revisions, newest_revision, reading
from innovation.ideas.store import StoreAway
from workflows import Refused

NEEDED = "it takes twice as much as the database, and as much as the files"


@contextmanager
def _site() -> Iterator[Settings]:
    """The settings of the site, with its database at hand; its connections are closed in the end."""
    app = create_app()
    with app.app_context():
        try:
            yield app.config["SETTINGS"]
        except StoreAway as away:
            raise Refused((f"The place where files are kept does not take us: {away} Nothing was changed.",)) from away
        finally:
            db.session.remove()
            db.engine.dispose()


@contextmanager
def _tidied_up() -> Iterator[None]:
    """Whoever stops this process, or closes its terminal, lets it take back first what it has begun."""
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    usual = {each: handler for each in numbers if (handler := signal.getsignal(each)) != signal.SIG_IGN}  # as by nohup

    def stop(number: int, _frame: Any) -> None:
        for each in usual:
            signal.signal(each, signal.SIG_IGN)  # taking back is not stopped in turn
        sys.exit(f"Stopped by {signal.Signals(number).name}.")

    for each in usual:
        signal.signal(each, stop)
    try:
        yield
    finally:
        for each, handler in usual.items():
            signal.signal(each, handler)


@contextmanager
def _room(told: str) -> Iterator[None]:
    """Say where there is no room, which the system does not."""
    try:
        yield
    except Exception as error:  # each driver has errors of its own
        if not is_full(error):
            raise
        raise Refused((told,)) from error


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Keep the database, the files and the key in FILE (a .tar.gz) while the site goes on."""
    with _tidied_up(), _site() as settings, copying.in_use() as hindrance:
        if hindrance:
            click.echo(f"{hindrance.filename}: {hindrance.strerror}. A restore does not wait for this.", err=True)
        unfinished.require_none(settings.instance)
        with _room(f"There is no room for the backup in {file.absolute().parent}: {NEEDED}. Nothing was left there."):
            made = archive.write(file.absolute(), settings)
    size = file.stat().st_size
    click.echo(f"{file}: the database at revision {made.revision}, {made.files} files, {size:,} bytes.")
    if made.gone:
        click.echo(f"{len(made.gone)} files were taken away for good meanwhile and are not in it.")
    click.echo("Whoever has it can read everything in it. Keep it on another machine, and try a restore.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Put aside what is there instead of refusing.")
def restore(file: Path, replace: bool) -> None:
    """Put the site back as FILE holds it, then check the record. Stop the server and the workers first."""
    _require_owner(Path(os.environ.get(f"{PREFIX}INSTANCE", "instance")))
    with (
        _tidied_up(),
        _site() as settings,
        _room(f"There is no room for what the backup holds, in {settings.instance} or where the database is kept."),
        archive.unpacked(file.absolute(), settings.instance) as (manifest, folder),
    ):
        _require_fitting(manifest, folder)
        _require_room(settings, replace)
        with copying.alone():
            swapping.put_back(manifest, folder, settings)
            report, owed = chain.verify(), _owed(manifest)
    for fault in report.faults:
        click.echo(fault, err=True)
    click.echo(f"{manifest.files} files and {report.events} events are back, as of {manifest.made_at}.")
    if not report.ok:
        sys.exit("The record is NOT whole. Take another backup.")
    click.echo("The record is whole.")
    if manifest.revision != newest_revision():
        click.echo("The backup is of an older release. Now run: gatehouse db upgrade")
    if owed:
        click.echo(f"{owed} A rehearsal should send nothing: before you start one, set smtp_host to nothing.")


def _require_owner(instance: Path) -> None:
    """What root puts back belongs to root, and the user of the site could use none of it."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and instance.exists() and (owner := instance.stat().st_uid):
        with suppress(KeyError):
            known = importlib.import_module("pwd").getpwuid(owner).pw_name
            raise Refused((f"This site belongs to {known}. Run this as that user: runuser -u {known} -- COMMAND",))
        raise Refused((f"This site belongs to the user {owner}. Run this as that user.",))


def _owed(manifest: archive.Manifest) -> str:
    """What a worker will do as soon as it starts, in a sentence; nothing where nothing waits or nobody can tell yet."""
    if manifest.revision != newest_revision():
        return "A worker sends the mails that were still owed then."
    with reading() as connection:
        found = find_backlog(connection)
    mails, reactions = found.messages.count, found.deliveries.count
    if not mails + reactions:
        return ""
    return f"{mails} mails and {reactions} reactions are owed; a worker sends and does them."


def _require_fitting(manifest: archive.Manifest, folder: Path) -> None:
    """Refuse what cannot be put back before anything is touched."""
    if manifest.engine != db.engine.dialect.name:
        raise Refused((f"This backup is of {manifest.engine}, and the settings name another kind of database.",))
    if manifest.revision not in known_revisions():
        raise Refused(("A newer release has made this backup. Restore it with that one.",))
    archive.require_database(manifest)
    if not copying.is_sqlite():
        return
    if fault := copying.fault_of(folder / copying.SQLITE, "quick_check"):
        raise Refused((f"{archive.NOT_WHOLE}: its database is damaged ({fault}). Take another one.",))
    if copying.revision_of(folder / copying.SQLITE) != manifest.revision:
        raise Refused((f"{archive.NOT_WHOLE}: its tables are not those it names. Take another one.",))


def _require_room(settings: Settings, replace: bool) -> None:
    if not replace and (copying.is_occupied() or swapping.has_files(settings)):
        raise Refused(("There is a site here already. To put it aside, say --replace.",))
    copying.require_rights()


def _keep_in_use(kept: ExitStack) -> list[Finding]:
    """Let no backup be put back meanwhile; what hinders that is a finding, and stops nobody from looking."""
    try:
        hindrance = kept.enter_context(copying.in_use())
    except OSError as error:
        text = f"{error.filename or 'The database'}: {error.strerror}."
        return [Finding("lock", FAULT, text, "Nobody can use the database before that has ended or is mended.")]
    if hindrance is None:
        return []
    text = f"{hindrance.filename}: {hindrance.strerror}. A restore does not wait for what this user does."
    return [Finding("lock", ATTENTION, text, "See that this user may read it, and that its disk can be written.")]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(as_json: bool) -> None:
    """Look at everything that a running site needs; ends with 1 when something is at fault."""
    try:
        with _site() as settings, ExitStack() as kept:
            hindered = _keep_in_use(kept)
            found = examining.examine(settings) + hindered
    except BadSettings as error:
        found = [Finding("settings", FAULT, str(error), "Mend the named settings, then look again.")]
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], indent=1))
    else:
        for finding in found:
            click.echo(f"{finding.state:9}  {finding.name:11}  {finding.text}")
            if finding.advice:
                click.echo(f"{'':24}{finding.advice}")
    if any(finding.state == "fault" for finding in found):
        sys.exit(1)
