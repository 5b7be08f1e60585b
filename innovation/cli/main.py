"""The command ``gatehouse``: one line per sub-command, loaded when it is used."""

from __future__ import annotations

import errno
import gc
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from innovation.config import BadSettings
from workflows import Refused

COMMANDS = {
    "accounts": "innovation.cli.accounts:accounts",
    "backup": "innovation.cli.operate:backup",
    "db": "innovation.cli.database:database",
    "demo": "innovation.cli.demo:demo",
    "doctor": "innovation.cli.operate:doctor",
    "import": "innovation.cli.imports:imports",
    "log": "innovation.cli.log:log",
    "match": "innovation.cli.match:match",
    "restore": "innovation.cli.operate:restore",
    "run": "innovation.cli.serve:run",
    "serve": "innovation.cli.serve:serve",
    "who-may": "innovation.cli.who_may:who_may",
    "worker": "innovation.cli.serve:worker",
    "workflows": "innovation.cli.workflows:workflows",
}


class Lazy(click.Group):
    """A group that imports a sub-command only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name].split(":")
        with loading():
            found: click.Command = getattr(importlib.import_module(module), attribute)
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Run the sub-command; what a database or a disk refuses is said in a sentence."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if _lacks_a_table(error):
                sys.exit("The database has no tables yet, or not all of them. Run: gatehouse db upgrade")
            if type(error).__name__ in ("OperationalError", "InterfaceError", "DatabaseError"):
                sys.exit(f"The database does not do what is asked of it:\n{getattr(error, 'orig', error)}")
            if isinstance(error, OSError) and error.strerror and error.errno != errno.EPIPE:
                sys.exit(f"{error.filename or 'This cannot be done'}: {error.strerror}.")
            raise


@contextmanager
def loading() -> Iterator[None]:
    """Next to nothing that a program loads is garbage: looking through it for some takes a sixth of the start."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _lacks_a_table(error: Exception) -> bool:
    cause = getattr(error, "orig", None)  # what the driver said; SQLAlchemy itself is not loaded for this
    return type(cause).__name__ == "UndefinedTable" or "no such table" in str(cause)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gatehouse")
def gatehouse() -> None:
    """Gatehouse takes ideas through stage gates and matches them with funders."""


def main(*args: Any) -> None:
    """Run the command; bad settings and refusals end in a plain sentence and exit code 1."""
    try:
        gatehouse(*args)
    except BadSettings as fault:
        sys.exit(f"The settings cannot be used:\n{fault}")
    except Refused as refused:
        sys.exit("\n".join(refused.reasons))
