"""A backup in the place of a site: all of it, or the site is as it was."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import click

from innovation.cli import copying, unfinished
from innovation.cli.archive import KEY, Manifest
from innovation.config import Settings
from innovation.db import now
from innovation.ideas.store import Store, open_store

OURS = re.compile(r"[0-9a-f]{2}")  # a disk of its own has a lost+found beside them


def has_files(settings: Settings) -> bool:
    """Whether files are kept here; a bucket may be full, for nothing in it is replaced."""
    return not settings.files_url and any(_folders(settings.files))


def _folders(files: Path) -> Iterator[Path]:
    return (path for path in files.iterdir() if OURS.fullmatch(path.name)) if files.is_dir() else iter(())


def put_back(manifest: Manifest, folder: Path, settings: Settings) -> None:
    """What is there goes into a folder of its own, and what the backup holds comes in its place."""
    store = open_store(settings)
    if settings.files_url:  # first of all: a bucket may refuse, and then nothing has changed
        store.take_over(folder / "files")
    aside = settings.instance / f"before-restore-{now():%Y%m%d-%H%M%S-%f}"
    aside.mkdir(mode=0o700)
    was_whole, stopped_by = not unfinished.is_noted(settings.instance), list[BaseException]()
    with ExitStack() as undo:
        # Where taking something back fails, the error is no longer the one that has stopped us.
        undo.push(lambda _kind, error, _trace: _tell_undone(aside, is_undone=error in stopped_by, was_whole=was_whole))
        try:
            files = _exchange(manifest, folder, settings, aside, store, undo)
        except BaseException as error:
            stopped_by.append(error)
            raise
        undo.pop_all()
    for left in (files, aside):
        if left and not any(left.iterdir()):
            left.rmdir()


def _exchange(
    manifest: Manifest, folder: Path, settings: Settings, aside: Path, store: Store, undo: ExitStack
) -> Path | None:
    """Everything, one after another; gives where the files of before are kept."""
    files = None if settings.files_url else _place_for_files(settings, aside, undo)
    unfinished.note(settings.instance, _tell(manifest, settings, aside, files))
    _keep_for_good()  # the backup is on the disk before what it replaces goes
    copying.move_aside(aside, aside.name, undo)
    copying.copy_in(folder, manifest.revision, manifest.tables, undo)
    copying.let_in_again(aside)
    if files:
        _exchange_files(folder / "files", settings.files, files, store, undo)
    if (folder / KEY).exists():
        _exchange_key(folder / KEY, settings.instance / KEY, aside / KEY, undo)
    _keep_for_good()
    unfinished.forget(settings.instance)
    return files


def _keep_for_good() -> None:
    """Wait until the system has written all that it holds back: a power cut may follow."""
    if hasattr(os, "sync"):
        os.sync()


def _tell(manifest: Manifest, settings: Settings, aside: Path, files: Path | None) -> str:
    """Say where everything goes before it does, for what follows may be stopped at any moment."""
    places = {copying.lies_here(aside.name, aside)}
    if (settings.instance / KEY).exists() and any(part.name == KEY for part in manifest.parts):
        places.add(f"the folder {aside}")
    if files and has_files(settings):
        places.add(f"the folder {aside if files.parent == aside else files}")
    found = sorted(places - {""})
    told = f"What was here before is kept in {' and '.join(found)}." if found else ""
    if told:
        click.echo(told)
    return told


def _tell_undone(aside: Path, *, is_undone: bool, was_whole: bool) -> None:
    """The note stays where something is left, or was left by a restore before this one."""
    if not is_undone or any(aside.iterdir()):
        click.echo(f"Not everything could be put back in its place. {copying.rest_of(aside.name, aside)}", err=True)
        return
    aside.rmdir()
    if was_whole:
        unfinished.forget(aside.parent)
    click.echo("Nothing was changed: what was here is back in its place.", err=True)


def _place_for_files(settings: Settings, aside: Path, undo: ExitStack) -> Path:
    """A folder into which the files can be moved without being copied: they may lie on a disk of their own."""
    settings.files.mkdir(mode=0o700, exist_ok=True)
    made = settings.files / f".{aside.name}"
    made.mkdir(mode=0o700)
    try:
        kept = made.rename(aside / "files")
    except OSError as error:
        if error.errno != errno.EXDEV:
            made.rmdir()
            raise
        kept = made.rename(settings.files / aside.name)
    undo.callback(kept.rmdir)
    return kept


def _exchange_files(new: Path, files: Path, kept: Path, store: Store, undo: ExitStack) -> None:
    for path in list(_folders(files)):
        undo.callback(_rename, kept / path.name, path)
        path.rename(kept / path.name)
    if new.exists():
        for path in new.iterdir():
            undo.callback(shutil.rmtree, files / path.name, ignore_errors=True)
        store.take_over(new)


def _exchange_key(new: Path, place: Path, kept: Path, undo: ExitStack) -> None:
    if place.exists():
        undo.callback(_rename, kept, place)
        os.replace(place, kept)
    os.replace(new, place)


def _rename(kept: Path, place: Path) -> None:
    """Put back what was moved; nothing where the move itself did not succeed."""
    if kept.exists():
        os.replace(kept, place)
