"""Answers that are files: whole before their first byte leaves, and never whole in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

from flask import Response

IN_MEMORY = 4_000_000  # larger ones wait on the disk
AT_ONCE = 256_000
ALONE = "default-src 'none'; sandbox"


def download(chunks: Iterable[bytes], name: str, content_type: str) -> Response:
    """The file, made now: a fault on the way is a page and no half of a file, and a slow line holds no database."""
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
    try:
        for chunk in chunks:
            out.write(chunk)
    except BaseException:
        out.close()
        raise
    return send(out, name, content_type)


def send(out: IO[bytes], name: str, content_type: str) -> Response:
    """A file that was written is sent and closed."""
    size = out.tell()
    out.seek(0)
    response = Response(_pieces(out), content_type=content_type)
    response.content_length = size
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _pieces(out: IO[bytes]) -> Iterator[bytes]:
    with out:
        while piece := out.read(AT_ONCE):
            yield piece


def pictured(content: bytes, content_type: str) -> Response:
    """A picture that was drawn anew, to be looked at in a page; it can run nothing and load nothing either."""
    response = Response(content, mimetype=content_type)
    response.headers["Content-Security-Policy"] = ALONE
    return response


def taken_along(content: bytes, name: str, content_type: str) -> Response:
    """A file that somebody sent, as something to take along: it can run nothing and load nothing."""
    response = Response(content, mimetype=content_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = ALONE
    return response
