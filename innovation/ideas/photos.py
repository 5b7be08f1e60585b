"""A photo that comes with a form: checked, and drawn anew, so that it says neither where nor when it was taken."""

from __future__ import annotations

from typing import Any

from innovation.ideas import filecheck
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
