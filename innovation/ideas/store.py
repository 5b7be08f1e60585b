"""Where files are kept: in a folder of the instance or in a bucket, under names that nobody can guess."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from flask import current_app

from innovation.config import Settings

KEY = re.compile(r"([0-9a-f]{2})/(\1[0-9a-f]{46})")
PROBE = "check-by-doctor"
DENIED = "AccessDenied"
MAY_NOT_DELETE = f"{DENIED}. Let the key of the bucket take files away: allow it s3:DeleteObject there."
AT_ONCE = 8  # files that are copied at the same time
# A person waits for these, and the database with them: few tries, and none that lasts.
PATIENCE: dict[str, Any] = {
    "client_options": {"connect_timeout": "3s", "timeout": "60s", "read_timeout": "20s"},
    "retry_config": {
        "max_retries": 3,
        "retry_timeout": timedelta(seconds=6),
        "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=2), "base": 2},
    },
}
Result = TypeVar("Result")


class StoreAway(Exception):
    """The store for files does not answer, or does not take us; trying again later may help."""


class Store(Protocol):
    """What a store can do; every kind offers the same."""

    def put(self, content: bytes) -> str:
        """Keep the content; gives the key to find it again."""

    def get(self, key: str) -> bytes:
        """The content kept under a key; ``FileNotFoundError`` when there is none."""

    def has(self, key: str) -> bool:
        """Whether there is a file under a key."""

    def drop(self, key: str) -> None:
        """Take away what is kept under a key; nothing where it is gone already. Nobody gets it back."""

    def check(self) -> None:
        """Write something, read it back and delete it; ``StoreAway`` with the reason when that fails."""

    def as_folder(self, spare: Path) -> tuple[Path, list[str]]:
        """A folder that holds all files as they are, and which went away while it was made.

        ``spare`` is made for it where there is none.
        """

    def take_over(self, folder: Path) -> None:
        """Keep all files of such a folder, each under its own key."""


class FolderStore:
    """Files in a folder of the instance, spread over sub-folders.

    Written by Python itself: the threads of obstore do not outlive a fork, and servers fork.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        key = _new_key()
        try:
            self._write(self.folder / _path(key), content)
        except OSError as error:
            raise StoreAway(f"{self.folder}: {error.strerror}") from error
        return key

    def get(self, key: str) -> bytes:
        try:
            return (self.folder / _path(key)).read_bytes()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise StoreAway(f"{self.folder}: {error.strerror}") from error

    def has(self, key: str) -> bool:
        try:
            return (self.folder / _path(key)).is_file()
        except OSError as error:
            raise StoreAway(f"{self.folder}: {error.strerror}") from error

    def drop(self, key: str) -> None:
        try:
            (self.folder / _path(key)).unlink(missing_ok=True)
        except OSError as error:
            raise StoreAway(f"{self.folder}: {error.strerror}") from error

    def check(self) -> None:
        try:
            self._write(self.folder / f".{PROBE}", b"ok")
            (self.folder / f".{PROBE}").unlink()
        except OSError as error:
            raise StoreAway(f"{self.folder}: {error.strerror}") from error

    def as_folder(self, spare: Path) -> tuple[Path, list[str]]:
        return self.folder, []

    def take_over(self, folder: Path) -> None:
        """The folder itself stays, for it may be a disk of its own."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in list(folder.iterdir()):
            shutil.move(path, self.folder / path.name)

    def _write(self, path: Path, content: bytes) -> None:
        """It gets its name when it is whole and on the disk."""
        if not self.folder.exists():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(exist_ok=True)
        unfinished = path.with_name(f".{secrets.token_hex(8)}")
        try:
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(unfinished, path)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise


class BucketStore:
    """Files in a bucket of a store that speaks S3. They leave it through the application only."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def objects(self) -> Any:
        from obstore.store import S3Store

        place = urlsplit(self.settings.files_url)
        options = PATIENCE | {
            "client_options": PATIENCE["client_options"]
            | {"allow_http": self.settings.files_endpoint.startswith("http://")}
        }
        known: dict[str, Any] = {"region": self.settings.files_region}
        if self.settings.files_endpoint:
            known |= {"endpoint": self.settings.files_endpoint, "virtual_hosted_style_request": False}
        if self.settings.files_access_key:
            known["access_key_id"] = self.settings.files_access_key
            known["secret_access_key"] = self.settings.files_secret_key.get_secret_value()
        return S3Store(place.netloc, prefix=place.path.strip("/") or None, **known, **options)

    def put(self, content: bytes) -> str:
        key = _new_key()
        self._keep(_path(key), content)
        return key

    def get(self, key: str) -> bytes:
        return self._read(_path(key))

    def has(self, key: str) -> bool:
        try:
            _asked(lambda: self.objects.head(_path(key)))
        except FileNotFoundError:
            return False
        return True

    def drop(self, key: str) -> None:
        try:
            with suppress(FileNotFoundError):
                _asked(lambda: self.objects.delete(_path(key)))
        except StoreAway as away:
            if DENIED in str(away):
                raise StoreAway(MAY_NOT_DELETE) from away
            raise

    def check(self) -> None:
        try:
            self._keep(PROBE, b"ok")
            self._read(PROBE)
        except FileNotFoundError as error:
            raise StoreAway("What was written is not there.") from error
        try:
            _asked(lambda: self.objects.delete(PROBE))
        except StoreAway as away:
            raise StoreAway(f"What was written cannot be deleted ({away}). Let the key delete, too.") from away

    def as_folder(self, spare: Path) -> tuple[Path, list[str]]:
        gone: list[str] = []

        def fetch(path: str) -> None:
            target = spare / path
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                target.write_bytes(self._read(path))
            except FileNotFoundError:
                gone.append(path)

        spare.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(fetch, self._paths()))
        return spare, gone

    def take_over(self, folder: Path) -> None:
        """What the bucket holds beside these stays; a key is given once, so nothing is replaced by another thing."""
        paths = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda path: self._keep(path, (folder / path).read_bytes()), paths))

    def _keep(self, path: str, content: bytes) -> None:
        # Not "only if absent": the name is ours alone, and so a try whose answer was lost can be repeated.
        try:
            _asked(lambda: self.objects.put(path, content))
        except FileNotFoundError as error:
            raise StoreAway("There is no such bucket.") from error

    def _read(self, path: str) -> bytes:
        return _asked(lambda: bytes(self.objects.get(path).bytes()))

    def _paths(self) -> Iterator[str]:
        listed = _asked(lambda: [found["path"] for batch in self.objects.list() for found in batch])
        return (path for path in listed if KEY.fullmatch(path))


