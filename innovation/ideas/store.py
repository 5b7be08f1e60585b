"""Where files are kept: outside the web root, under names that nobody can guess."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from typing import Protocol

from flask import current_app
from obstore.store import LocalStore


class Store(Protocol):
    """What a store can do; another kind of store offers the same two."""

    def put(self, content: bytes) -> str:
        """Keep the content; gives the key to find it again."""

    def get(self, key: str) -> bytes:
        """The content kept under a key; ``FileNotFoundError`` when there is none."""


class FolderStore:
    """Files in a folder of the instance, spread over sub-folders."""

    def __init__(self, folder: str) -> None:
        Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        self.objects = LocalStore(folder, mkdir=True)

    def put(self, content: bytes) -> str:
        key = secrets.token_hex(24)
        self.objects.put(_path(key), content, mode="create")
        return key

    def get(self, key: str) -> bytes:
        return bytes(self.objects.get(_path(key)).bytes())


def store() -> Store:
    """The store of this application."""
    return FolderStore(str(current_app.config["SETTINGS"].files))


def size_limit() -> int:
    """How many bytes a file may have."""
    return int(current_app.config["SETTINGS"].attachment_limit_mb) * 1_000_000


def digest(content: bytes) -> str:
    """SHA-256 in hex: shows later that a file is still what was handed in."""
    return hashlib.sha256(content).hexdigest()


def _path(key: str) -> str:
    return f"{key[:2]}/{key}"
