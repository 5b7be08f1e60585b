"""Who may do what with the pilot of an idea and with its milestones."""

from __future__ import annotations

from typing import Any

from innovation.ideas.policy import CONFLICTED, COORDINATES_IT, MANAGES_IT, OWNS, STAFF, TEAM
from innovation.permission import Actor, allow, word


@word("who wrote the visit down")
def visited(actor: Actor, subject: Any) -> bool:
    return actor.person_id is not None and getattr(subject, "visited_by_id", None) == actor.person_id


@word("who carries the phone")
def carries(actor: Actor, subject: Any) -> bool:
    return actor.person_id is not None and getattr(subject, "person_id", None) == actor.person_id


@word("where the idea has had another pilot since")
def earlier(actor: Actor, subject: Any) -> bool:
    """What is said of such a pilot, or of a thing that it was loaded with, stays as it is."""
    of = subject.__dict__.get("pilot", subject) if hasattr(subject, "__dict__") else subject
    return bool(getattr(of, "is_earlier", False))


VISITED, CARRIES, EARLIER = visited, carries, earlier

may_see_milestones = allow(*TEAM, COORDINATES_IT, MANAGES_IT, unless=(CONFLICTED,))
may_plan_milestone = allow(*TEAM, COORDINATES_IT, unless=(CONFLICTED,))
may_show_milestone = allow(*TEAM, COORDINATES_IT, unless=(CONFLICTED,))
may_judge_milestone = allow(*STAFF, unless=(CONFLICTED, *TEAM))

may_see_pilot = allow(*TEAM, COORDINATES_IT, MANAGES_IT, unless=(CONFLICTED,))
may_run_pilot = allow(*TEAM, COORDINATES_IT, unless=(CONFLICTED, EARLIER))
may_judge_pilot = allow(*STAFF, unless=(CONFLICTED, *TEAM))

may_type_readings = may_run_pilot
may_record_reading = may_run_pilot
may_import_readings = may_run_pilot
may_answer_stop_warning = allow(*STAFF, unless=(CONFLICTED, EARLIER, *TEAM))

may_see_incidents = may_see_pilot
may_report_incident = allow(*TEAM, *STAFF, unless=(CONFLICTED,))
may_tell_of_incident = may_report_incident
may_settle_incident = may_judge_pilot
may_resume_pilot = may_judge_pilot

may_enter_spend = may_run_pilot
may_correct_spend = may_run_pilot
may_import_spend = may_enter_spend
may_record_visit = allow(*TEAM, COORDINATES_IT, unless=(CONFLICTED, EARLIER))
may_correct_visit = allow(VISITED, unless=(CONFLICTED, EARLIER))
may_remove_visit_photo = allow(VISITED, OWNS, COORDINATES_IT, unless=(CONFLICTED,))
may_shut_out_visit_phone = allow(CARRIES, OWNS, COORDINATES_IT, unless=(CONFLICTED,))
may_adapt_pilot = may_run_pilot
