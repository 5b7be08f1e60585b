"""From TOML text to a definition, or to the list of everything that is wrong with it."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import replace
from typing import Any

from . import checking
from .after import read_afterwards, read_waivers
from .asking import Choice, Column, Question
from .naming import ATTENDEES, read_attendee, read_words
from .piloting import read_pilot
from .shapes import (
    Anchor,
    CanvasField,
    Criterion,
    Definition,
    Deliverable,
    EvidenceLevel,
    Gate,
    GateDeliverable,
    Mark,
    Outcome,
    Scale,
    SeatRule,
    Stage,
    StopReason,
    Thresholds,
)
from .tables import DefinitionFault, Fault, Faults, Table
from .tracking import read_tracker
from .ways import AskedIn, Limit, Track
from .words import (
    AUDIENCES,
    COLUMN_TYPES,
    DELIVERABLE_KINDS,
    EVIDENCE_TESTS,
    FIELD_TYPES,
    LISTS,
    NAMES,
    NEEDS,
    QUESTION_TYPES,
    SCORING_SEATS,
    SHOWN,
    TOLD_BY,
    TONES,
)

NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")


def read_definition(text: str) -> Definition:
    """The definition that a TOML text holds; ``DefinitionFault`` names every fault and its place."""
    return read_tables(parse(text), text)


def read_tables(content: dict[str, Any], text: str = "") -> Definition:
    """The same for the tables of a text."""
    faults = Faults()
    definition = reopen_tables(content, text, faults)
    checking.check(definition, faults)
    if faults.found:
        raise DefinitionFault(faults.found)
    return definition


def reopen_definition(text: str) -> Definition:
    """A definition that was checked when it was published; what is asked of new ones since is not asked of it."""
    return reopen_tables(parse(text), text)


def reopen_tables(content: dict[str, Any], text: str = "", faults: Faults | None = None) -> Definition:
    """Whatever the tables make, with harmless values where something is wrong; what is wrong is noted, not refused."""
    return _definition(Table(content, "", faults or Faults()), text, _checksum(content))


def parse(text: str) -> dict[str, Any]:
    """The tables of a TOML text, whatever they hold; ``DefinitionFault`` where it is no TOML."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))  # some editors put a mark at the beginning
    except tomllib.TOMLDecodeError as error:
        raise DefinitionFault([Fault("text", f"is not valid TOML: {error}")]) from error
    except RecursionError as error:
        raise DefinitionFault([Fault("text", "is nested too deeply")]) from error


