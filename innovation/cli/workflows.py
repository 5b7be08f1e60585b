"""``gatehouse workflows``: check, draw, publish and list definitions, and move ideas from one version to another."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from innovation.programmes import definitions
from workflows import LIBRARY, Definition, DefinitionFault, draw, library_text, moving, parse


@click.group()
def workflows() -> None:
    """Definitions of stages and gates, as files or by the key of one in the library."""


def _text(source: str) -> str:
    """The definition in a file, or the library's of that key."""
    if source in LIBRARY:
        return library_text(source)
    path = Path(source)
    if not path.is_file():
        sys.exit(f"There is no file {source}, and the library has only: {', '.join(LIBRARY)}.")
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        sys.exit(f"{source} is not a text in UTF-8. Save it as UTF-8, then try again.")
    except OSError as error:
        sys.exit(f"{source} cannot be read: {error.strerror}.")


def _definition(source: str) -> Definition:
    try:
        return definitions.checked(_text(source))
    except DefinitionFault as fault:
        sys.exit("\n".join(f"{source}: {item.place}: {item.message}" for item in fault.faults))


@workflows.command()
@click.argument("source")
def check(source: str) -> None:
    """Read a definition and name every fault and its place."""
    definition = _definition(source)
    click.echo(f"{definition.name}: {len(definition.stages)} stages, {len(definition.gates)} gates, no fault.")


@workflows.command("draw")
@click.argument("source")
def draw_(source: str) -> None:
    """Print a definition as a Mermaid state diagram."""
    click.echo(draw(_definition(source)), nl=False)


@workflows.command()
@click.argument("source")
def publish(source: str) -> None:
    """Store a definition for good, under the next number of its key."""
    from innovation.app import create_app
    from innovation.permission import SYSTEM
    from innovation.programmes import commands

    definition = _definition(source)
    with create_app().app_context():
        version = commands.publish_workflow(SYSTEM, definition.text)
        click.echo(f"{version.key} version {version.number}, checksum {version.checksum}")


@workflows.command("list")
def list_() -> None:
    """List the published versions."""
    from innovation.app import create_app
    from innovation.programmes.queries import list_versions

    with create_app().app_context():
        for version in list_versions():
            click.echo(f"{version.key} {version.number}  {version.published_at:%d %b %Y}  {version.checksum}")


@workflows.command()
@click.option("--from", "old", type=int, required=True, help="The number of the version that ideas travel under.")
@click.option("--to", "new", type=int, required=True, help="The number of the version that they go to.")
@click.option("--workflow", "key", default="", help="The key of the workflow; needed where several are published.")
@click.option("--plan", "file", default="", help="A TOML file: tables such as [stages], with old = 'new' or ''.")
@click.option("--programme", default="", help="The key of one programme; every one without it.")
@click.option("--apply", is_flag=True, help="Move the ideas; without it, only what would happen is said.")
def migrate(old: int, new: int, key: str, file: str, programme: str, *, apply: bool) -> None:
    """Move ideas under way from one version to another, by a plan that is rehearsed first."""
    from innovation.app import create_app
    from innovation.cli.migrating import migrate_all

    said = _plan(file) if file else {}
    with create_app().app_context():
        migrate_all(key, old, new, said, programme, apply=apply)


def _plan(file: str) -> dict[str, dict[str, str]]:
    """What a file says about the keys that are gone: by part, the older key and the newer one, or nothing."""
    try:
        content = parse(Path(file).read_text("utf-8"))
    except DefinitionFault as fault:
        sys.exit(f"{file} {fault.faults[0].message}.")
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is not a text in UTF-8'}.")
    for part, keys in content.items():
        if part not in moving.PARTS or not isinstance(keys, dict) or not all(isinstance(k, str) for k in keys.values()):
            sys.exit(f"{file}: {part}: a plan has the tables {', '.join(moving.PARTS)}, each with old = 'new', or ''.")
    return content
