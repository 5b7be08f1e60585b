"""A dossier for somebody who reads without names until their own marks are in."""

from __future__ import annotations

from typing import Any

from innovation.dossiers.queries import Contents
from innovation.ideas.models import Attachment
from innovation.ideas.naming import plain_name


def called(found: Contents, file: Attachment) -> str:
    """What a file is called for the reader."""
    return file.name if found.named else plain_name(file.name, file.id)


def without_names(found: Contents, records: dict[str, Any]) -> dict[str, Any]:
    """The same records without the people behind the idea: who they are, what each handed in, and what files tell."""
    for record, file in zip(records["files"], found.files, strict=True):
        record |= {"name": called(found, file), "by": ""}
    for record, handin in zip(records["deliverables"], found.handins, strict=True):
        kept = called(found, handin.attachment) if handin.attachment and record["file"] else ""
        record |= {"by": "", "judged_by": "", "file": kept}
    for record in records["revisions"]:
        record["by"] = ""
    _unowned(records)
    return records | {"people": []}


def _unowned(part: Any) -> None:
    """Take the names out of conditions, wherever decisions hold them."""
    if isinstance(part, dict):
        if "shown_by" in part:
            part["owner"] = ""
        for inner in part.values():
            _unowned(inner)
    elif isinstance(part, list):
        for inner in part:
            _unowned(inner)
