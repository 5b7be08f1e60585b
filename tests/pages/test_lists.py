"""List macros: pages, sorting and filters as plain links and a plain form."""

from __future__ import annotations

from types import SimpleNamespace

from tests.pages.conftest import Render
from tests.pages.reading import elements


def test_pages_lead_back_and_on(render: Render) -> None:
    page = SimpleNamespace(number=2, pages=12, total="1 000+", has_previous=True, has_next=True, url="?page={}".format)

    shown = render('{% from "macros/lists.html" import pagination %}{{ pagination(page) }}', page=page)

    assert [e.attributes["href"] for e in elements(shown, "a")] == ["?page=1", "?page=3"]


def test_one_page_needs_no_pager(render: Render) -> None:
    page = SimpleNamespace(number=1, pages=1, total=3, has_previous=False, has_next=False, url="?page={}".format)

    shown = render('{% from "macros/lists.html" import pagination %}{{ pagination(page) }}', page=page)

    assert shown.strip() == ""


def test_the_sorted_column_says_in_which_direction(render: Render) -> None:
    listing = SimpleNamespace(sort="due", descending=True, sort_url="?sort={}".format)

    shown = render(
        '{% from "macros/lists.html" import sort_header %}'
        '{{ sort_header("Due", "due", l) }}{{ sort_header("Title", "title", l) }}',
        l=listing,
    )

    assert [e.attributes.get("aria-sort") for e in elements(shown, "th")] == ["descending", None]
    assert [e.attributes["href"] for e in elements(shown, "a")] == ["?sort=due", "?sort=title"]


def test_filters_are_a_form_that_keeps_the_rest_of_the_address(render: Render) -> None:
    shown = render(
        '{% from "macros/lists.html" import filter_bar, filter_select %}'
        '{% call filter_bar("/ideas", "3 ideas", {"sort": "due", "place": none}) %}'
        '{{ filter_select("theme", "Theme", [(1, "Literacy"), (2, "Numeracy")], "2", "All themes") }}{% endcall %}'
    )

    assert elements(shown, "form")[0].attributes["method"] == "get"
    assert [(e.attributes["name"], e.attributes["value"]) for e in elements(shown, "input")] == [("sort", "due")]
    assert [e.text for e in elements(shown, "option") if "selected" in e.attributes] == ["Numeracy"]
