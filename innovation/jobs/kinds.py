"""What a kind of long job must say: what it is called, how it begins, and how it does a few of its things."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from innovation.jobs.models import Job
from innovation.permission import Actor
from innovation.values import dataclass


@dataclass(frozen=True)
class Outcome:
    """What became of one thing: ``done``, ``known`` (it was so already), ``failed``; listed when ``what`` names it."""

    what: str = ""
    result: str = "done"
    reasons: tuple[str, ...] = ()


class Away(Exception):
    """What a job needs does not answer: the job waits for it, and leaves nothing out."""


def nothing_more() -> None:
    """Most jobs leave nothing behind."""


@dataclass(frozen=True)
class Work:
    """A job made ready: its things by name, a function that does some of them, and one that clears up at the end.

    ``do`` runs within one transaction with the progress of the job, as the person who asked; it raises ``Refused``,
    ``Forbidden`` or ``NotThere`` for a thing that cannot be done, and then nothing that it did is kept; ``Away`` where
    the whole job has to wait. ``ready`` runs before it and outside of that transaction, so that what takes long keeps
    nobody from writing; it raises the same. ``end`` clears up when everything went well.
    """

    names: Sequence[str]
    do: Callable[[Actor, range], list[Outcome]]
    end: Callable[[], None] = nothing_more
    ready: Callable[[Actor, range], None] | None = None


@dataclass(frozen=True)
class Page:
    """A page that a job leads to."""

    label: Any
    endpoint: str
    values: dict[str, Any]


@dataclass(frozen=True)
class File:
    """What a job has made, piece by piece."""

    name: str
    content_type: str
    chunks: Iterator[bytes]


@dataclass(frozen=True)
class Kind:
    """A kind of job. ``batch`` things share a transaction; ``of_each`` is the page of a thing, by its reference.

    ``seen`` says which of the things, by their references, a person may still know of: the report names no others.

    ``file`` puts together what the job made, as its person may see it at the moment when they fetch it.
    """

    title: Any
    begin: Callable[[Actor, Job], Work]
    batch: int = 1
    of_each: str = ""
    seen: Callable[[Actor, Collection[str]], Collection[str]] | None = None
    back: Callable[[Job], list[Page]] = lambda job: []
    file: Callable[[Actor, Job], File] | None = None
    called: Callable[[Job], Any] | None = None

    def name_of(self, job: Job) -> Any:
        """What one job is called: its kind's title, unless that says too little of it."""
        return self.called(job) if self.called else self.title


KINDS: dict[str, Kind] = {}
"""Every kind by its name; filled once at start from the table in longjobs.py."""
