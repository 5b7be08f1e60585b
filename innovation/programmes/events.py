"""What happens to programmes and workflows."""

from __future__ import annotations

from typing import ClassVar

from innovation.events import Fact
from innovation.values import dataclass


@dataclass(frozen=True)
class ProgrammeMade(Fact):
    about: ClassVar[str] = "programme_id"

    programme_id: int
    workflow_version_id: int


@dataclass(frozen=True)
class ProgrammeChanged(Fact):
    """Settings were changed; ``fields`` names them, ``notice_version`` is the notice in force afterwards."""

    about: ClassVar[str] = "programme_id"

    programme_id: int
    fields: tuple[str, ...]
    notice_version: int


@dataclass(frozen=True)
class TextsWritten(Fact):
    """So many texts were written in another language; ``notice_version`` is the notice in force afterwards."""

    about: ClassVar[str] = "programme_id"

    programme_id: int
    language: str
    texts: int
    notice_version: int


@dataclass(frozen=True)
class ListChanged(Fact):
    """An entry of themes, topics or regions was added, renamed, moved, retired or brought back."""

    about: ClassVar[str] = "programme_id"

    programme_id: int
    which: str
    entry_id: int
    change: str


@dataclass(frozen=True)
class WorkflowPublished(Fact):
    about: ClassVar[str] = "workflow_version_id"

    workflow_version_id: int
    key: str
    number: int
    checksum: str


@dataclass(frozen=True)
class WorkflowChosen(Fact):
    """New ideas of the programme travel under another version; ideas under way stay with theirs."""

    about: ClassVar[str] = "programme_id"

    programme_id: int
    workflow_version_id: int


@dataclass(frozen=True)
class _OfDraft(Fact):
    about: ClassVar[str] = "programme_id"

    programme_id: int
    draft_id: int


@dataclass(frozen=True)
class DraftBegun(_OfDraft):
    """Somebody writes a new version, from a published one or from a file."""

    workflow_version_id: int | None


@dataclass(frozen=True)
class DraftSaved(_OfDraft):
    """A page of it was changed; what was typed is in the draft."""


@dataclass(frozen=True)
class DraftPublished(_OfDraft):
    workflow_version_id: int


@dataclass(frozen=True)
class DraftDiscarded(_OfDraft):
    """It was thrown away, unpublished."""
