"""What happens with the record itself."""

from __future__ import annotations

from typing import ClassVar

from innovation.events import Fact
from innovation.values import dataclass


@dataclass(frozen=True)
class RecordChecked(Fact):
    """Somebody had the record checked up to an event; ``first`` and ``seal`` are the lowest that did not fit."""

    about: ClassVar[str] = "job_id"

    job_id: int
    upto: int
    faults: int
    first: int | None
    seal: int | None
