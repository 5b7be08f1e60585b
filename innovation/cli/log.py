"""``gatehouse log``: the record of what happened, and whether it is whole."""

from __future__ import annotations

import sys
from typing import TextIO

import click

from innovation import chain
from innovation.app import create_app


@click.group()
def log() -> None:
    """The record of what happened."""


@log.command()
@click.option("--head", "kept", type=click.File(encoding="utf-8"), help="A head that was kept elsewhere, to compare.")
def verify(kept: TextIO | None) -> None:
    """Check every event and the ledger; ends with 1 and says where when something is not as it was written."""
    known = _read(kept) if kept else None
    with create_app().app_context():
        report = chain.verify(known)
    for fault in report.faults:
        click.echo(fault, err=True)
    if report.count > len(report.faults):
        click.echo(f"and {report.count - len(report.faults)} more", err=True)
    click.echo(f"{report.events} events, {report.seals} seals, {report.unsealed} events not sealed yet.")
    if not report.ok:
        click.echo("The record is NOT whole.", err=True)
        sys.exit(1)
    click.echo("The record is whole.")


def _read(kept: TextIO) -> chain.Head:
    try:
        return chain.Head.read(kept.read())
    except ValueError:
        message = "This file holds no head of a record. Make one with: gatehouse log head > FILE"
        raise click.BadParameter(message, param_hint="--head") from None


@log.command()
def head() -> None:
    """Print the head of the record, to keep elsewhere: it shows later whether the record was cut or rewritten."""
    with create_app().app_context():
        click.echo(chain.head().as_text())


@log.command()
def seal() -> None:
    """Bind what is new into the ledger now (the worker does it every few seconds)."""
    with create_app().app_context():
        click.echo(f"{chain.seal_all()} chains sealed.")
