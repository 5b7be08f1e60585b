"""What people do at a gate, in the order in which they do it."""

from innovation.gates.terms import ConditionTerms, Entry, MemberTerms

from .abstaining import abstain, end_abstention
from .announcing import (
    MOST_AT_ONCE,
    announce_decision,
    announce_together,
    change_announcement,
    move_silently,
    reasons_against,
    take_back_decision,
    tell_team,
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
from .reconsidering import (
    ask_reconsideration,
    change_decision,
    give_back_reconsideration,
    step_back,
    take_reconsideration,
    uphold_decision,
    why_not_asked,
)
from .revising import confirm_scorecard, take_revision
from .waiting import end_held_idea, resume_idea, why_not_ended, why_not_resumed
from .waiving import answer_waiver, ask_waiver, revoke_waiver, waivable

__all__ = [
    "MOST_AT_ONCE",
    "BulkReport",
    "ConditionTerms",
    "Entry",
    "MemberTerms",
    "abstain",
    "announce_decision",
    "announce_together",
    "answer_waiver",
    "ask_reconsideration",
    "ask_waiver",
    "cancel_review",
    "change_announcement",
    "change_decision",
    "change_panel",
    "confirm_scorecard",
    "convene_panel",
    "convene_suggested",
    "declare_interest",
    "discard_scorecard_copy",
    "end_abstention",
    "end_held_idea",
    "excuse_seat",
    "give_back_reconsideration",
    "hold_for_overdue",
    "in_bulk",
    "make_panel",
    "move_due_date",
    "move_silently",
    "offer_evidence",
    "open_scoring",
    "overrule_interest",
    "present_idea",
    "present_prepared",
    "reasons_against",
    "record_decision",
    "remind_current",
    "remind_panel",
    "replace_leaver",
    "replace_seat",
    "resume_idea",
    "retire_panel",
    "revoke_waiver",
    "save_scorecard",
    "seat_person",
    "settle_condition",
    "settle_interest",
    "sign_decision",
    "step_back",
    "submit_scorecard",
    "supersede_decision",
    "take_back_decision",
    "take_reconsideration",
    "take_revision",
    "tell_team",
    "uphold_decision",
    "use_scorecard_copy",
    "waivable",
    "waive_condition",
    "why_not_asked",
    "why_not_ended",
    "why_not_resumed",
]
