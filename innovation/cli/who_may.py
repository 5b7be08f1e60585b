"""``gatehouse who-may``: the table of permissions, printed from the policies themselves."""

from __future__ import annotations

import json
from typing import Any

import click

from innovation import permission
from innovation.app import create_app
from innovation.permission import Policy, Word


@click.command("who-may")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
def who_may(name: str | None, as_json: bool) -> None:
    """Print who may do what: everything, or NAME alone (for example record_decision)."""
    create_app()
    table = [row(key, policy) for key, policy in sorted(permission.policies.items())]
    if name is not None:
        wanted = name.removeprefix("may_").replace("-", "_")
        table = [line for line in table if line["name"] == wanted]
        if not table:
            raise click.ClickException(f"There is no permission called {name}. Run it without a name to see all.")
    if as_json:
        click.echo(json.dumps(table, indent=2))
        return
    click.echo("\n\n".join(_text(line) for line in table))
    click.echo("\nThe system itself may always act. Who may not see a thing is told that it is not there.")


def row(name: str, policy: Policy) -> dict[str, Any]:
    """One line of the table."""
    return {"name": name, "allowed": _words(policy.any_of), "unless": _words(policy.unless)}


def _words(words: tuple[Word, ...]) -> list[dict[str, str]]:
    return [{"word": word.name, "meaning": word.meaning} for word in words]


def _text(line: dict[str, Any]) -> str:
    """A paragraph: the name, then whom it is allowed to, then who is barred all the same."""
    parts = [line["name"]]
    parts += [f"  {'may' if i == 0 else 'or':<7}{item['meaning']}" for i, item in enumerate(line["allowed"])]
    parts += [f"  {'unless' if i == 0 else 'or':<7}{item['meaning']}" for i, item in enumerate(line["unless"])]
    return "\n".join(parts)
