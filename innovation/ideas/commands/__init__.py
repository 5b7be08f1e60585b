"""Changing ideas: the canvas, its people, its papers, what is shared, and the steps that no panel decides."""

from innovation.ideas.commands.canvas import (
    discard_draft,
    discard_draft_copy,
    hand_in_canvas,
    require_alive,
    revise,
    save_draft,
    use_draft_copy,
)
from innovation.ideas.commands.journey import (
    pilot_faults,
    revive_idea,
    start_pilot,
    withdraw_idea,
)
from innovation.ideas.commands.lessons import (
    close_lesson,
    keep_stop_lesson,
    offer_lesson,
    owe_lesson,
    release_lesson,
    void_lesson,
    write_lesson,
)
from innovation.ideas.commands.papers import (
    accept_deliverable,
    accept_evidence,
    add_attachment,
    hand_in_deliverable,
    keep_checked,
    remove_attachment,
    return_deliverable,
)
from innovation.ideas.commands.relating import relate_idea
from innovation.ideas.commands.sharing import (
    give_consent,
    make_ask,
    withdraw_consent,
)
from innovation.ideas.commands.team import (
    add_contributor,
    end_contributor,
    hand_over_idea,
    known_person,
)

__all__ = [
    "accept_deliverable",
    "accept_evidence",
    "add_attachment",
    "add_contributor",
    "close_lesson",
    "discard_draft",
    "discard_draft_copy",
    "end_contributor",
    "give_consent",
    "hand_in_canvas",
    "hand_in_deliverable",
    "hand_over_idea",
    "keep_checked",
    "keep_stop_lesson",
    "known_person",
    "make_ask",
    "offer_lesson",
    "owe_lesson",
    "pilot_faults",
    "relate_idea",
    "release_lesson",
    "remove_attachment",
    "require_alive",
    "return_deliverable",
    "revise",
    "revive_idea",
    "save_draft",
    "start_pilot",
    "use_draft_copy",
    "void_lesson",
    "withdraw_consent",
    "withdraw_idea",
    "write_lesson",
]
