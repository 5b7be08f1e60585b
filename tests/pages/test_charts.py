"""Charts: geometry that is right, and the numbers in words and in a table."""

from __future__ import annotations

from tests.pages.conftest import Render
from tests.pages.reading import elements

SCALE = {"low": 0, "high": 10, "ticks": [0, 5, 10]}
PLOT = '{% from "macros/charts.html" import dot_plot %}{{ dot_plot(rows, scale) }}'


def test_each_member_is_a_dot_and_equal_marks_are_stacked(render: Render) -> None:
    page = render(PLOT, rows=[{"label": "Need", "marks": [10, 0, 10]}], scale=SCALE)

    dots = [(float(e.attributes["cx"]), float(e.attributes["cy"])) for e in elements(page, "circle")]
    assert dots == [(10.0, 18.0), (430.0, 18.0), (430.0, 13.0)]
    assert elements(page, "path")[1].attributes["d"] == "M10.0 18H430.0"


def test_only_one_dot_is_marked_as_ones_own(render: Render) -> None:
    page = render(PLOT, rows=[{"label": "Need", "marks": [5, 5, 7], "mine": 5}], scale=SCALE)

    assert [e.attributes.get("class") for e in elements(page, "circle")] == ["mine", None, None]


def test_the_table_behind_the_plot_has_the_same_numbers(render: Render) -> None:
    page = render(PLOT, rows=[{"label": "Evidence", "marks": [3, 5, 7, 8], "mean": 5.75, "talk": True}], scale=SCALE)

    assert [e.text for e in elements(page, "td")] == ["5.8", "–", "0 %", "3", "8", "3, 5, 7, 8 talk this through"]
    assert elements(page, "svg", role="img")[0].attributes["aria-label"] == "Evidence: 3, 5, 7, 8"


def test_a_criterion_that_nobody_marked_has_no_dots(render: Render) -> None:
    page = render(PLOT, rows=[{"label": "Need", "marks": []}], scale=SCALE)

    assert elements(page, "circle") == []
    assert [e.text for e in elements(page, "td")] == ["–", "–", "–", "–", "–", ""]


def test_a_meter_never_leaves_its_frame(render: Render) -> None:
    meters = [
        render('{% from "macros/charts.html" import meter %}{{ meter(value, max, "x") }}', value=value, max=full)
        for value, full in ((3, 5), (9, 5), (-1, 5), (1, 0))
    ]

    assert [elements(page, "rect")[0].attributes["width"] for page in meters] == ["60.0", "100", "0", "0"]


def test_a_weak_part_of_a_match_is_amber_and_carries_its_reason(render: Render) -> None:
    reasons = [{"label": "Place", "value": 100}, {"label": "Evidence", "value": 40, "because": "You ask for level 3."}]

    page = render('{% from "macros/charts.html" import why_rows %}{{ why_rows(reasons) }}', reasons=reasons)

    assert ["accent" in e.classes for e in elements(page, "svg")] == [False, True]
    assert [e.text for e in elements(page, "dd")] == ["100", "40 You ask for level 3."]
