"""The pages of a draft about its lists: the fields of the canvas, reasons to stop, and the scales with their marks."""

from __future__ import annotations

from collections.abc import Iterator

from innovation.languages import gettext as _
from innovation.programmes.cells import LINES, At, Cell, Pair, Row, Section, Sheet, called, named_pairs
from workflows import drafting
from workflows.drafting import Content

PLAIN_TYPES = ("line", "text", "choice", "choices", "money", "number", "date", "file")


def lists_sheet(content: Content) -> Sheet:
    scales = (
        Row(token, called(row), at.place, (at.cell("name", "line", _("Name"), size="half"),), page=f"scale:{token}")
        for at, token, row in At().rows(content, "scales")
    )
    stops = (
        Row(token, called(row), at.place, (at.cell("name", "line", _("Reason")),))
        for at, token, row in At().rows(content, "stop_reasons")
    )
    return Sheet(
        "lists",
        _("Scales and reasons"),
        (
            Section(
                "scales",
                _("Scales of the marks"),
                "scales",
                help=_(
                    "Each gate says by which of them its criteria are scored. The marks stand on the scale's own page."
                ),
                rows=tuple(scales),
                adds=_("Add a scale"),
            ),
            Section(
                "stop_reasons",
                _("Reasons to stop"),
                "stop_reasons",
                help=_("A panel that stops an idea chooses one of these. What was decided keeps its reason."),
                rows=tuple(stops),
                adds=_("Add a reason"),
            ),
        ),
    )


def scale_sheet(_content: Content, page: str, at: At, scale: Content) -> Sheet:
    rows = []
    for here, token, row in at.rows(scale, "marks", by="value"):
        cells = (
            here.cell("value", "whole", _("Mark"), size="short"),
            here.cell("worth", "number", _("Worth, of ten"), size="short"),
            here.cell("label", "line", _("Shown as"), optional=True, size="short"),
            here.cell("anchor", "line", _("What it means on any criterion"), optional=True, size="half"),
        )
        title = _("A mark of %(label)s", label=row.get("label", row.get("value", "")))
        rows.append(Row(token, str(title), here.place, cells))
    section = Section(
        "marks",
        _("Marks"),
        at.inner("marks").place,
        help=_(
            "From the lowest to the highest, which is worth ten. A gate may say more exactly what a mark means there."
        ),
        rows=tuple(rows),
        adds=_("Add a mark"),
        named=False,
    )
    return Sheet(page, called(scale), (section,))


# The canvas


def canvas_sheet(content: Content) -> Sheet:
    section = Section(
        "canvas",
        _("What an idea says of itself"),
        "canvas",
        help=_(
            "What has been written stays as it is. What the idea itself keeps, such as its title, cannot be taken away."
        ),
        rows=tuple(_fields(content)),
        adds=_("Add a field"),
        kinds=tuple(pair for pair in _types() if pair[0] in PLAIN_TYPES),
        kinds_label=_("Answered by"),
    )
    return Sheet("canvas", _("Canvas"), (section,))


def _fields(content: Content) -> Iterator[Row]:
    line = {gate.get("key") for gate in drafting.rows(content, "gates") if "track" not in gate}
    gates = [pair for pair in named_pairs(content, "gates") if pair[0] in line]
    needed = (("", _("Never")), ("capture", _("Capturing it")), *gates)
    for at, token, row in At().rows(content, "canvas"):
        own = row.get("kept_in") != "idea"
        cells = [
            at.cell("name", "line", _("Name"), size="half"),
            at.cell("required_from", "choice", _("Needed from"), choices=needed, optional=True, size="half"),
            at.cell("help", "text", _("Help")),
        ]
        acts = ("up", "down", "remove") if own else ("up", "down")
        yield Row(token, called(row), at.place, tuple(cells), tuple(_more(at, row, own=own)), _("More about it"), acts)


def _more(at: At, row: Content, *, own: bool) -> Iterator[Cell]:
    readers = (
        ("", _("Whoever sees the idea")),
        ("idea", _("Whoever sees the idea")),
        ("staff", _("The team and who runs the process")),
        ("funders", _("Funders too")),
    )
    usual = readers[1:] if row.get("audience") == "idea" else (readers[0], *readers[2:])
    if own:
        yield at.cell("type", "choice", _("Answered by"), choices=_types(), size="half")
    yield at.cell("audience", "choice", _("Read by"), choices=usual, optional=True, size="half")
    yield at.cell("max_length", "whole", _("Characters at most"), optional=True, size="short")
    yield at.cell("quick", "yes", _("On the short form at a clinic, and on the paper card"))
    yield at.cell("personal", "yes", _("Personal: about people who can be recognised"))
    if row.get("type") in ("choice", "choices") and not row.get("choices_from"):
        yield at.cell("choices", LINES, _("Choices, one on each line"))


def _types() -> tuple[Pair, ...]:
    return (
        ("line", _("A line")),
        ("text", _("A text")),
        ("choice", _("One of several")),
        ("choices", _("Several of them")),
        ("money", _("An amount")),
        ("number", _("A number")),
        ("date", _("A day")),
        ("file", _("A file")),
        ("place", _("A place")),
        ("table", _("A table, whose columns a file holds")),
    )
