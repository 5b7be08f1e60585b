"""The pages of a draft: the line, a page for each gate, panels, deliverables, canvas, lists, and the whole."""

from __future__ import annotations

from collections.abc import Iterator

from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.programmes.cells import MOVES_ON, At, Cell, Pair, Row, Section, Sheet, called, named_pairs
from innovation.programmes.deliverable_sheets import deliverable_sheet, deliverables_sheet
from innovation.programmes.gate_sheets import gate_sheet, panels_sheet
from innovation.programmes.list_sheets import canvas_sheet, lists_sheet, scale_sheet
from innovation.programmes.pilot_sheets import has_pilots, pilot_sheet
from workflows import SOONER, drafting
from workflows.drafting import Content

PANEL = ("quorum", "panel_size", "working_days", "reading_days", "composition", "co_chaired", "max_recycles")
ON_THE_LINE = ("comes_from", "leads_to", "key", "track")


def sheet_of(content: Content, page: str) -> Sheet:
    """One page of a draft; ``NotThere`` where it has no such page."""
    kind, _colon, token = page.partition(":")
    if kind in PLAIN and not token:
        return PLAIN[kind](content)
    if kind in OF_ONE and token:
        for at, found, row in At().rows(content, f"{kind}s"):
            if found == token:
                return OF_ONE[kind](content, page, at, row)
    raise NotThere


def pages(content: Content) -> list[Pair]:
    """Every page with its title, in the order in which a process is thought out."""
    gates = [(f"gate:{token}", called(row)) for _at, token, row in At().rows(content, "gates")]
    return [
        ("line", _("Stages and gates")),
        *gates,
        ("panels", _("Panels and deadlines")),
        ("deliverables", _("Deliverables")),
        ("canvas", _("Canvas")),
        *([("pilot", _("Pilots"))] if has_pilots(content) else []),
        ("lists", _("Scales and reasons")),
        ("whole", _("Name and note")),
    ]


def page_of(content: Content, place: str) -> str:
    """The page on which a fault can be mended; empty where only a file can do it."""
    name, bracket, rest = place.partition("[")
    if name.partition(".")[0] in ("name", "summary", "version_note", "funders_from", "after_decision", "waivers"):
        return "whole"
    if name.partition(".")[0] == "pilot":
        return "pilot"
    if name.partition(".")[0] in ("stages", "tracks", "tracker") or (name == "gates" and not bracket):
        return "line"
    number, _bracket, inner = rest.partition("]")
    plain = {"canvas": "canvas", "stop_reasons": "lists", "scales": "lists"}.get(name.partition(".")[0])
    if plain and not (name == "scales" and inner.startswith(".marks") and number.isdigit()):
        return plain
    if name == "scales":
        return _token_page(content, "scale", int(number))
    if name not in ("gates", "deliverables") or not number.isdigit():
        return "deliverables" if name == "deliverables" else ""
    key = inner.removeprefix(".").partition("[")[0].partition(".")[0]
    if name == "gates" and key in ON_THE_LINE:
        return "line"
    if name == "gates" and key in PANEL:
        return "panels"
    if name == "deliverables" and key not in ("questions", "columns"):
        return "deliverables"
    return _token_page(content, name.removesuffix("s"), int(number))


def _token_page(content: Content, kind: str, number: int) -> str:
    """The page of one gate, deliverable or scale; empty where there is no such thing."""
    tokens = [token for _at, token, _row in At().rows(content, f"{kind}s")]
    return f"{kind}:{tokens[number]}" if number < len(tokens) else ""


def where(content: Content, place: str) -> str:
    """A place in words: the names of the things that lie around it."""
    names: list[str] = []
    found: object = content
    for step in place.replace("[", ".[").split("."):
        if step.startswith("[") and isinstance(found, list) and step[1:-1].isdigit() and int(step[1:-1]) < len(found):
            found = found[int(step[1:-1])]
            if isinstance(found, dict):
                names[-1:] = [str(found.get("name") or found.get("label") or f"{names[-1]} {int(step[1:-1]) + 1}")]
        elif step:
            found = found.get(step) if isinstance(found, dict) else None
            names.append(_part(step.strip("[]")))
    return " · ".join(names)


def _part(key: str) -> str:
    names = {
        "should": _("Scored criteria"),
        "must": _("Must-meets"),
        "asks": _("Asked for"),
        "anchors": _("What the marks mean"),
        "comes_from": _("Comes after"),
        "leads_to": _("Leads to"),
        "recycle_to": _("May be sent back to"),
        "working_days": _("Working days to decide in"),
        "reading_days": _("Working days to read"),
        "composition": _("Who must be on the panel"),
        "stop_reasons": _("Reasons to stop"),
    }
    return str(names.get(key, key.replace("_", " ").capitalize()))


# The line


