"""``gatehouse import funders`` and ``gatehouse import awards``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from innovation.funders.award_import import AwardPlan
    from innovation.funders.importing import Plan

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MOST_TOLD = 20
SOURCE = "Where the rows come from, for rows that do not say it."


def _bring_in(file: Path, plan: Callable[..., Plan], write: Callable[..., Any], source: str, dry_run: bool) -> None:
    """Plan, write unless it is a rehearsal, and tell; rows with faults are left out and end in exit code 1."""
    from innovation.app import create_app
    from innovation.funders.row_files import read_rows
    from innovation.permission import SYSTEM
    from innovation.tables import COMMAND

    with create_app().app_context():
        planned = plan(read_rows(file.read_bytes(), file.name, COMMAND), source=source)
        if not dry_run:
            write(SYSTEM, planned)
    counts = f"{len(planned.new)} new, {len(planned.changed)} changed, {planned.unchanged} unchanged."
    click.echo(f"Nothing was written. There would be {counts}" if dry_run else counts)
    for fault in planned.faults:
        click.echo(f"Row {fault.row}, column {fault.column}: {fault.message}", err=True)
    if planned.faults:
        raise SystemExit(1)


@click.command()
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@click.option("--source", default="", help=SOURCE)
def funders(file: Path, dry_run: bool, source: str) -> None:
    """Add and renew funders, with figures of their awards, from JSON lines or a table."""
    from innovation.funders.importing import import_funders, plan_funders

    _bring_in(file, plan_funders, import_funders, source, dry_run)


@click.command()
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@click.option("--source", default="", help=SOURCE)
@click.option("--currency", default="", help="The currency of rows that do not say it, such as ZAR.")
@click.option("--column", "columns", multiple=True, metavar="TARGET=COLUMN", help="Where a column is not recognised.")
def awards(file: Path, dry_run: bool, source: str, currency: str, columns: tuple[str, ...]) -> None:
    """Add and renew past awards from JSON lines, 360Giving JSON, CSV or XLSX.

    Each batch of rows is written by itself; the same file can be sent again, and what is there is left as it is.
    """
    from innovation.app import create_app
    from innovation.funders import award_import
    from innovation.funders.row_files import read_rows
    from innovation.permission import SYSTEM
    from innovation.tables import COMMAND

    with create_app().app_context():
        rows = read_rows(file.read_bytes(), file.name, COMMAND)
        reading = award_import.reading_of(rows, source=source, currency=currency)
        reading = replace(reading, columns={**reading.columns, **_columns(columns)})
        planned = award_import.AwardPlan()
        for part in award_import.parts(award_import.in_order(rows, reading), reading):
            planned.add(part if dry_run else award_import.import_awards(SYSTEM, part))
    _tell(planned, dry_run=dry_run)


def _columns(said: tuple[str, ...]) -> dict[str, str]:
    from innovation.funders.award_rows import TARGETS

    pairs = [each.partition("=") for each in said]
    for target, _equals, column in pairs:
        if target not in TARGETS or not column:
            raise click.BadParameter(f"Write --column TARGET=COLUMN, with one of: {', '.join(TARGETS)}.")
    return {target: column for target, _equals, column in pairs}


def _tell(planned: AwardPlan, *, dry_run: bool) -> None:
    counts = f"{len(planned.new)} new, {len(planned.changed)} changed, {planned.unchanged} unchanged."
    click.echo(f"Nothing was written. There would be {counts}" if dry_run else counts)
    if planned.funders:
        names = ", ".join(name for name, _org_id in list(planned.funders.values())[:MOST_TOLD])
        click.echo(f"{len(planned.funders)} funders were not known by name or identifier and are new: {names}")
    for doubt in planned.doubts[:MOST_TOLD]:
        click.echo(f"Row {doubt.row}, column {doubt.column}, to be looked at: {doubt.message}", err=True)
    if len(planned.doubts) > MOST_TOLD:
        click.echo(f"{len(planned.doubts) - MOST_TOLD} more are to be looked at.", err=True)
    for fault in sorted(planned.faults, key=lambda fault: fault.row):
        click.echo(f"Row {fault.row}, column {fault.column}: {fault.message}", err=True)
    if planned.faults:
        raise SystemExit(1)
