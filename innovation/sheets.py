"""Reads one spreadsheet and ends: a file of a few KB may unfold to more than a machine has.

It is run by its path and told its seconds, its megabytes, and how many rows, cells and bytes it may answer with; on its
standard input it is given the spreadsheet. It answers with a line of JSON for each row that holds something: its number
and its cells.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import signal
import sys
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

FAR, MANY, BROKEN = 3, 4, 5  # how it ends without an answer
Lines = list[tuple[int, list[str]]]


class TooMany(Exception):
    """More than whoever asked has room for."""


class Most(NamedTuple):
    lines: int
    cells: int
    bytes: int


def hold_back(seconds: int, megabytes: int, most: Most) -> None:
    """Let this process take and write no more than that, and leave nothing behind where it ends badly."""
    signal.alarm(seconds)  # whoever would stop it may be gone
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_AS: megabytes * 1_000_000,
        resource.RLIMIT_FSIZE: most.bytes,
    }
    for what, limit in limits.items():
        with contextlib.suppress(ValueError, OSError):  # a Mac holds nobody to memory, and less may be allowed already
            resource.setrlimit(what, (limit, limit))


def read(content: bytes, most: Most) -> Iterator[bytes]:
    """The first sheet with rows under headings; notes to the reader often stand on one before it."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    first: Lines = []
    for at in range(len(book.sheet_names)):
        lines = list(_lines(book.get_sheet_by_index(at), most))
        if is_table(cells for _number, cells in lines):
            first = lines
            break
        first = first or lines
    left = most.bytes
    for line in first:
        told = json.dumps(line, ensure_ascii=False).encode() + b"\n"
        left -= len(told)
        if left < 0:
            raise TooMany
        yield told


def is_table(lines: Iterable[list[str]]) -> bool:
    """Several columns, in several rows."""
    return sum(sum(map(bool, line)) > 1 for line in lines) > 1


def _lines(sheet: Any, most: Most) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, without what is empty behind their last cell."""
    before = [""] * (sheet.start or (0, 0))[1]
    lines = cells = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        line = before + [_shown(value) for value in row]
        while line and not line[-1]:
            line.pop()
        lines, cells = lines + bool(line), cells + len(line)
        if lines > most.lines or cells > most.cells:
            raise TooMany
        if line:
            yield number, line


def _shown(value: Any) -> str:
    """A cell as a person reads it: whole numbers without ``.0``, dates in ISO form."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def main(seconds: int, megabytes: int, most: Most) -> int:
    hold_back(seconds, megabytes, most)
    try:
        for line in read(sys.stdin.buffer.read(), most):
            sys.stdout.buffer.write(line)
    except MemoryError:
        return FAR
    except TooMany:
        return MANY
    except Exception:  # whatever is wrong with it, it cannot be read; and what it holds is nothing for a log
        return BROKEN
    return 0


if __name__ == "__main__":
    seconds, megabytes, *room = map(int, sys.argv[1:])
    sys.exit(main(seconds, megabytes, Most(*room)))
