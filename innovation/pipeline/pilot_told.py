"""How an idea's history tells of the readings of its pilot."""

from __future__ import annotations

from collections.abc import Callable

from innovation.languages import gettext as _
from innovation.pipeline.lesson_told import OF_LESSONS

OF_READINGS: dict[str, Callable[[], str]] = {
    **OF_LESSONS,
    "readings_written": lambda: _("Readings of the pilot were written."),
    "stop_threshold_crossed": lambda: _("A stop threshold of the pilot was crossed."),
    "stop_warning_answered": lambda: _("A stop warning was answered with a reason."),
}
