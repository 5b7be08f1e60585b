"""``gatehouse import readings``."""

from __future__ import annotations

from pathlib import Path

import click

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option("--idea", required=True, metavar="REFERENCE", help="The idea whose pilot was measured.")
@click.option("--term", default="", help="The term, such as 2026-3, for tables that do not say it.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
def readings(file: Path, idea: str, term: str, dry_run: bool) -> None:
    """Add and correct the readings of a pilot from CSV or XLSX: a row for each, or a column for each indicator.

    Each batch is written by itself; the same file can be sent again, and what stands is left as it is.
    """
    from innovation.app import create_app
    from innovation.permission import SYSTEM, NotThere
    from innovation.pilots.queries import find_pilot
    from innovation.pilots.reading_import import batches, import_readings, rehearse
    from innovation.pilots.reading_rows import Layout, check, guess, register_of, targets_of
    from innovation.pilots.writing import Written
    from innovation.tables import COMMAND, read_table

    with create_app().app_context():
        try:
            pilot = find_pilot(SYSTEM, idea)
        except NotThere:
            raise click.BadParameter("There is no idea with this reference that has a pilot.") from None
        table, register = read_table(file.read_bytes(), file.name, COMMAND), register_of(pilot)
        layout, names = Layout(guess(table.columns, register), term), targets_of(register)
        if layout.lacking():
            lacking = ", ".join(names[target] for target in layout.lacking())
            raise click.ClickException(f"No column of the table was recognised as: {lacking}.")
        checked, done = check(table, layout, register), Written()
        for given in batches(checked):
            part = rehearse(given) if dry_run else import_readings(SYSTEM, pilot, given=given)
            done.new, done.corrected, done.known = (
                *(done.new + part.new, done.corrected + part.corrected, done.known + part.known),
            )
    counts = f"{done.new} new, {done.corrected} corrected, {done.known} there already."
    click.echo(f"Nothing was written. There would be {counts}" if dry_run else counts)
    for fault in checked.faults:
        where = f"Row {fault.row}, column {fault.column}" if fault.column else f"Row {fault.row}"
        click.echo(f"{where}: {fault.message}", err=True)
    if checked.faults:
        raise SystemExit(1)
