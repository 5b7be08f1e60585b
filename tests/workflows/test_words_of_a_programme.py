"""What a definition calls things, and where a limit is read from."""

from __future__ import annotations

import pytest

from tests.workflows.test_definition_faults import GOOD, changed, faults_of
from workflows import Attendee, Words, read_definition
from workflows.definition.naming import ATTENDEES

NAMED = """funders_from = "done"
words = { sites = "Wells" }
attendees = [{ key = "farmers", name = "Farmers" }]
"""
LIMIT_OF = "tracks[1].limits[0]"
ASKED_IN = (
    'limits = [{{ key = "a", at_most = 0, broken = "B.", unknown = "U.", '
    'asked_in = {{ deliverable = "{}", question = "q", answers = ["yes"] }} }}]'
)


def test_what_a_definition_does_not_name_keeps_its_plain_word():
    plain, named = read_definition(GOOD), read_definition(changed('funders_from = "done"', NAMED))

    assert (plain.words, plain.attendees, plain.phases) == (Words(), ATTENDEES, None)
    assert (named.words.sites, named.words.site, named.attendees) == (
        "Wells",
        "Site",
        (Attendee("farmers", "Farmers"),),
    )


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        (
            'min_evidence = "E0"',
            ASKED_IN.format("x"),
            f"{LIMIT_OF}.asked_in.deliverable",
            "there is no deliverable 'x'",
        ),
        ('min_evidence = "E0"', ASKED_IN.format("paper"), f"{LIMIT_OF}.asked_in.question", None),
        ('funders_from = "done"', 'funders_from = "done"\nwords = { site = 7 }', "words.site", "must be text"),
        (
            'funders_from = "done"',
            'funders_from = "done"\nwords = { street = "S" }',
            "words.street",
            "is not known here",
        ),
        (
            'funders_from = "done"',
            f'funders_from = "done"\nwords = {{ sites = "{"S" * 61}" }}',
            "words.sites",
            "is longer than 60 characters",
        ),
        ('key = "colour"', 'key = "phases"', "canvas[3].type", None),
    ],
)
def test_a_fault_in_words_or_in_a_limit_is_named(old: str, new: str, place: str, message: str | None) -> None:
    found = dict(faults_of(changed(old, new)))

    assert place in found
    assert message is None or found[place] == message
