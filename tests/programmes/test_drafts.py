"""Writing a new version in the application: begun, changed page by page, faulty or not, and published for good."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from innovation.db import db
from innovation.permission import Forbidden, NotThere
from innovation.programmes import definitions, drafts, sheets, writing
from innovation.programmes.models import WorkflowDraft
from tests import make
from workflows import (
    LIBRARY,
    Definition,
    DefinitionFault,
    Refused,
    drafting,
    library_definition,
    library_text,
    read_definition,
)
from workflows.drafting import Content


def begun(key: str = "education") -> tuple[Any, WorkflowDraft]:
    """A manager, and a draft that begins as the published version stands."""
    manager = make.actor(make.staff("manager"))
    draft = drafts.copy_version(manager, make.programme(), workflow_version_id=make.workflow(key).id)
    return manager, draft


def save(actor: Any, draft: WorkflowDraft, page: str, act: str = "check", **more: Any) -> str:
    added: str = drafts.change_draft(actor, draft, page=page, act=act, typed=more.pop("typed", {}), **more)
    return added


# Round trips


def said(definition: Definition) -> dict[str, Any]:
    """All that a definition says, whatever its text looks like and whatever was worked out of it since."""
    return {field.name: getattr(definition, field.name) for field in fields(definition) if field.name != "text"}


@pytest.mark.parametrize("key", LIBRARY)
def test_a_definition_is_the_same_once_it_was_written_and_read(key: str) -> None:
    definition = library_definition(key)

    again = read_definition(writing.written(writing.content_of(library_text(key))))

    assert said(again) == said(definition)


SHELF = {key: tomllib.loads(library_text(key)) for key in LIBRARY}
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)
VALUES = st.one_of(TEXTS, st.integers(-9999, 9999), st.booleans(), st.lists(TEXTS, max_size=3), st.none())


@st.composite
def changed(draw: st.DrawFn) -> Content:
    """A definition of the library with changes that somebody could make, sensible or not."""
    content = copy.deepcopy(SHELF[draw(st.sampled_from(LIBRARY))])
    changes: list[Callable[[], Any]] = [
        lambda: drafting.add_stage(content, draw(TEXTS), _one_of(draw, content, "stages")),
        lambda: drafting.add_gate(content, draw(TEXTS), _one_of(draw, content, "stages")),
        lambda: drafting.remove_gate(content, 0) if drafting.rows(content, "gates") else None,
        lambda: drafting.add_deliverable(content, draw(TEXTS), draw(TEXTS)),
        lambda: drafting.move(content, "stages", 0, 1),
        lambda: _put_anywhere(draw, content),
    ]
    for change in draw(st.lists(st.sampled_from(range(len(changes))), max_size=4)):
        changes[change]()
    return content


def _one_of(draw: st.DrawFn, content: Content, name: str) -> str:
    return draw(st.sampled_from(["", *drafting.keys(content, name)]))


def _put_anywhere(draw: st.DrawFn, table: Content) -> None:
    key = draw(st.sampled_from(sorted(table)))
    inner = table[key]
    rows = [row for row in inner if isinstance(row, dict) and row] if isinstance(inner, list) else []
    if rows and draw(st.booleans()):
        _put_anywhere(draw, draw(st.sampled_from(rows)))
    elif (value := draw(VALUES)) is None:
        del table[key]
    else:
        table[key] = value


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(changed())
def test_whatever_was_changed_is_the_same_once_it_was_written_and_read(content: Content) -> None:
    again = writing.content_of(writing.written(content))

    assert again == content


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(changed())
def test_whatever_was_changed_has_its_pages_and_its_faults_as_a_check_says_them(content: Content) -> None:
    try:
        definitions.checked(writing.written(content))
        said: tuple[str, ...] = ()
    except DefinitionFault as fault:
        said = tuple(str(each) for each in fault.faults)

    pages = [sheets.sheet_of(content, key) for key, _title in sheets.pages(content)]

    assert tuple(str(fault) for fault in writing.faults_of(content)) == said
    assert len({page.key for page in pages}) == len(pages)
    assert [
        page for page in (sheets.page_of(content, f.place) for f in writing.faults_of(content)) if ":#" in page
    ] == []


# Changing


def test_a_copy_says_what_the_version_says(app: Flask) -> None:
    _manager, draft = begun()

    assert writing.as_it_stands(draft.content).checksum == make.workflow().checksum


def test_what_is_typed_is_kept_even_where_it_is_wrong(app: Flask) -> None:
    manager, draft = begun()

    save(manager, draft, "gate:screening", typed={"gates.screening.should.G1-S1.weight": "a lot"})

    faults = [str(fault) for fault in writing.faults_of(draft.content)]
    assert faults == ["gates[0].should[0].weight: must be a whole number"]


def test_a_page_that_is_saved_as_it_stands_changes_nothing(app: Flask) -> None:
    manager, draft = begun()
    before = writing.written(draft.content)

    for page, _title in sheets.pages(draft.content):
        sheet = sheets.sheet_of(draft.content, page)
        save(manager, draft, page, typed={cell.name: cell.value(draft.content) for cell in sheet.cells})

    assert (writing.written(draft.content), draft.version) == (before, 1)


@pytest.mark.parametrize(
    ("page", "act", "more", "found"),
    [
        ("line", "add:stages", {"name": "Tidying up"}, lambda c: c["stages"][-1]["key"] == "tidying_up"),
        ("line", "remove:gates:screening", {}, lambda c: "screening" not in drafting.keys(c, "gates")),
        ("line", "up:stages:concept", {}, lambda c: c["stages"][0]["key"] == "concept"),
        (
            "gate:screening",
            "add:must",
            {"name": "Is it lawful?"},
            lambda c: c["gates"][0]["must"][-1]["key"] == "is_it_lawful",
        ),
        (
            "panels",
            "add:composition:pilot",
            {"kind": "practitioner"},
            lambda c: _kinds(c, "pilot")[-1] == "practitioner",
        ),
        ("deliverables", "down:deliverables:canvas", {}, lambda c: c["deliverables"][1]["key"] == "canvas"),
        (
            "deliverable:privacy",
            "add:questions",
            {"name": "Who keeps it?", "kind": "line"},
            lambda c: drafting.row_of(c, "deliverables", "privacy")["questions"][-1]["key"] == "who_keeps_it",
        ),
    ],
)
def test_rows_are_added_moved_and_removed(
    app: Flask, page: str, act: str, more: dict[str, str], found: Callable[[Content], bool]
) -> None:
    manager, draft = begun()

    save(manager, draft, page, act, **more)

    assert found(draft.content)


def _kinds(content: Content, gate: str) -> list[str]:
    return [rule["kind"] for rule in drafting.row_of(content, "gates", gate)["composition"]]  # type: ignore[index]


@pytest.mark.parametrize(
    ("act", "why"),
    [
        ("add:stages", "Give it a name first."),
        ("up:stages:dreamt", "It is not there any more."),
        ("burn:stages:concept", "Choose what to do."),
        ("add:gates", "Choose first: Comes after."),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_changed(app: Flask, act: str, why: str) -> None:
    manager, draft = begun()
    name = "" if act == "add:stages" else "A name"

    with pytest.raises(Refused) as refused:
        save(manager, draft, "line", act, name=name)

    assert (refused.value.reasons, draft.version) == ((why,), 1)


# Ending


def test_a_draft_with_faults_is_kept_and_not_published(app: Flask) -> None:
    manager, draft = begun()
    save(manager, draft, "gate:screening", typed={"gates.screening.should.G1-S1.weight": "1"})

    with pytest.raises(Refused) as refused:
        drafts.publish_draft(manager, draft)

    assert refused.value.reasons == tuple(str(fault) for fault in writing.faults_of(draft.content))


def test_a_published_draft_is_the_next_version_and_closed(app: Flask) -> None:
    manager, draft = begun()
    save(manager, draft, "panels", typed={"gates.screening.quorum": "2"})

    version = drafts.publish_draft(manager, draft)

    assert (version.number, version.definition.gate("screening").quorum) == (2, 2)
    assert (version.published_by_id, draft.is_open) == (manager.person_id, False)
    with pytest.raises(Refused):
        save(manager, draft, "panels", typed={"gates.screening.quorum": "3"})


def test_a_draft_that_says_nothing_new_is_not_published(app: Flask) -> None:
    manager, draft = begun()

    with pytest.raises(Refused) as refused:
        drafts.publish_draft(manager, draft)

    assert refused.value.reasons == ("It says the same as version 1, which is published already.",)


def test_a_manager_of_another_programme_neither_finds_nor_changes_it(app: Flask) -> None:
    _manager, draft = begun()
    stranger = make.actor(make.staff("manager", programme_id=make.programme("others").id))

    with pytest.raises(NotThere):
        drafts.find_draft(stranger, draft.id)
    with pytest.raises(Forbidden):
        save(stranger, draft, "line")


def test_only_what_is_no_toml_at_all_is_refused(app: Flask) -> None:
    manager = make.actor(make.staff("manager"))

    draft = drafts.import_draft(manager, make.programme(), text='name = "Mine"\nstages = 3\n')

    assert (draft.name, draft.content) == ("Mine", {"name": "Mine", "stages": 3})
    with pytest.raises(Refused):
        drafts.import_draft(manager, make.programme(), text="name = ")


# The pages


@pytest.fixture
def page(client: FlaskClient) -> tuple[FlaskClient, WorkflowDraft]:
    _manager, draft = begun()
    make.sign_in(client, make.staff("manager"))
    return client, draft


def test_a_fault_stands_at_its_place_as_the_check_says_it(page: tuple[FlaskClient, WorkflowDraft]) -> None:
    client, draft = page
    address = f"/workflow-drafts/{draft.id}/pages/gate:screening"

    client.post(address, data={"act": "check", "gates.screening.should.G1-S1.weight": "0"})

    shown = client.get(address).text
    assert "must be at least 1" in shown
    assert 'aria-invalid="true"' in shown


def test_the_second_of_two_who_save_is_told_and_loses_nothing(page: tuple[FlaskClient, WorkflowDraft]) -> None:
    client, draft = page
    address = f"/workflow-drafts/{draft.id}/pages/whole"
    seen = f"WorkflowDraft:{draft.id}:{draft.version}"
    client.post(address, data={"act": "check", "name": "The first one's name", "as_seen": seen})

    answer = client.post(address, data={"act": "check", "name": "The second one's name", "as_seen": seen})

    assert answer.status_code == 409
    assert "The second one&#39;s name" in answer.text
    assert "Saved by somebody else meanwhile: The first one&#39;s name" in answer.text
    db.session.expire_all()
    assert db.session.get_one(WorkflowDraft, draft.id).name == "The first one's name"


def test_every_page_of_a_draft_opens_and_so_does_its_comparison(page: tuple[FlaskClient, WorkflowDraft]) -> None:
    client, draft = page
    keys = [key for key, _title in sheets.pages(draft.content)]

    answers = [client.get(f"/workflow-drafts/{draft.id}/pages/{key}").status_code for key in keys]
    answers += [client.get(f"/workflow-drafts/{draft.id}{more}").status_code for more in ("", "/file", "/comparison")]

    assert set(answers) == {200}


def test_a_published_version_is_downloaded_as_it_was_written(client: FlaskClient) -> None:
    make.workflow()
    make.sign_in(client, make.person())

    answer = client.get("/workflows/education/1/file")

    assert answer.text == library_text("education")


# Scales, reasons to stop and the canvas


def test_reasons_scales_and_their_marks_are_changed_in_forms(app: Flask) -> None:
    manager, draft = begun()
    save(manager, draft, "lists", "add:stop_reasons", name="Somebody else does it")
    save(manager, draft, "lists", "add:scales", name="1 to 3")
    save(manager, draft, "scale:k_1_to_3", "add:marks")
    typed = {"scales.k_1_to_3.marks.0.anchor": "Nothing", "scales.k_1_to_3.marks.10.worth": "5,5"}

    save(manager, draft, "scale:k_1_to_3", typed=typed)

    definition = read_definition(writing.written(draft.content))
    assert definition.stop_reasons[-1].name == "Somebody else does it"
    assert [(mark.value, mark.worth, mark.anchor) for mark in definition.scales[-1].marks] == [
        (0, 0, "Nothing"),
        (10, 5.5, ""),
        (11, 10, ""),
    ]


def test_a_field_of_the_canvas_is_added_described_and_taken_away(app: Flask) -> None:
    manager, draft = begun()
    save(manager, draft, "canvas", "add:canvas", name="Languages", kind="choices")
    typed = {"canvas.languages.help": "Which?", "canvas.languages.choices": "Sepedi\nXitsonga"}
    save(manager, draft, "canvas", typed=typed | {"canvas.languages.required_from": "pilot"})
    field = read_definition(writing.written(draft.content)).canvas[-1]

    save(manager, draft, "canvas", "remove:canvas:languages")

    assert ([choice.name for choice in field.choices], field.required_from) == (["Sepedi", "Xitsonga"], "pilot")
    assert read_definition(writing.written(draft.content)).canvas[-1].key != "languages"


def test_what_every_idea_keeps_is_not_taken_away(app: Flask) -> None:
    manager, draft = begun()

    with pytest.raises(Refused):
        save(manager, draft, "canvas", "remove:canvas:title")


@pytest.mark.parametrize(
    ("place", "page"),
    [
        ("scales[0].name", "lists"),
        ("scales[0].marks[2].worth", "scale:ten"),
        ("scales[9].marks[2].worth", ""),
        ("stop_reasons[3].name", "lists"),
        ("canvas[2].max_length", "canvas"),
        ("canvas.title", "canvas"),
    ],
)
def test_a_fault_in_a_list_leads_to_where_it_is_mended(place: str, page: str) -> None:
    assert sheets.page_of(SHELF["education"], place) == page


def test_the_new_pages_show_their_faults_beside_the_fields(client: FlaskClient) -> None:
    _manager, draft = begun()
    browser = make.sign_in(client, make.staff("manager"))
    at = f"/workflow-drafts/{draft.id}/pages"

    answer = browser.post(f"{at}/scale:ten", data={"act": "check", "scales.ten.marks.10.worth": "much"})
    pages = [browser.get(f"{at}/{page}") for page in ("canvas", "lists", "scale:ten")]

    assert [answer.status_code, *(page.status_code for page in pages)] == [302, 200, 200, 200]
    assert 'value="much"' in pages[2].text
    assert "must be a number" in pages[2].text
