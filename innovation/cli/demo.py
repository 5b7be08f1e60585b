"""``gatehouse demo``: a believable world to look round in."""

from __future__ import annotations

import click


@click.group()
def demo() -> None:
    """Look round with a demonstration."""


@demo.command()
@click.option("--ideas", default=0, type=click.IntRange(0, 500_000), help="This many ideas in all, made up in bulk.")
@click.option("--seed", default=7, type=int, help="The same seed makes the same ideas.")
@click.option("--quiet", is_flag=True, hidden=True, help="Print the sign-ins only.")
def load(ideas: int, seed: int, quiet: bool) -> None:
    """Load the demonstration into an empty database and print its sign-ins."""
    from innovation.app import create_app
    from innovation.cli.database import make_first_tables
    from innovation.demo import load as world

    with create_app().app_context():
        make_first_tables()
        made = world.load(ideas, seed)
        if not quiet:
            click.echo(
                "The demonstration is loaded." if made else "The demonstration is there already. Nothing was changed."
            )
        world.print_sign_ins()
