"""``gatehouse workflows migrate``: what a plan would do, programme by programme, and doing it."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import click
import sqlalchemy as sa

from innovation.db import db
from innovation.ideas import queries as ideas
from innovation.ideas import version_moves
from innovation.ideas.version_moves import Rehearsal
from innovation.permission import SYSTEM
from innovation.programmes.models import Programme, WorkflowVersion
from innovation.programmes.queries import list_versions
from workflows import Refused, moving

ALL = 1_000_000  # nobody waits for a page here


def migrate_all(
    key: str, old_number: int, new_number: int, said: Mapping[str, Mapping[str, str]], programme: str, *, apply: bool
) -> None:
    """Rehearse the plan for each programme; ``apply`` carries it out, idea by idea."""
    old, new = (_version(key, number) for number in (old_number, new_number))
    plan = moving.Plan(old.definition, new.definition, said)
    if faults := plan.faults():
        sys.exit("\n".join(f"{fault.place}: {fault.message}" for fault in faults))
    for home in _programmes(programme):
        rehearsal = version_moves.rehearse(SYSTEM, home, plan, old, limit=ALL)
        _tell(home, rehearsal)
        if apply and rehearsal.ready:
            _carry_out(home, old, new, said, rehearsal)
    if not apply:
        click.echo("Nothing was changed. Add --apply to move the ideas.")


def _version(key: str, number: int) -> WorkflowVersion:
    versions = list_versions()
    keys = {version.key for version in versions}
    if not key and len(keys) > 1:
        sys.exit(f"Say which workflow with --workflow: {', '.join(sorted(keys))}.")
    found = [v for v in versions if v.number == number and v.key == (key or v.key)]
    if not found:
        sys.exit(f"There is no version {number} of {key or 'a workflow'}. See: gatehouse workflows list")
    return found[0]


def _programmes(key: str) -> list[Programme]:
    query = sa.select(Programme).order_by(Programme.id)
    found = list(db.session.scalars(query.where(Programme.key == key) if key else query))
    if key and not found:
        sys.exit(f"There is no programme {key}.")
    return found


def _tell(home: Programme, rehearsal: Rehearsal) -> None:
    """The sums, and each idea that stays, with why."""
    click.echo(f"{home.name}: {len(rehearsal.ready)} can move, {len(rehearsal.hindered)} cannot.")
    for text, count in rehearsal.changes:
        click.echo(f"  {count:>6}  {text}")
    for each in rehearsal.hindered:
        click.echo(f"  {each.reference}  {' '.join(each.prospect.hindrances)}")


def _carry_out(
    home: Programme,
    old: WorkflowVersion,
    new: WorkflowVersion,
    said: Mapping[str, Mapping[str, str]],
    rehearsal: Rehearsal,
) -> None:
    move = version_moves.plan_move(SYSTEM, home, old=old, new=new, said=said)
    moved = 0
    for done, reference in enumerate(rehearsal.ready, 1):
        try:
            version_moves.move_idea(SYSTEM, ideas.find_idea(SYSTEM, reference), move=move)
            moved += 1
        except Refused as refused:
            click.echo(f"  {reference}  {' '.join(refused.reasons)}")
        if done % 500 == 0:
            click.echo(f"  {done} of {len(rehearsal.ready)}")
    click.echo(f"  {moved} moved (move {move.id}).")
