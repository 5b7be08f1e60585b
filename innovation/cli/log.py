"""``gatehouse log``: the record of what happened, and whether it is whole."""

from __future__ import annotations

import sys

import click

from innovation import chain
from innovation.app import create_app


@click.group()
def log() -> None:
    """The record of what happened."""


@log.command()
def verify() -> None:
    """Check every event and the ledger; ends with 1 and says where when something is not as it was written."""
    with create_app().app_context():
        report = chain.verify()
    for fault in report.faults:
        click.echo(fault, err=True)
    if report.count > len(report.faults):
        click.echo(f"and {report.count - len(report.faults)} more", err=True)
    click.echo(f"{report.events} events, {report.seals} seals, {report.unsealed} events not sealed yet.")
    if not report.ok:
        click.echo("The record is NOT whole.", err=True)
        sys.exit(1)
    click.echo("The record is whole.")


@log.command()
def seal() -> None:
    """Bind what is new into the ledger now (the worker does it every few seconds)."""
    with create_app().app_context():
        click.echo(f"{chain.seal_all()} chains sealed.")
