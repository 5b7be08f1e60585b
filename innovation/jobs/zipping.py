"""A ZIP written as it is read: no more of it is in memory than one file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

DATE = (1980, 1, 1, 0, 0, 0)
PACKED = (".zip", ".jpg", ".jpeg", ".png", ".webp", ".pdf", ".docx", ".xlsx", ".mp4")


def stream_zip(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The ZIP piece by piece, as the files come."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as packed:
        for path, content in files:
            _add(packed, path, content)
            yield sink.take()
    yield sink.take()


def _add(packed: zipfile.ZipFile, path: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(path, DATE)
    entry.compress_type = zipfile.ZIP_STORED if path.lower().endswith(PACKED) else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    packed.writestr(entry, content)


class _Sink(io.RawIOBase):
    """Holds what was written until it is taken."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._held += content
        return len(content)

    def take(self) -> bytes:
        taken = bytes(self._held)
        self._held.clear()
        return taken
