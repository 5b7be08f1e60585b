"""What people of the demonstration have said of ideas that read alike."""

from __future__ import annotations

from innovation.demo.cast import Cast
from innovation.ideas import commands, word_counts
from innovation.permission import SYSTEM

SAID = (
    ("gogos-reading-bench", "home-language-story-hour", "builds_on"),
    ("xitsonga-story-radio", "isizulu-phonics-by-phone", "different"),
)


def relate_ideas(cast: Cast) -> None:
    for key, other, relation in SAID:
        commands.relate_idea(SYSTEM, cast.idea(key), other=cast.idea(other).reference, relation=relation)
    word_counts.recount()
