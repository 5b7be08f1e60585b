"""The files beside a database that are there to be locked: made for whoever may use the database, and for nobody else.

Their folder belongs to the user of the site. What lies there under such a name may lead elsewhere, so nothing that was
found is followed or given away, least of all by root.
"""

from __future__ import annotations

import contextlib
import errno
import importlib.util
import os
import stat
from typing import Any

fcntl: Any = None  # Windows has none: there the lock of a process alone, and SQLite's own between processes
if importlib.util.find_spec("fcntl"):
    fcntl = importlib.import_module("fcntl")

_SAFELY = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def open_beside(path: str, tail: str, access: int = os.O_RDWR) -> int:
    """The file of this tail beside a database, made where it is missing; ``OSError`` where it is no file of its own."""
    place = f"{path}{tail}"
    try:
        return _open_found(path, place, access)
    except FileNotFoundError:
        pass
    try:
        made = os.open(place, os.O_RDWR | os.O_CREAT | os.O_EXCL | _SAFELY, 0o600)
    except FileExistsError:  # somebody was quicker
        return _open_found(path, place, access)
    try:
        _let_in(path, made)
    except BaseException:
        os.close(made)
        raise
    return made


def _open_found(path: str, place: str, access: int) -> int:
    file = os.open(place, access | _SAFELY)
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "This is no plain file. Take it away", place)
        if found.st_uid == os.geteuid() != 0 and _has_one_name(found, place):
            _open_to_group(path, file)
    except BaseException:
        os.close(file)
        raise
    return file


def _has_one_name(found: os.stat_result, place: str) -> bool:
    """Whether this is the file's only name, so that it is no other file that was linked here."""
    named = os.lstat(place)
    return (named.st_dev, named.st_ino, named.st_nlink) == (found.st_dev, found.st_ino, 1)


def _let_in(path: str, made: int) -> None:
    """What was just made belongs to the owner of the database, as SQLite does with what it lays beside one.

    Where there is none yet, whoever has the folder will make it.
    """
    if os.geteuid() == 0:
        owner = os.stat(path if os.path.exists(path) else os.path.dirname(path))
        os.fchown(made, owner.st_uid, owner.st_gid)
    _open_to_group(path, made)


def _open_to_group(path: str, file: int) -> None:
    """Let in the group that the database is shared with; a database that is still empty is its owner's alone."""
    with contextlib.suppress(FileNotFoundError):
        owner, found = os.stat(path), os.fstat(file)
        mode = stat.S_IMODE(found.st_mode)
        wanted = mode | (owner.st_mode & 0o060)
        if owner.st_size and owner.st_gid == found.st_gid and wanted != mode:
            os.fchmod(file, wanted)
