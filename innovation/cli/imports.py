"""``gatehouse import``: registers and ideas from files."""

from __future__ import annotations

import importlib
from pathlib import Path

import click


class LazyImports(click.Group):
    """Imports of other areas live beside this file and load when they are asked for."""

    later = {
        "awards": "innovation.cli.import_funders:awards",
        "funders": "innovation.cli.import_funders:funders",
        "ideas": "innovation.cli.import_ideas:ideas",
        "readings": "innovation.cli.import_readings:readings",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.later})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.later:
            return super().get_command(ctx, name)
        module, attribute = self.later[name].split(":")
        found: click.Command = getattr(importlib.import_module(module), attribute)
        return found


@click.group("import", cls=LazyImports)
def imports() -> None:
    """Bring in registers, ideas, funders, awards and readings from files."""


@imports.command()
def districts() -> None:
    """Load the provinces, the districts and their older names."""
    from innovation.app import create_app
    from innovation.permission import SYSTEM
    from innovation.places import commands

    with create_app().app_context():
        click.echo(f"{commands.load_districts(SYSTEM)} districts.")


@imports.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day the register was drawn up.")
def schools(file: Path, as_of: object) -> None:
    """Add and renew schools by EMIS number from a CSV file or a spreadsheet."""
    from innovation.app import create_app
    from innovation.permission import SYSTEM
    from innovation.places import commands
    from innovation.tables import COMMAND, read_table

    with create_app().app_context():
        commands.load_districts(SYSTEM)
        day = as_of.date() if hasattr(as_of, "date") else None
        report = commands.import_schools(
            SYSTEM, read_table(file.read_bytes(), file.name, COMMAND), as_of=day, register="schools"
        )
    click.echo(f"{report.made} new, {report.changed} changed, {report.unchanged} unchanged.")
    for province, count in sorted(report.unmapped.items()):
        click.echo(f"{province}: {count} without a district of today; kept with their old name.")
    if report.misplaced:
        click.echo(f"{report.misplaced} had coordinates outside the country; these were left out.")
    for fault in report.faults:
        where = f"Row {fault.row}, column {fault.column}" if fault.column else f"Row {fault.row}"
        click.echo(f"{where}: {fault.message}", err=True)
    if report.faults:
        raise SystemExit(1)
