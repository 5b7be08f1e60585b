"""How an idea's history tells of its lesson."""

from __future__ import annotations

from collections.abc import Callable

from innovation.languages import gettext as _

OF_LESSONS: dict[str, Callable[[], str]] = {
    "lesson_owed": lambda: _("The idea has ended, and its owner was asked what was learnt."),
    "lesson_given": lambda: _("What was learnt was written down."),
    "lesson_corrected": lambda: _("The lesson was corrected; what stood before is kept."),
    "lesson_voided": lambda: _("The lesson no longer holds: the ending was undone."),
    "lesson_offered": lambda: _("The owner agreed that everybody may read the lesson."),
    "lesson_released": lambda: _("The lesson was opened to everybody."),
    "lesson_closed": lambda: _("The lesson is no longer open to everybody."),
}
