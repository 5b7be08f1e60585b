"""A backup: the database as it stood at one moment, the files, the key, and a list that proves them whole."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import IO

import msgspec

from innovation.cli import copying
from innovation.config import Settings
from innovation.db import now
from innovation.ideas.store import open_store
from innovation.values import dataclass
from workflows import Refused

FORMAT = 1
MANIFEST = "manifest.json"
KEY = "secret_key"
PART = re.compile(r"database\.sqlite|database/[a-z_]+\.copy|secret_key|files/[0-9a-f]{2}/[0-9a-f]{48}")
BLOCK = 1 << 20
ABANDONED = 12 * 3600  # seconds: no backup takes as long
NOT_WHOLE = "The backup is not whole"


@dataclass(frozen=True)
class Part:
    """A file in a backup, and how to know that it is still the one that was put there."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds; ``tables`` names the columns of each table where the database is a server's."""

    format: int
    application: str
    made_at: str
    engine: str
    revision: str
    tables: dict[str, list[str]]
    parts: tuple[Part, ...]
    gone: tuple[str, ...] = ()  # files that were taken away for good while the backup was made

    @property
    def files(self) -> int:
        return sum(part.name.startswith("files/") for part in self.parts)


@contextmanager
def _workplace(prefix: str, beside: Path) -> Iterator[Path]:
    """A folder of one's own that is gone in the end; what was killed at its work has left one, which goes now."""
    for left in beside.glob(f"{prefix}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > ABANDONED:
                shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=beside) as name:
        yield Path(name)


# Making one


def write(target: Path, settings: Settings) -> Manifest:
    """Write a backup to ``target``, readable by its owner only; it gets its name when it is whole."""
    if target.exists():
        raise Refused((f"{target} is there already. Choose another name.",))
    if not target.parent.is_dir():
        raise Refused((f"There is no folder {target.parent}.",))
    with _workplace(".gatehouse-backup-", target.parent) as folder:
        # The database first: a file is kept before a row speaks of it. One may be taken away for good meanwhile.
        engine, revision, tables = copying.copy_out(folder)
        files, lost = open_store(settings).as_folder(folder / "files")
        found = dict(_inside(folder)) | dict(_inside(files, "files/"))
        if (settings.instance / KEY).is_file():
            found[KEY] = settings.instance / KEY
        gone = {f"files/{path}" for path in lost}
        parts = {name: part for name, path in sorted(found.items()) if (part := _part(name, path, gone))}
        made_at = now().isoformat(timespec="seconds")
        manifest = Manifest(FORMAT, version("gatehouse"), made_at, engine, revision, tables, tuple(parts.values()))
        manifest = _pack_what_is_there(folder / "archive", manifest, found, gone)
        os.replace(folder / "archive", target)
    return manifest


def _inside(folder: Path, under: str = "") -> Iterator[tuple[str, Path]]:
    """The files of a folder that belong in a backup, with the names that they have in it."""
    for path in sorted(folder.rglob("*")):
        name = under + path.relative_to(folder).as_posix()
        if path.is_file() and not path.is_symlink() and PART.fullmatch(name):
            yield name, path


def _part(name: str, path: Path, gone: set[str]) -> Part | None:
    try:
        with path.open("rb") as file:
            return Part(name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
    except FileNotFoundError:
        gone.add(name)
        return None


def _pack_what_is_there(path: Path, manifest: Manifest, found: dict[str, Path], gone: set[str]) -> Manifest:
    """Pack anew without what went away meanwhile, which is rare: the list comes first, and must be right."""
    while True:
        parts = tuple(part for part in manifest.parts if part.name not in gone)
        manifest = replace(manifest, parts=parts, gone=tuple(sorted(gone)))
        try:
            _pack(path, manifest, found)
        except FileNotFoundError:
            lost = {part.name for part in parts if not found[part.name].exists()}
            if not lost:
                raise
            gone |= lost
            path.unlink()
        else:
            return manifest


def _pack(path: Path, manifest: Manifest, found: dict[str, Path]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as tar:
            said = asdict(manifest)
            if not manifest.gone:
                del said["gone"]  # older releases know nothing of it
            text = json.dumps(said, indent=1).encode()
            _add(tar, MANIFEST, len(text), io.BytesIO(text))
            for part in manifest.parts:
                with found[part.name].open("rb") as content:
                    _add(tar, part.name, part.size, content)
        file.flush()
        os.fsync(file.fileno())


def _add(tar: tarfile.TarFile, name: str, size: int, content: IO[bytes]) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(now().timestamp())
    tar.addfile(member, content)


# Reading one


@contextmanager
def unpacked(source: Path, beside: Path) -> Iterator[tuple[Manifest, Path]]:
    """The checked content of a backup in a folder beside its future place; ``Refused`` where anything differs."""
    if not source.is_file():
        raise Refused((f"There is no file {source}.",))
    with _workplace(".gatehouse-restore-", beside) as folder:
        try:
            with tarfile.open(source, mode="r:gz") as tar:
                manifest = _read_manifest(tar)
                _unpack(tar, manifest, folder)
        except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise Refused((f"{NOT_WHOLE}: it cannot be read to its end. Take another one.",)) from error
        yield manifest, folder


def _read_manifest(tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    content = tar.extractfile(first) if first and first.name == MANIFEST else None
    try:
        manifest = msgspec.json.decode(content.read() if content else b"", type=Manifest)
    except ValueError as error:
        raise Refused(("This is no backup of Gatehouse: it has no list of what it holds.",)) from error
    if manifest.format != FORMAT:
        raise Refused(("A newer release has made this backup. Restore it with that one.",))
    return manifest


def require_database(manifest: Manifest) -> None:
    """Refuse a list that names no database, or not all of one."""
    wanted = {f"database/{table}.copy" for table in manifest.tables} or {copying.SQLITE}
    if lacks := wanted - {part.name for part in manifest.parts}:
        raise Refused((f"{NOT_WHOLE}: {min(lacks)} is not on its list. Take another one.",))


def _unpack(tar: tarfile.TarFile, manifest: Manifest, folder: Path) -> None:
    """Write the parts that are on the list, under no other name, and only as they were."""
    missing = {part.name: part for part in manifest.parts if PART.fullmatch(part.name)}
    for member in iter(tar.next, None):
        part = missing.pop(member.name, None)
        content = tar.extractfile(member) if part and member.isfile() else None
        if part is None or content is None:
            raise Refused((f"{NOT_WHOLE}: {member.name} is not on its list.",))
        if _write(content, folder / part.name) != (part.size, part.sha256):
            raise Refused((f"{NOT_WHOLE}: {part.name} is not as it was. Take another one.",))
    if missing:
        raise Refused((f"{NOT_WHOLE}: {min(missing)} is missing. Take another one.",))


def _write(content: IO[bytes], path: Path) -> tuple[int, str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while block := content.read(BLOCK):
            digest.update(block)
            size += file.write(block)
    return size, digest.hexdigest()
