"""What people do with a meeting, from its plan to its signed minutes."""

from .deliberating import cast_vote, count_votes, decide_item, give_leave, note_decision, put_motion, put_off, take_note
from .minuting import answer_comment, circulate_minutes, comment_minutes, correct_minutes, sign_minutes
from .planning import ask_to_meeting, cancel_meeting, change_meeting, fix_agenda, plan_meeting, set_agenda
from .running import close_meeting, note_attendance, note_leaver, open_meeting, say_presence, take_item

__all__ = [
    "answer_comment",
    "ask_to_meeting",
    "cancel_meeting",
    "cast_vote",
    "change_meeting",
    "circulate_minutes",
    "close_meeting",
    "comment_minutes",
    "correct_minutes",
    "count_votes",
    "decide_item",
    "fix_agenda",
    "give_leave",
    "note_attendance",
    "note_decision",
    "note_leaver",
    "open_meeting",
    "plan_meeting",
    "put_motion",
    "put_off",
    "say_presence",
    "set_agenda",
    "sign_minutes",
    "take_item",
    "take_note",
]
