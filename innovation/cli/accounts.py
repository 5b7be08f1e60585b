"""``gatehouse accounts``: the first administrator, and who can sign in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from innovation.accounts import commands, passwords, queries
from innovation.app import create_app
from innovation.permission import SYSTEM
from workflows import Refused


@click.group()
def accounts() -> None:
    """Make the first administrator; list who can sign in."""


@contextmanager
def _application() -> Iterator[None]:
    """The application's context; a database without tables ends in a sentence that says what to do."""
    with create_app().app_context():
        try:
            yield
        except (OperationalError, ProgrammingError) as error:
            if "no such table" not in str(error) and "does not exist" not in str(error):
                raise
            raise click.ClickException("The database has no tables yet. Run: gatehouse db upgrade") from None


@accounts.command("create-admin")
@click.option("--email", prompt="E-mail", help="What the administrator signs in with; asked for if left out.")
@click.option("--name", prompt="Name", help="The name that others see; asked for if left out.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def create_admin(email: str, name: str, password_stdin: bool) -> None:
    """Make an administrator who can sign in at once."""
    if "@" not in email.strip("@"):
        raise click.BadParameter("Write a whole e-mail address.", param_hint="--email")
    if not name.strip():
        raise click.BadParameter("Write the name that others see.", param_hint="--name")
    password = (
        sys.stdin.readline().rstrip("\r\n")
        if password_stdin
        else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    fault = passwords.fault_of(password, email)
    if fault:
        raise Refused((fault,))
    with _application():
        person = commands.create_administrator(SYSTEM, None, name=name.strip(), email=email, password=password)
        click.echo(f"{person.name} can sign in as {person.email} and administer the whole site.")


@accounts.command("list")
def list_accounts() -> None:
    """Print who can sign in, with their roles."""
    with _application():
        number, more = 1, True
        while more:
            found = queries.list_people(SYSTEM, state="signs_in", sort="email", page=number, size=200)
            for person in found.page.items:
                roles = ", ".join(
                    f"{held.role} ({held.where or 'the whole site'})" for held in found.roles.get(person.id, [])
                )
                click.echo(f"{person.account.email if person.account else ''}\t{person.name}\t{roles or 'no role'}")
            number, more = number + 1, found.page.has_next
