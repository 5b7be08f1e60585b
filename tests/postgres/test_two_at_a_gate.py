"""Two people act on one review at the same moment, on PostgreSQL, where neither waits for a turn to write."""

from __future__ import annotations

from tests.gates.test_two_at_a_gate import (
    test_a_card_that_is_handed_in_while_the_chair_decides_is_refused,
    test_a_chair_decides_by_the_marks_that_a_member_has_changed_meanwhile,
    test_a_chair_decides_nothing_when_a_member_is_seated_meanwhile,
    test_a_chair_decides_nothing_when_the_quorum_is_lost_meanwhile,
    test_an_idea_does_not_join_one_that_is_stopped_meanwhile,
    test_nobody_steps_back_from_a_review_that_was_cancelled_meanwhile,
    test_the_quorum_is_reached_once_when_two_members_hand_in_at_the_same_moment,
)

__all__ = [
    "test_a_card_that_is_handed_in_while_the_chair_decides_is_refused",
    "test_a_chair_decides_by_the_marks_that_a_member_has_changed_meanwhile",
    "test_a_chair_decides_nothing_when_a_member_is_seated_meanwhile",
    "test_a_chair_decides_nothing_when_the_quorum_is_lost_meanwhile",
    "test_an_idea_does_not_join_one_that_is_stopped_meanwhile",
    "test_nobody_steps_back_from_a_review_that_was_cancelled_meanwhile",
    "test_the_quorum_is_reached_once_when_two_members_hand_in_at_the_same_moment",
]
