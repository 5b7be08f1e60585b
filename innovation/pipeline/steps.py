"""What comes next for an idea, in a few words, and the tone in which it is shown."""

from __future__ import annotations

from innovation.languages import gettext as _
from innovation.pipeline.rows import Row
from innovation.values import dataclass
from innovation.web import day
from workflows import Gate, Stage


@dataclass(frozen=True)
class NextStep:
    text: str
    tone: str


def next_step(row: Row) -> NextStep:
    """Where the idea stands and what it waits for."""
    if row.standing == "active":
        return _at_gate(row) if isinstance(row.where, Gate) else _at_stage(row)
    return _standing_still(row)


def _at_gate(row: Row) -> NextStep:
    if row.review_id is None:
        return NextStep(_("To convene a panel"), "recycle")
    if row.undeclared:
        declared = row.expected - row.undeclared
        return NextStep(_("Panel declaring, %(n)d of %(all)d in", n=declared, all=row.expected), "recycle")
    if row.submitted >= row.quorum:
        return NextStep(_("To decide"), "info")
    return NextStep(_("Panel scoring, %(n)d of %(all)d in", n=row.submitted, all=row.expected), "recycle")


def _at_stage(row: Row) -> NextStep:
    stage, definition = row.where, row.definition
    gate = definition.gate_after(row.place)
    if gate is not None:
        return NextStep(_("To prepare: %(gate)s", gate=_(gate.short or gate.name)), "go")
    if isinstance(stage, Stage) and stage.moves_on_by is not None:
        following = definition.next_stage(stage.key)
        return NextStep(_("To start: %(stage)s", stage=_(following.short or following.name)) if following else "", "go")
    return NextStep(_("Goal reached"), "go")


def _standing_still(row: Row) -> NextStep:
    if row.standing == "held":
        text = _("On hold until %(day)s", day=day(row.held_until)) if row.held_until else _("On hold")
        return NextStep(text, "hold")
    if row.standing == "stopped":
        return NextStep(_("Stopped: %(place)s", place=_(row.where.short or row.where.name)), "kill")
    if row.standing == "merged":
        return NextStep(_("Joined another idea"), "info")
    if row.standing == "referred":
        body = row.referral.get("refer_to")
        return NextStep(_("Referred to %(body)s", body=body) if body else _("Referred"), "info")
    return NextStep(_("Withdrawn"), "hold")


def gate_name(gate: Gate) -> str:
    """A gate's name as it stands inside a sentence."""
    name = str(_(gate.name))
    return name[:1].lower() + name[1:]