def _checksum(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _definition(table: Table, text: str, checksum: str) -> Definition:
    scales = tuple(_scale(item) for item in table.tables("scales"))
    deliverables = tuple(_deliverable(item) for item in table.tables("deliverables"))
    definition = Definition(
        key=table.key(),
        name=table.text("name"),
        summary=table.text("summary"),
        version_note=table.text("version_note"),
        stages=tuple(_stage(item) for item in table.tables("stages")),
        gates=tuple(_gate(item, scales, deliverables) for item in table.tables("gates")),
        tracks=tuple(_track(item) for item in table.tables("tracks", required=False)),
        canvas=tuple(_field(item) for item in table.tables("canvas")),
        deliverables=deliverables,
        evidence_levels=tuple(_evidence_level(item) for item in table.tables("evidence_levels")),
        stop_reasons=tuple(_stop_reason(item) for item in table.tables("stop_reasons")),
        outcomes=tuple(_outcome(item) for item in table.tables("outcomes")),
        scales=scales,
        funders_from=table.text("funders_from"),
        checksum=checksum,
        text=text,
        words=read_words(table),
        attendees=tuple(read_attendee(item) for item in table.tables("attendees", required=False)) or ATTENDEES,
        after=read_afterwards(table),
        waivers=read_waivers(table),
        pilot=read_pilot(table),
        tracker=read_tracker(table),
    )
    table.close()
    return definition


def _stage(table: Table) -> Stage:
    name = table.text("name")
    stage = Stage(
        key=table.key(),
        name=name,
        short=table.text("short", default=name),
        help=table.text("help", default=""),
        moves_on_by=table.maybe_key("moves_on_by"),
        review_months=table.maybe_whole("review_months"),
        working_days=table.maybe_whole("working_days"),
    )
    table.close()
    return stage


def _gate(table: Table, scales: tuple[Scale, ...], deliverables: tuple[Deliverable, ...]) -> Gate:
    name = table.text("name")
    scale = table.text("scale")
    known = {item.key: item.marks for item in scales}
    if scale and scale not in known:
        table.faults.note(table.at("scale"), f"there is no scale {scale!r}")
    gate = Gate(
        key=table.key(),
        name=name,
        short=table.text("short", default=name),
        question=table.text("question"),
        comes_from=table.text("comes_from"),
        leads_to=table.text("leads_to"),
        thresholds=_thresholds(table.table("thresholds")),
        quorum=table.whole("quorum"),
        panel_size=table.whole("panel_size"),
        working_days=table.whole("working_days"),
        scale=scale,
        marks=known.get(scale, ()),
        must=tuple(_must(item) for item in table.tables("must", required=False)),
        should=tuple(_should(item) for item in table.tables("should", required=False)),
        recycle_to=table.words("recycle_to"),
        asks=_asks(table, deliverables),
        max_recycles=table.whole("max_recycles", default=2),
        reading_days=table.whole("reading_days", default=0),
        ask_required=table.yes("ask_required"),
        composition=tuple(_seat_rule(item) for item in table.tables("composition", required=False)),
        co_chaired=table.yes("co_chaired"),
        typical_ask=table.text("typical_ask", default=""),
        track=table.maybe_text("track"),
        names=table.one_of("names", NAMES, default=SHOWN),
    )
    table.close()
    return gate


def _thresholds(table: Table) -> Thresholds:
    thresholds = Thresholds(
        go=table.whole("go"),
        conditional=table.whole("conditional"),
        recycle=table.whole("recycle"),
        mean_mark=table.maybe_number("mean_mark"),
    )
    table.close()
    return thresholds


def _must(table: Table) -> Criterion:
    criterion = replace(_criterion(table), told_by=table.one_of("told_by", TOLD_BY, default=""))
    table.close()
    return criterion


def _should(table: Table) -> Criterion:
    criterion = replace(
        _criterion(table),
        weight=table.whole("weight"),
        starred=table.yes("starred"),
        anchors=_anchors(table.table("anchors")),
    )
    table.close()
    return criterion


def _criterion(table: Table) -> Criterion:
    return Criterion(table.key(), table.text("name"), table.text("question"), table.text("help", default=""))


def _anchors(table: Table) -> tuple[Anchor, ...]:
    """Anchors are a table from mark to text; TOML keys are text, so "10" stands for the mark 10."""
    anchors: list[Anchor] = []
    for key in table.content:
        text = table.text(key)
        if NUMBER.fullmatch(key):
            anchors.append(Anchor(int(key), text))
        else:
            table.faults.note(table.at(key), "an anchor's key must be a mark, as in 5")
    return tuple(sorted(anchors, key=lambda anchor: anchor.value))


def _asks(table: Table, deliverables: tuple[Deliverable, ...]) -> tuple[GateDeliverable, ...]:
    known = {item.key: item for item in deliverables}
    wanted = table.table("asks")
    asked: list[GateDeliverable] = []
    for key in wanted.content:
        need = wanted.one_of(key, NEEDS)
        if key in known:
            asked.append(GateDeliverable(known[key], required=need != "optional", update=need == "update"))
        else:
            wanted.faults.note(wanted.at(key), f"there is no deliverable {key!r}")
    return tuple(asked)


def _seat_rule(table: Table) -> SeatRule:
    rule = SeatRule(
        kind=table.one_of("kind", SCORING_SEATS),
        name=table.text("name"),
        at_least=table.whole("at_least", default=1),
        lacking=table.text("lacking"),
    )
    table.close()
    return rule


def _scale(table: Table) -> Scale:
    scale = Scale(key=table.key(), name=table.text("name"), marks=tuple(_mark(item) for item in table.tables("marks")))
    table.close()
    return scale


def _mark(table: Table) -> Mark:
    value = table.whole("value")
    mark = Mark(
        value=value,
        label=table.text("label", default=str(value)),
        worth=table.number("worth"),
        anchor=table.text("anchor", default=""),
    )
    table.close()
    return mark


def _track(table: Table) -> Track:
    track = Track(
        key=table.key(at_most=20),
        name=table.text("name"),
        summary=table.text("summary"),
        entry=table.text("entry"),
        limits=tuple(_limit(item) for item in table.tables("limits", required=False)),
        min_evidence=table.maybe_text("min_evidence"),
    )
    table.close()
    return track


def _limit(table: Table) -> Limit:
    limit = Limit(
        key=table.key(),
        at_most=table.whole("at_most"),
        broken=table.text("broken"),
        unknown=table.text("unknown"),
        asked_in=None if table.absent("asked_in") else _asked_in(table.table("asked_in")),
    )
    table.close()
    return limit


def _asked_in(table: Table) -> AskedIn:
    asked = AskedIn(table.text("deliverable"), table.text("question"), table.words("answers"))
    table.close()
    return asked


def _field(table: Table) -> CanvasField:
    field = CanvasField(
        key=table.key(),
        name=table.text("name"),
        help=table.text("help"),
        type=table.one_of("type", FIELD_TYPES),
        choices=_choices(table),
        choices_from=table.one_of("choices_from", LISTS, default=""),
        columns=_columns(table),
        required_from=table.maybe_text("required_from"),
        personal=table.yes("personal"),
        audience=table.one_of("audience", AUDIENCES, default="idea"),
        quick=table.yes("quick"),
        max_length=table.maybe_whole("max_length"),
        kept_in=table.one_of("kept_in", ("canvas", "idea"), default="canvas"),
    )
    table.close()
    return field


def _deliverable(table: Table) -> Deliverable:
    deliverable = Deliverable(
        key=table.key(),
        code=table.text("code"),
        name=table.text("name"),
        help=table.text("help"),
        kind=table.one_of("kind", DELIVERABLE_KINDS),
        expires=table.yes("expires"),
        columns=_columns(table),
        questions=tuple(_question(item) for item in table.tables("questions", required=False)),
        size_limit=table.text("size_limit", default=""),
        made_of=table.words("made_of", default=()),
    )
    table.close()
    return deliverable


def _columns(table: Table) -> tuple[Column, ...]:
    columns: list[Column] = []
    for item in table.tables("columns", required=False):
        columns.append(Column(item.key(), item.text("name"), item.one_of("type", COLUMN_TYPES), _choices(item)))
        item.close()
    return tuple(columns)


def _question(table: Table) -> Question:
    question = Question(
        key=table.key(),
        question=table.text("question"),
        type=table.one_of("type", QUESTION_TYPES),
        choices=_choices(table),
        required=table.yes("required", default=True),
    )
    table.close()
    return question


def _choices(table: Table) -> tuple[Choice, ...]:
    choices: list[Choice] = []
    for item in table.tables("choices", required=False):
        choices.append(Choice(item.key(), item.text("name")))
        item.close()
    return tuple(choices)


def _evidence_level(table: Table) -> EvidenceLevel:
    words = (table.key(at_most=4), table.text("name"), table.text("test"))
    test = table.one_of("reached_by", EVIDENCE_TESTS, default="")
    level = EvidenceLevel(*words, test, table.whole("at_least", default=0), table.words("shown_by", default=()))
    table.close()
    return level


def _stop_reason(table: Table) -> StopReason:
    reason = StopReason(table.key(), table.text("name"))
    table.close()
    return reason


def _outcome(table: Table) -> Outcome:
    outcome = Outcome(
        key=table.key(),
        label=table.text("label"),
        description=table.text("description"),
        tone=table.one_of("tone", TONES),
        requires=table.words("requires", default=()),
    )
    table.close()
    return outcome
