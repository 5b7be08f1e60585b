"""What is done with pilots: planned, started and amended; their milestones planned, shown, accepted or returned."""

from innovation.pilots.commands.adaptations import (
    drop_adaptation,
    plan_adaptation,
    settle_adaptation,
    study_adaptation,
    try_adaptation,
)
from innovation.pilots.commands.incidents import (
    grade_incident,
    reopen_incident,
    report_incident,
    resume_pilot,
    settle_incident,
    tell_outside,
)
from innovation.pilots.commands.milestones import (
    accept_milestone,
    add_milestone_file,
    plan_milestone,
    remove_milestone_file,
    return_milestone,
    show_milestone,
)
from innovation.pilots.commands.packing import (
    hand_in_pack,
)
from innovation.pilots.commands.planning import (
    change_outline,
    change_rows,
    end_pilot,
    plan_pilot,
    start_pilot,
)
from innovation.pilots.commands.readings import (
    record_reading,
    type_readings,
)
from innovation.pilots.commands.sites import (
    add_site,
    change_site,
    remove_site,
)
from innovation.pilots.commands.spend import (
    correct_spend,
    enter_spend,
    import_spend,
    look_at_spend,
)
from innovation.pilots.commands.visits import (
    correct_visit,
    forget_visit_photo,
    record_visit,
    remove_visit_photo,
    shut_out_visit_phone,
    take_pilot_along,
)
from innovation.pilots.commands.warnings import (
    answer_stop_warning,
)

__all__ = [
    "accept_milestone",
    "add_milestone_file",
    "add_site",
    "answer_stop_warning",
    "change_outline",
    "change_rows",
    "change_site",
    "correct_spend",
    "correct_visit",
    "drop_adaptation",
    "end_pilot",
    "enter_spend",
    "forget_visit_photo",
    "grade_incident",
    "hand_in_pack",
    "import_spend",
    "look_at_spend",
    "plan_adaptation",
    "plan_milestone",
    "plan_pilot",
    "record_reading",
    "record_visit",
    "remove_milestone_file",
    "remove_site",
    "remove_visit_photo",
    "reopen_incident",
    "report_incident",
    "resume_pilot",
    "return_milestone",
    "settle_adaptation",
    "settle_incident",
    "show_milestone",
    "shut_out_visit_phone",
    "start_pilot",
    "study_adaptation",
    "take_pilot_along",
    "tell_outside",
    "try_adaptation",
    "type_readings",
]
