"""How an idea's history tells of the readings of its pilot, of visits and adaptations, and of incidents."""

from __future__ import annotations

from collections.abc import Callable

from innovation.languages import gettext as _
from innovation.pipeline.lesson_told import OF_LESSONS

OF_READINGS: dict[str, Callable[[], str]] = {
    **OF_LESSONS,
    "readings_written": lambda: _("Readings of the pilot were written."),
    "stop_threshold_crossed": lambda: _("A stop threshold of the pilot was crossed."),
    "stop_warning_answered": lambda: _("A stop warning was answered with a reason."),
    "incident_reported": lambda: _("An incident in the pilot was reported."),
    "incident_told_outside": lambda: _("It was noted who was told of an incident outside."),
    "incident_settled": lambda: _("An incident in the pilot was settled."),
    "incident_reopened": lambda: _("An incident in the pilot was opened again."),
    "incident_graded": lambda: _("It was noted how bad an incident in the pilot was."),
    "pilot_paused": lambda: _("The pilot was paused after an incident."),
    "visit_recorded": lambda: _("A site of the pilot was visited."),
    "visit_corrected": lambda: _("A visit to a site was corrected."),
    "visit_photo_removed": lambda: _("The photo of a visit was taken away."),
    "adaptation_planned": lambda: _("A change to the pilot was planned."),
    "adaptation_tried": lambda: _("A change to the pilot was tried."),
    "adaptation_studied": lambda: _("It was said what a change to the pilot showed."),
    "adaptation_settled": lambda: _("It was decided what becomes of a change to the pilot."),
    "pilot_resumed": lambda: _("The pilot is no longer paused."),
}
