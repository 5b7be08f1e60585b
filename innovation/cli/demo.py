"""``gatehouse demo``: a believable world to look round in."""

from __future__ import annotations

import click


@click.group()
def demo() -> None:
    """Look round with a demonstration."""


@demo.command()
@click.option("--ideas", default=0, type=click.IntRange(0, 500_000), help="This many ideas in all, made up in bulk.")
@click.option("--seed", default=7, type=int, help="The same seed makes the same ideas.")
def load(ideas: int, seed: int) -> None:
    """Load the demonstration into an empty database and print its sign-ins."""
    from innovation.app import create_app
    from innovation.demo import load as world

    with create_app().app_context():
        if world.load(ideas, seed):
            click.echo("The demonstration is loaded.")
        else:
            click.echo("The demonstration is there already. Nothing was changed.")
        world.print_sign_ins()
