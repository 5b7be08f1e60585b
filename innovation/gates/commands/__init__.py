"""What people do at a gate, in the order in which they do it."""

from innovation.gates.terms import ConditionTerms, Entry, MemberTerms

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
    seat_person,
)
from .deciding import record_decision, sign_decision, supersede_decision
from .declaring import declare_interest, settle_interest
from .locking import give_leave, lock_scores, unlock_scores
from .marking import discard_scorecard_copy, save_scorecard, submit_scorecard, use_scorecard_copy
from .panels import change_panel, make_panel, retire_panel
from .waiting import end_held_idea, resume_idea, why_not_ended, why_not_resumed

__all__ = [
    "BulkReport",
    "ConditionTerms",
    "Entry",
    "MemberTerms",
    "cancel_review",
    "change_panel",
    "convene_panel",
    "convene_suggested",
    "declare_interest",
    "discard_scorecard_copy",
    "end_held_idea",
    "excuse_seat",
    "give_leave",
    "hold_for_overdue",
    "in_bulk",
    "lock_scores",
    "make_panel",
    "move_due_date",
    "offer_evidence",
    "open_scoring",
    "present_idea",
    "present_prepared",
    "record_decision",
    "remind_current",
    "remind_panel",
    "resume_idea",
    "retire_panel",
    "save_scorecard",
    "seat_person",
    "settle_condition",
    "settle_interest",
    "sign_decision",
    "submit_scorecard",
    "supersede_decision",
    "unlock_scores",
    "use_scorecard_copy",
    "waive_condition",
    "why_not_ended",
    "why_not_resumed",
]
