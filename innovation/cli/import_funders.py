"""``gatehouse import funders`` and ``gatehouse import awards``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from innovation.funders.importing import Plan

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SOURCE = "Where the rows come from, for rows that do not say it."


def _bring_in(file: Path, plan: Callable[..., Plan], write: Callable[..., Any], source: str, dry_run: bool) -> None:
    """Plan, write unless it is a rehearsal, and tell; rows with faults are left out and end in exit code 1."""
    from innovation.app import create_app
    from innovation.funders.importing import read_rows
    from innovation.permission import SYSTEM

    with create_app().app_context():
        planned = plan(read_rows(file.read_bytes(), file.name), source=source)
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
def awards(file: Path, dry_run: bool, source: str) -> None:
    """Add and renew past awards from JSON lines, 360Giving JSON, CSV or XLSX."""
    from innovation.funders.importing import import_awards, plan_awards

    _bring_in(file, plan_awards, import_awards, source, dry_run)
