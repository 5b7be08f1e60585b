"""``gatehouse import ideas``: ideas from a spreadsheet or a CSV file, tried first, written down once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from innovation.ideas.importing import Report


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--programme", "programme_key", help="Key of the programme; not needed where there is only one.")
@click.option("--clinic", "clinic_code", help="Code of the open clinic that the ideas belong to.")
@click.option("--region", "region_prefix", help="Letters of the region, such as LP, for ideas outside any clinic.")
@click.option("--as", "email", required=True, help="E-mail of the person in whose name the ideas are imported.")
@click.option("--map", "pairs", multiple=True, metavar="COLUMN=TARGET", help="Match a column, such as Title=title.")
@click.option("--all-agree", is_flag=True, help="Every owner agreed that their contact details are kept.")
@click.option("--whole", is_flag=True, help="Import nothing while any row has a fault.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
def ideas(
    file: Path,
    programme_key: str | None,
    clinic_code: str | None,
    region_prefix: str | None,
    email: str,
    pairs: tuple[str, ...],
    all_agree: bool,
    whole: bool,
    dry_run: bool,
) -> None:
    """Bring in ideas, one a row. The same file again changes nothing."""
    from innovation.accounts.queries import actor_of, find_account
    from innovation.app import create_app
    from innovation.ideas import importing
    from innovation.ideas.import_columns import match_columns
    from innovation.permission import Forbidden
    from innovation.tables import COMMAND, read_table
    from workflows import Refused

    with create_app().app_context():
        account = find_account(email)
        if account is None or account.disabled_at is not None:
            raise click.ClickException(f"Nobody signs in with {email}.")
        actor = actor_of(account.person)
        programme, destination = importing.find_destination(actor, programme_key, clinic_code, region_prefix)
        table = read_table(file.read_bytes(), file.name, COMMAND)
        mapping = _mapped(match_columns(programme, table.columns), pairs)
        for column in table.columns:
            click.echo(f"{column}: {mapping.get(column, 'left out')}")
        details: dict[str, Any] = {"table": table, "mapping": mapping, "all_agree": all_agree}
        try:
            if dry_run:
                report = importing.preview_ideas(actor, destination, **details)
            else:
                with click.progressbar(length=len(table.rows), label="Importing", file=sys.stderr) as bar:
                    report = importing.import_ideas(actor, destination, **details, whole=whole, tell=bar.update)
        except Forbidden:
            raise click.ClickException(f"{email} may not import ideas there.") from None
        except Refused as refused:
            raise click.ClickException("\n".join(refused.reasons)) from None
    _tell(report, dry_run)


def _mapped(guessed: dict[str, str], pairs: tuple[str, ...]) -> dict[str, str]:
    """The guesses, with what was said on the command line in their place; an empty target leaves a column out."""
    said = {}
    for pair in pairs:
        column, sign, target = pair.rpartition("=")
        if not sign or not column.strip():
            raise click.BadParameter(f"{pair}: write COLUMN=TARGET.", param_hint="--map")
        said[column.strip()] = target.strip()
    kept = {c: t for c, t in guessed.items() if c not in said and t not in said.values()}
    return kept | {column: target for column, target in said.items() if target}


def _tell(report: Report, dry_run: bool) -> None:
    for note in report.notes:
        click.echo(note)
    done = "would be imported" if dry_run else "imported"
    click.echo(f"{report.rows} rows: {report.made} {done}, {report.known} there already, {report.faulty_rows} faulty.")
    for fault in report.faults:
        where = f"Row {fault.row}, column {fault.column}" if fault.column else f"Row {fault.row}"
        click.echo(f"{where}: {fault.message}", err=True)
    if report.faults:
        raise SystemExit(1)
