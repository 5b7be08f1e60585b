"""How an idea's history tells of its playbook, its rollouts, and its way into the system."""

from __future__ import annotations

from collections.abc import Callable

from innovation.languages import gettext as _

OF_SPREAD: dict[str, Callable[[], str]] = {
    "playbook_begun": lambda: _("A version of the playbook was begun."),
    "playbook_written": lambda: _("A draft of the playbook was changed."),
    "playbook_published": lambda: _("A version of the playbook was published."),
    "playbook_opened": lambda: _("The owner opened the playbook to everybody."),
    "playbook_closed": lambda: _("The playbook was closed to the public."),
    "rollout_asked": lambda: _("Somebody asked to take the idea up."),
    "rollout_entered": lambda: _("An adopter was entered."),
    "rollout_agreed": lambda: _("It was agreed that somebody takes the idea up."),
    "rollout_declined": lambda: _("A request to take the idea up was declined, with a reason."),
    "rollout_moved": lambda: _("A rollout moved on."),
    "rollout_people_named": lambda: _("It was said who is in a rollout."),
    "rollout_site_added": lambda: _("A place was added to a rollout."),
    "rollout_site_changed": lambda: _("A place of a rollout was corrected."),
    "rollout_trained": lambda: _("Training for a rollout was recorded."),
    "fidelity_checked": lambda: _("It was checked whether a rollout is done as the playbook says."),
    "rollout_adapted": lambda: _("A part of the playbook was adapted in a rollout."),
    "rollout_adaptation_settled": lambda: _("It was said what an adaptation showed."),
    "rollout_result_recorded": lambda: _("A result of a rollout was recorded."),
    "tracker_mark_proposed": lambda: _("A mark of the tracker was proposed."),
    "tracker_mark_confirmed": lambda: _("A mark of the tracker was confirmed."),
    "tracker_mark_returned": lambda: _("A mark of the tracker was returned."),
    "system_home_kept": lambda: _("It was written where the idea lives in the system."),
    "handover_agreed": lambda: _("Both sides agreed upon the hand-over."),
    "handover_reopened": lambda: _("The agreement on the hand-over was opened again."),
    "idea_handed_over": lambda: _("The idea was handed over: the system runs it."),
    "post_review_planned": lambda: _("A review some time after was planned."),
    "post_review_cancelled": lambda: _("The review some time after was called off."),
    "post_review_handed_in": lambda: _("The figures of the review were handed in."),
    "post_review_returned": lambda: _("The figures of the review were returned."),
    "post_review_decided": lambda: _("It was decided how the idea stands some time after."),
}