def _asked(question: Callable[[], Result]) -> Result:
    """The answer of a bucket; its errors as ``StoreAway``, without addresses and keys."""
    from obstore.exceptions import BaseError

    try:
        return question()
    except FileNotFoundError as error:
        if "NoSuchBucket" in str(error):
            raise StoreAway("There is no such bucket.") from error
        raise
    except BaseError as error:
        raise StoreAway(_reason(error)) from error
    except OSError as error:
        raise StoreAway(type(error).__name__) from error


def _reason(error: Exception) -> str:
    from obstore.exceptions import GenericError

    found = re.search(r"<Code>([A-Za-z]+)</Code>", str(error))
    return found[1] if found else "no answer" if isinstance(error, GenericError) else type(error).__name__


def store() -> Store:
    """The store of this application: opened by the process that uses it, and kept open."""
    settings: Settings = current_app.config["SETTINGS"]
    kept: dict[Any, Store] = current_app.extensions.setdefault("stores", {})
    place = (os.getpid(), settings.files, settings.files_url, settings.files_endpoint)
    if place not in kept:
        kept[place] = open_store(settings)
    return kept[place]


def open_store(settings: Settings) -> Store:
    """The store that the settings name."""
    return BucketStore(settings) if settings.files_url else FolderStore(settings.files)


def size_limit() -> int:
    """How many bytes a file may have."""
    return int(current_app.config["SETTINGS"].attachment_limit_mb) * 1_000_000


def digest(content: bytes) -> str:
    """SHA-256 in hex: shows later that a file is still what was handed in."""
    return hashlib.sha256(content).hexdigest()


def _new_key() -> str:
    return secrets.token_hex(24)


def _path(key: str) -> str:
    return f"{key[:2]}/{key}"
