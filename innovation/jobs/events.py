"""What happens to a long job."""

from __future__ import annotations

from typing import ClassVar

from innovation.events import Fact
from innovation.values import dataclass


@dataclass(frozen=True)
class _OfJob(Fact):
    about: ClassVar[str] = "job_id"

    job_id: int
    kind_of_job: str


@dataclass(frozen=True)
class JobAsked(_OfJob):
    """Somebody has asked for something that takes long."""


@dataclass(frozen=True)
class JobFinished(_OfJob):
    """Everything that was asked for has been done or refused."""


@dataclass(frozen=True)
class JobStopped(_OfJob):
    """Whoever asked has stopped it; what was done stays done."""
