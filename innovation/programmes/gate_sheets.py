"""The pages of a draft about its gates: one for each gate, and one for panels and deadlines."""

from __future__ import annotations

from collections.abc import Iterator

from innovation.languages import gettext as _
from innovation.programmes.cells import At, Cell, Pair, Row, Section, Sheet, called, named_pairs
from workflows import drafting
from workflows.drafting import Content


def gate_sheet(content: Content, page: str, at: At, gate: Content) -> Sheet:
    stages = named_pairs(content, "stages")
    keys = [key for key, _name in stages]
    upto = keys.index(gate["comes_from"]) + 1 if gate.get("comes_from") in keys else len(keys)
    names = (("", _("Shown as usual")), ("shown", _("Shown")), ("hidden", _("Hidden until one's marks are in")))
    own = (
        at.cell("question", "line", _("The question that this gate answers")),
        at.cell("scale", "choice", _("Scale of the marks"), choices=named_pairs(content, "scales"), size="half"),
        at.cell("typical_ask", "line", _("Typical ask"), optional=True, size="half"),
        at.cell("recycle_to", "several", _("May be sent back to"), choices=stages[:upto]),
        at.cell("names", "choice", _("Names of the people behind an idea"), choices=names, optional=True, size="half"),
        at.cell("ask_required", "yes", _("An ask to funders is needed")),
    )
    limits = At((*at.names, "thresholds"), (*at.path, "thresholds"))
    thresholds = (
        limits.cell("go", "whole", _("Go from"), size="short"),
        limits.cell("conditional", "whole", _("Conditional go from"), size="short"),
        limits.cell("recycle", "whole", _("Recycle from"), size="short"),
        limits.cell("mean_mark", "number", _("And a mean mark of"), optional=True, size="short"),
    )
    return Sheet(
        page,
        called(gate),
        (
            Section("gate", _("The gate"), at.place, cells=own),
            Section(
                "thresholds",
                _("Recommended from"),
                limits.place,
                help=_("The panel's mean, of 100. Below the last one the scores recommend to stop."),
                cells=thresholds,
            ),
            Section(
                "must",
                _("Must be met"),
                at.inner("must").place,
                help=_("Answered yes, no or unsure."),
                rows=tuple(_musts(at, gate)),
                adds=_("Add a must-meet"),
            ),
            Section(
                "should",
                _("Scored"),
                at.inner("should").place,
                help=_("The weights sum to 100. A starred one can hold an idea back by itself."),
                rows=tuple(_shoulds(content, at, gate)),
                adds=_("Add a scored criterion"),
                total=str(drafting.weight_of(gate)),
            ),
            Section("asks", _("Asked for"), at.inner("asks").place, cells=tuple(_asks(content, at))),
        ),
    )


def _musts(at: At, gate: Content) -> Iterator[Row]:
    for here, token, row in at.rows(gate, "must"):
        cells = (
            here.cell("name", "line", _("Name"), size="third"),
            here.cell("question", "line", _("Question"), size="most"),
        )
        more = (
            here.cell("help", "text", _("Help"), optional=True),
            here.cell("told_by", "choice", _("Answered from the record"), choices=_records(), optional=True),
        )
        yield Row(token, called(row), here.place, cells, more, _("Help and record"))


def _records() -> list[Pair]:
    """What is on record that a panel can be shown beside a must-meet."""
    return [("", _("Nothing")), ("harm", _("Incidents of harm and safeguarding in the pilot"))]


def _shoulds(content: Content, at: At, gate: Content) -> Iterator[Row]:
    marks = _marks(content, gate)
    for here, token, row in at.rows(gate, "should"):
        cells = (
            here.cell("name", "line", _("Name"), size="third"),
            here.cell("question", "line", _("Question"), size="half"),
            here.cell("weight", "whole", _("Weight"), size="short"),
        )
        anchors = At((*here.names, "anchors"), (*here.path, "anchors"))
        said = row.get("anchors")
        unknown = [(key, key) for key in said if key not in dict(marks)] if isinstance(said, dict) else []
        more = (
            here.cell("starred", "yes", _("Starred: a low mark holds the idea back by itself")),
            here.cell("help", "text", _("Help"), optional=True),
            *(anchors.cell(key, "line", label, optional=True) for key, label in (*marks, *unknown)),
        )
        yield Row(token, called(row), here.place, cells, more, _("What the marks mean, star and help"))


def _marks(content: Content, gate: Content) -> list[Pair]:
    """The marks of the gate's scale, as anchors name them."""
    scale = drafting.row_of(content, "scales", str(gate.get("scale", ""))) or {}
    marks = [row for row in drafting.rows(scale, "marks") if isinstance(row.get("value"), int)]
    return [(str(row["value"]), _("A mark of %(label)s", label=row.get("label", row["value"]))) for row in marks]


def _asks(content: Content, at: At) -> Iterator[Cell]:
    here = At((*at.names, "asks"), (*at.path, "asks"))
    needs = (
        ("", _("Not asked for")),
        ("required", _("Needed")),
        ("update", _("Needed, brought up to date")),
        ("optional", _("Welcome")),
    )
    for key, name in named_pairs(content, "deliverables"):
        yield here.cell(key, "choice", name, choices=needs, optional=True, size="half")


# Panels and deadlines


def panels_sheet(content: Content) -> Sheet:
    seats: tuple[Pair, ...] = (
        ("chair", _("Chair")),
        ("cochair", _("Co-chair")),
        ("deputy", _("Deputy chair")),
        ("member", _("Member")),
        ("government", _("Government member")),
        ("practitioner", _("Practitioner")),
    )
    sections = []
    for at, token, gate in At().rows(content, "gates"):
        cells = (
            at.cell("panel_size", "whole", _("People on the panel"), size="short"),
            at.cell("quorum", "whole", _("Quorum"), size="short"),
            at.cell("working_days", "whole", _("Working days to decide in"), size="short"),
            at.cell("reading_days", "whole", _("Working days to read"), optional=True, size="short"),
            at.cell("max_recycles", "whole", _("Sent back at most so often"), optional=True, size="short"),
            at.cell("co_chaired", "yes", _("Two chairs sign together")),
        )
        sections.append(
            Section(
                f"composition:{token}",
                called(gate),
                at.inner("composition").place,
                cells=cells,
                rows=tuple(_seats(at, gate, seats)),
                adds=_("Ask for a kind of seat"),
                kinds=seats,
                kinds_label=_("Kind of seat"),
                named=False,
            )
        )
    return Sheet("panels", _("Panels and deadlines"), tuple(sections))


def _seats(at: At, gate: Content, seats: tuple[Pair, ...]) -> Iterator[Row]:
    for here, token, row in at.rows(gate, "composition", by="kind"):
        cells = (
            here.cell("kind", "choice", _("Kind of seat"), choices=seats, size="half"),
            here.cell("at_least", "whole", _("At least"), optional=True, size="short"),
            here.cell("name", "line", _("Called"), size="half"),
            here.cell("lacking", "line", _("What to say while nobody sits there")),
        )
        yield Row(token, str(dict(seats).get(str(row.get("kind")), called(row))), here.place, cells, acts=("remove",))