def _line(content: Content) -> Sheet:
    stages = named_pairs(content, "stages")
    sections = [
        Section(
            "stages",
            _("Stages"),
            "stages",
            help=_("In their order. Each needs a gate that leads on, or moves on by itself."),
            rows=tuple(_stages(content)),
            adds=_("Add a stage"),
        ),
        Section(
            "gates",
            _("Gates"),
            "gates",
            help=_("A gate stands behind a stage, and leads to the one that follows."),
            rows=tuple(_gates(content, stages)),
            adds=_("Add a gate"),
            kinds=stages,
            kinds_label=_("Comes after"),
        ),
    ]
    tracks = tuple(_tracks(content))
    if tracks:
        sections.append(Section("tracks", _("Ways through the process"), "tracks", rows=tracks))
    sections.append(
        Section(
            "tracker",
            _("The way into the system"),
            "tracker",
            help=_("The scored criteria of a gate are marked again and again, from the stage before it on."),
            cells=tuple(_tracker(content)),
        )
    )
    return Sheet("line", _("Stages and gates"), tuple(sections))


def _stages(content: Content) -> Iterator[Row]:
    for at, token, row in At().rows(content, "stages"):
        cells = (
            at.cell("name", "line", _("Name"), size="half"),
            at.cell("short", "line", _("Short name"), optional=True, size="half"),
            at.cell("help", "text", _("What happens here"), optional=True),
        )
        more = (
            at.cell(MOVES_ON + "_by", MOVES_ON, _("Moves on without a gate, once its start is recorded")),
            at.cell("working_days", "whole", _("Working days that it usually takes"), optional=True, size="short"),
            at.cell("review_months", "whole", _("Reviewed after so many months"), optional=True, size="short"),
        )
        yield Row(token, called(row), at.place, cells, more, _("More about this stage"))


def _gates(content: Content, stages: tuple[Pair, ...]) -> Iterator[Row]:
    for at, token, row in At().rows(content, "gates"):
        cells = [
            at.cell("name", "line", _("Name"), size="half"),
            at.cell("short", "line", _("Short name"), optional=True, size="half"),
            at.cell("comes_from", "choice", _("Comes after"), choices=stages, size="half"),
        ]
        if "track" in row:  # a gate beside the line: it may leave stages out
            cells.append(at.cell("leads_to", "choice", _("Leads to"), choices=stages, size="half"))
        yield Row(token, called(row), at.place, tuple(cells), acts=("remove",), page=f"gate:{token}")


def _tracks(content: Content) -> Iterator[Row]:
    gates, levels = named_pairs(content, "gates"), named_pairs(content, "evidence_levels")
    for at, token, row in At().rows(content, "tracks"):
        cells = (
            at.cell("name", "line", _("Name"), size="half"),
            at.cell("entry", "choice", _("Begins at the gate"), choices=gates, size="half"),
            at.cell("summary", "line", _("In a sentence")),
            at.cell(
                "min_evidence",
                "choice",
                _("Evidence of at least"),
                choices=(("", _("None")), *levels),
                optional=True,
                size="half",
            ),
        )
        yield Row(token, called(row), at.place, cells, acts=("remove",))


def _tracker(content: Content) -> Iterator[Cell]:
    at = At().inner("tracker")
    on_the_line = tuple(
        (str(row.get("key", "")), called(row)) for row in drafting.rows(content, "gates") if "track" not in row
    )
    gates = (("", _("Nothing: there is no tracker")), *on_the_line)
    yield at.cell("gate", "choice", _("The tracker follows the criteria of"), choices=gates, optional=True, size="half")
    yield at.cell(
        "sooner_months",
        "whole",
        _("Months until what is at risk is looked at again"),
        optional=True,
        help=_("Left empty: %(months)s.", months=SOONER),
        size="short",
    )


# The whole


def _whole(content: Content) -> Sheet:
    at = At()
    cells = (
        at.cell("name", "line", _("Name")),
        at.cell("summary", "line", _("In a sentence")),
        at.cell("version_note", "text", _("What is new in this version")),
        at.cell(
            "funders_from",
            "choice",
            _("Funders see ideas from"),
            choices=named_pairs(content, "stages"),
            size="half",
        ),
    )
    return Sheet(
        "whole",
        _("Name and note"),
        (
            Section("whole", _("The process"), "", cells=cells),
            Section("after", _("After a decision"), "after_decision", help=_("Working days."), cells=tuple(_after())),
            Section("waivers", _("Who may waive"), "waivers", cells=tuple(_waivers())),
        ),
    )


def _after() -> Iterator[Cell]:
    at = At().inner("after_decision")
    yield at.cell("feedback_days", "whole", _("To tell the team"), optional=True, size="short")
    yield at.cell("asking_days", "whole", _("To ask that it be looked at again"), optional=True, size="short")
    yield at.cell("answer_days", "whole", _("To answer that"), optional=True, size="short")


def _waivers() -> Iterator[Cell]:
    at = At().inner("waivers")
    roles = (
        ("", _("As usual")),
        ("chair", _("Chair of the panel")),
        ("coordinator", _("Gate coordinator")),
        ("manager", _("Programme manager")),
    )
    yield at.cell("deliverable", "choice", _("A deliverable"), choices=roles, optional=True, size="third")
    yield at.cell("deadline", "choice", _("The day to present by"), choices=roles, optional=True, size="third")


PLAIN = {
    "line": _line,
    "panels": panels_sheet,
    "deliverables": deliverables_sheet,
    "canvas": canvas_sheet,
    "pilot": pilot_sheet,
    "lists": lists_sheet,
    "whole": _whole,
}
OF_ONE = {"gate": gate_sheet, "deliverable": deliverable_sheet, "scale": scale_sheet}
