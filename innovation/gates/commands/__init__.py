"""What people do at a gate, in the order in which they do it."""

from innovation.gates.terms import ConditionTerms, Entry, MemberTerms

from .assigning import (
    ask_assignment,
    confirm_assignment,
    convene_assigned,
    describe_member,
    find_suggestion,
    keep_suggestion,
    rule_on_reviewers,
)
from .conditions import hold_for_overdue, move_due_date, offer_evidence, settle_condition, waive_condition
from .convening import (
    BulkReport,
    cancel_review,
    convene_panel,
    convene_suggested,
    excuse_seat,
    in_bulk,
    open_scoring,
    present_idea,
    present_prepared,
    remind_current,
    remind_panel,
    replace_leaver,
    replace_seat,
    seat_person,
)
from .deciding import record_decision, sign_decision, supersede_decision
from .declaring import declare_interest, overrule_interest, settle_interest
from .marking import discard_scorecard_copy, save_scorecard, submit_scorecard, use_scorecard_copy
from .panels import change_panel, make_panel, retire_panel
from .waiting import end_held_idea, resume_idea, why_not_ended, why_not_resumed

__all__ = [
    "BulkReport",
    "ConditionTerms",
    "Entry",
    "MemberTerms",
    "ask_assignment",
    "cancel_review",
    "change_panel",
    "confirm_assignment",
    "convene_assigned",
    "convene_panel",
    "convene_suggested",
    "declare_interest",
    "describe_member",
    "discard_scorecard_copy",
    "end_held_idea",
    "excuse_seat",
    "find_suggestion",
    "hold_for_overdue",
    "in_bulk",
    "keep_suggestion",
    "make_panel",
    "move_due_date",
    "offer_evidence",
    "open_scoring",
    "overrule_interest",
    "present_idea",
    "present_prepared",
    "record_decision",
    "remind_current",
    "remind_panel",
    "replace_leaver",
    "replace_seat",
    "resume_idea",
    "retire_panel",
    "rule_on_reviewers",
    "save_scorecard",
    "seat_person",
    "settle_condition",
    "settle_interest",
    "sign_decision",
    "submit_scorecard",
    "supersede_decision",
    "use_scorecard_copy",
    "waive_condition",
    "why_not_ended",
    "why_not_resumed",
]
