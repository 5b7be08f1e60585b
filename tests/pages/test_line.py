"""The line: what it shows, and what it says to those who cannot see it."""

from __future__ import annotations

import pytest

from innovation.pipeline.line import JourneyMark, drawn_tiny, journey
from tests.pages.conftest import Render
from tests.pages.reading import elements
from workflows import State, library_definition


def mark(label: str, kind: str, status: str, note: str | None = None) -> dict[str, str | None]:
    return {"label": label, "kind": kind, "status": status, "note": note}


JOURNEY = [
    mark("Captured", "stage", "done"),
    mark("Screening gate", "gate", "held", "until 30 June"),
    mark("Concept", "stage", "todo"),
]


def test_a_journey_says_in_words_where_the_idea_is(render: Render) -> None:
    page = render('{% from "macros/line.html" import line_journey %}{{ line_journey(marks) }}', marks=JOURNEY)

    names = [e.text for e in elements(page, "span", class_="name")]
    assert names == ["Captured , passed", "Screening gate , on hold here", "Concept , to come"]
    assert [e.text for e in elements(page, "li", aria_current="step")] == [
        "‖ Screening gate , on hold here until 30 June"
    ]


def test_a_tiny_line_colours_the_way_up_to_the_present_mark() -> None:
    marks = [("stage", "done"), ("gate", "held"), ("stage", "todo")]
    journey = [JourneyMark(kind, "", kind, status) for kind, status in marks]

    page = drawn_tiny(journey, "On hold at screening")

    assert [e.attributes.get("class") for e in elements(page, "path")] == ["way", None]
    assert [e.attributes["class"] for e in elements(page) if e.tag in ("rect", "circle")] == ["done", "held", "todo"]
    assert elements(page, "svg")[0].attributes["aria-label"] == "On hold at screening"


def test_the_label_of_a_tiny_line_is_text_whatever_it_holds() -> None:
    drawn = drawn_tiny([JourneyMark("captured", "", "stage", "now")], '"><script>')

    assert 'aria-label="&#34;&gt;&lt;script&gt;"' in drawn


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0"), (999, "999"), (4210, "4k"), ("1 000+", "1k+"), ("1\u00a0000+", "1k+")]
)
def test_a_long_count_is_shortened_to_fit_its_mark(render: Render, count: int | str, shown: str) -> None:
    page = render('{% from "macros/line.html" import compact %}{{ compact(count) }}', count=count)

    assert page == shown


def test_a_count_filters_the_list_and_tells_its_full_number(render: Render) -> None:
    marks = [
        {"key": "captured", "label": "Captured", "kind": "stage", "count": "1 000+", "url": "/?place=captured"},
        {"key": "at_pilot", "label": "Pilot gate", "kind": "gate", "count": 4, "url": "/?place=at_pilot"},
    ]

    page = render('{% from "macros/line.html" import line_counts %}{{ line_counts(marks, "at_pilot") }}', marks=marks)

    assert [e.attributes["href"] for e in elements(page, "a")] == ["/?place=captured", "/?place=at_pilot"]
    assert [e.attributes.get("aria-current") for e in elements(page, "a")] == [None, "true"]
    assert [e.text for e in elements(page, "span", class_="name")] == ["Captured : 1 000+", "Pilot gate : 4"]


@pytest.mark.parametrize(
    ("standing", "status"),
    [
        ("active", "now"),
        ("held", "held"),
        ("stopped", "stopped"),
        ("merged", "gone"),
        ("referred", "gone"),
        ("withdrawn", "gone"),
    ],
)
def test_only_a_stopped_idea_is_drawn_as_stopped(render: Render, standing: str, status: str) -> None:
    marks = journey(library_definition("education"), State("concept", standing))

    page = render('{% from "macros/line.html" import line_journey %}{{ line_journey(marks) }}', marks=marks)

    [here] = elements(page, "li", aria_current="step")
    assert here.classes == {"stage", status}


def drawn(place: str, track: str, notes: dict[str, str] | None = None) -> list[str]:
    """The places that the line says were passed, and those that it says were never on the way."""
    marks = journey(library_definition("education"), State(place, "active"), notes, track=track)
    return [f"{mark.key} {mark.status}" for mark in marks if mark.status in ("done", "skipped")]


def test_what_a_shorter_way_leaves_out_was_not_passed() -> None:
    assert drawn("ready", "light") == ["captured done", "at_light done", "concept skipped", "at_pilot skipped"]
    assert drawn("replicating", "proven") == [
        "captured done",
        "at_screening skipped",
        "concept skipped",
        "at_pilot skipped",
        "ready skipped",
        "piloting skipped",
        "at_replication done",
    ]
    assert drawn("concept", "full") == ["captured done", "at_screening done"]


def test_a_gate_that_decided_after_all_was_passed() -> None:
    assert "at_pilot done" in drawn("replicating", "proven", {"at_pilot": "Go"})


def test_a_way_that_was_left_out_is_read_so(render: Render) -> None:
    marks = journey(library_definition("education"), State("ready", "active"), track="light")

    page = render('{% from "macros/line.html" import line_journey %}{{ line_journey(marks) }}', marks=marks)

    names = [e.text for e in elements(page, "span", class_="name")]
    assert "Concept , not on its way" in names
