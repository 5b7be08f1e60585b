"""What comes with a form as a file: checked, and pictures drawn anew, so that they say neither where nor when they were
taken. That may take seconds: it is done before a command has its turn to write.
"""

from __future__ import annotations

from typing import Any

from innovation.ideas import filecheck, store
from workflows import Refused

MOST_PHOTO = 3_000_000
TAKES = "image/jpeg,image/png,image/webp"


def photo_of(field: Any) -> filecheck.Checked | None:
    """The picture that was sent, drawn anew; ``Refused`` for anything else."""
    file = field.data
    if not file or not getattr(file, "filename", ""):
        return None
    content = file.read(MOST_PHOTO + 1)
    checked = filecheck.check(file.filename, content, MOST_PHOTO)
    if not filecheck.is_image(checked.content_type):
        raise Refused((filecheck.BROKEN_IMAGE,))
    return checked


def file_of(field: Any) -> filecheck.Checked | None:
    """The file that was sent, as it may be kept; ``Refused`` where it may not."""
    file = field.data
    if not file or not getattr(file, "filename", ""):
        return None
    return filecheck.check(file.filename, file.read(), store.size_limit())
