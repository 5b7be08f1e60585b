"""A piece of a page that is drawn once shows what it was given, and nothing of who happened to ask for it first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import Environment, nodes

from innovation.db import db
from innovation.fragments import drawn, kept
from innovation.ideas.models import Wall
from tests import make
from tests.architecture.tree import ROOT

TEMPLATES = ROOT / "templates"
EVERYWHERE = {"_", "ngettext", "url_for", "asset", "caller", "loop"}  # the same for everybody in a language
BY_THE_CLOCK = {"ago"}


@cache
def parsed(name: str) -> nodes.Template:
    return Environment(extensions=["jinja2.ext.do"], autoescape=True).parse((TEMPLATES / name).read_text())


@cache
def macros_of(name: str) -> dict[str, tuple[str, nodes.Macro]]:
    """Macros, and where they are written, by the names that a template calls them by: its own and the imported."""
    tree = parsed(name)
    found = {macro.name: (name, macro) for macro in tree.find_all(nodes.Macro)}
    for imported in tree.find_all(nodes.FromImport):
        there = macros_of(imported.template.as_const())
        for each in imported.names:
            original, here = each if isinstance(each, tuple) else (each, each)
            found[here] = there[original]
    return found


def drawn_once() -> Iterator[tuple[str, str]]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        for call in parsed(name).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "drawn":
                yield name, call.args[0].name


def used(template: str, macro: nodes.Macro) -> set[str]:
    """The names that a macro reads besides its arguments, those of the macros that it calls with them."""
    own = {arg.name for arg in macro.args} | {n.name for n in macro.find_all(nodes.Name) if n.ctx == "store"}
    read = {n.name for n in macro.find_all(nodes.Name) if n.ctx == "load"} - own
    known = macros_of(template)
    return (read - set(known)).union(*(used(*known[name]) for name in read & set(known)))


def test_a_macro_that_is_drawn_once_reads_its_arguments_only() -> None:
    seen = list(drawn_once())

    strange = {(template, name): used(*macros_of(template)[name]) - EVERYWHERE for template, name in seen}

    assert len(seen) > 5
    assert {key: names for key, names in strange.items() if names} == {}


def test_a_macro_that_is_drawn_once_does_not_ask_the_clock() -> None:
    filters = {
        filter_.name
        for template, name in drawn_once()
        for filter_ in macros_of(template)[name][1].find_all(nodes.Filter)
    }

    assert filters & BY_THE_CLOCK == set()


def test_what_the_frame_imports_hides_nothing_that_a_page_is_given() -> None:
    """Jinja hands what the template below imports on to the blocks above, in the place of what the view has given."""
    frame = {name for each in parsed("base.html").find_all(nodes.FromImport) for name in each.names}

    hidden = set()
    for path in TEMPLATES.rglob("*.html"):
        name = path.relative_to(TEMPLATES).as_posix()
        tree = parsed(name)
        own = {each for found in tree.find_all(nodes.FromImport) for each in found.names}
        own |= {found.name for found in tree.find_all(nodes.Name) if found.ctx in ("store", "param")}
        own |= {found.name for found in tree.find_all(nodes.Macro)}
        hidden |= {(name, n.name) for n in tree.find_all(nodes.Name) if n.ctx == "load" and n.name in frame - own}

    assert hidden == set()


def test_a_piece_is_made_once_for_its_values_and_anew_for_others(app: Flask) -> None:
    made: list[object] = []

    @kept
    def piece(value: object) -> int:
        made.append(value)
        return len(made)

    with app.test_request_context("/"):
        found = [piece(value) for value in (1, 1, 2, True, 1.0, 1)]

    assert found == [1, 1, 2, 3, 4, 1]


def test_a_piece_is_drawn_for_each_language_and_place_of_the_site(app: Flask) -> None:
    macro = app.jinja_env.from_string("{% macro home() %}{{ url_for('pipeline.pipeline') }}{% endmacro %}").module.home

    found = []
    for root in ("", "/gates"):
        with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
            found.append(str(drawn(macro)))

    assert found == ["/", "/gates/"]


def titles(client: FlaskClient) -> list[str]:
    return re.findall(r"<b>([^<]*)</b></a>", client.get("/").text)


def test_two_people_with_different_rights_are_shown_different_rows(app: Flask) -> None:
    open_to_both, walled = make.idea(title="Reading clubs"), make.idea(title="Maths on the radio")
    people = [make.staff("coordinator"), make.staff("coordinator")]
    db.session.add(Wall(idea_id=walled.id, person_id=people[1].id, why="declared"))
    db.session.commit()
    first, second = (make.sign_in(app.test_client(), person) for person in people)

    seen = [titles(first), titles(second), titles(first)]

    assert seen == [[walled.title, open_to_both.title], [open_to_both.title], [walled.title, open_to_both.title]]


@pytest.mark.parametrize(("change", "shown"), [("title", "Reading clubs for all"), ("place", "To prepare: Pilot gate")])
def test_a_row_that_has_changed_is_drawn_anew(app: Flask, change: str, shown: str) -> None:
    idea = make.idea(title="Reading clubs")
    db.session.commit()
    client = make.sign_in(app.test_client(), make.staff("coordinator"))
    before = client.get("/").text

    setattr(idea, change, {"title": shown, "place": "concept"}[change])
    db.session.commit()

    assert (shown in before, shown in client.get("/").text) == (False, True)
