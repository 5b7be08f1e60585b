"""The pages of a draft about what gates can ask for: all deliverables, and the questions or columns of one."""

from __future__ import annotations

from innovation.languages import gettext as _
from innovation.programmes.cells import LINES, At, Pair, Row, Section, Sheet, called
from workflows.drafting import Content


def _kinds() -> tuple[Pair, ...]:
    return (
        ("answer", _("A text")),
        ("form", _("A form")),
        ("table", _("A table")),
        ("file", _("A file")),
        ("link", _("A link")),
        ("letter", _("A letter")),
        ("generated", _("Made from the canvas")),
    )


def deliverables_sheet(content: Content) -> Sheet:
    kinds = _kinds()
    rows = []
    for at, token, row in At().rows(content, "deliverables"):
        cells = (
            at.cell("name", "line", _("Name"), size="half"),
            at.cell("kind", "choice", _("Kind"), choices=kinds, size="half"),
            at.cell("help", "text", _("What to hand in")),
        )
        more = (
            at.cell("code", "line", _("Code"), size="short"),
            at.cell("size_limit", "line", _("How long it may be"), optional=True, size="half"),
            at.cell("expires", "yes", _("It expires on a day")),
        )
        page = f"deliverable:{token}" if row.get("kind") in ("form", "table") else ""
        rows.append(Row(token, called(row), at.place, cells, more, _("More about it"), page=page))
    return Sheet(
        "deliverables",
        _("Deliverables"),
        (
            Section(
                "deliverables",
                _("What gates can ask for"),
                "deliverables",
                rows=tuple(rows),
                adds=_("Add a deliverable"),
                kinds=kinds,
                kinds_label=_("Kind"),
            ),
        ),
    )


def deliverable_sheet(content: Content, page: str, at: At, row: Content) -> Sheet:
    """The questions of a form, or the columns of a table."""
    part, title, adds, types = ("columns", _("Columns"), _("Add a column"), _column_types())
    if row.get("kind") == "form":
        part, title, adds, types = ("questions", _("Questions"), _("Add a question"), _question_types())
    said = "question" if part == "questions" else "name"
    rows = []
    for here, token, each in at.rows(row, part):
        cells = [
            here.cell(said, "line", _("Question") if said == "question" else _("Name")),
            here.cell("type", "choice", _("Answered by"), choices=types, size="half"),
        ]
        if part == "questions":
            cells.append(here.cell("required", "yes", _("Must be answered"), default=True, size="half"))
        more = (here.cell("choices", LINES, _("Choices, one on each line"), optional=True),)
        rows.append(Row(token, str(each.get(said) or called(each)), here.place, tuple(cells), more, _("Choices")))
    section = Section(
        part, title, at.inner(part).place, rows=tuple(rows), adds=adds, kinds=types, kinds_label=_("Answered by")
    )
    return Sheet(page, called(row), (section,))


def _column_types() -> tuple[Pair, ...]:
    return (
        ("line", _("A line")),
        ("text", _("A text")),
        ("choice", _("One of several")),
        ("money", _("An amount")),
        ("number", _("A number")),
        ("date", _("A day")),
    )


def _question_types() -> tuple[Pair, ...]:
    return (("yes_no", _("Yes or no")), *(pair for pair in _column_types() if pair[0] != "money"))
