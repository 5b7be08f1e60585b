"""Texts that are packed for browsers once and have something new put between their pieces each time."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

BEGINNING = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # of a gzip file without name and time (RFC 1952, 2.3)
END = b"\x03\x00"  # a last block with nothing in it (RFC 1951, 3.2.3)


class Piece:
    """A text, and the same as blocks of a deflate stream that looks back no further than its own beginning."""

    __slots__ = ("packed", "text")

    def __init__(self, text: str) -> None:
        self.text = text.encode()
        squeeze = zlib.compressobj(6, zlib.DEFLATED, -15)
        self.packed = squeeze.compress(self.text) + squeeze.flush(zlib.Z_FULL_FLUSH)

    @property
    def size(self) -> int:
        return len(self.text) + len(self.packed)


def joined(pieces: Sequence[Piece], between: Sequence[bytes]) -> bytes:
    """The whole text."""
    written = [pieces[0].text]
    for new, piece in zip(between, pieces[1:], strict=True):
        written += [new, piece.text]
    return b"".join(written)


def packed(pieces: Sequence[Piece], between: Sequence[bytes]) -> bytes:
    """The whole text as a gzip file; what is new stands in it as it is, and is shorter than 64 KiB each time."""
    blocks, check, size = [BEGINNING, pieces[0].packed], zlib.crc32(pieces[0].text), len(pieces[0].text)
    for new, piece in zip(between, pieces[1:], strict=True):
        blocks += [struct.pack("<BHH", 0, len(new), len(new) ^ 0xFFFF), new, piece.packed]
        check = zlib.crc32(piece.text, zlib.crc32(new, check))
        size += len(new) + len(piece.text)
    return b"".join([*blocks, END, struct.pack("<II", check, size & 0xFFFFFFFF)])
