"""``gatehouse match``: how well funders are found for what asks for money."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from innovation.funders.learner.awards import Past

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MOST_TOLD = 20
NAMES = {
    "mrr": "Mean of 1 / place of the true funder",
    "recall_1": "It came first",
    "recall_5": "Among the first 5",
    "recall_10": "Among the first 10",
    "macro_mrr": "Mean of 1 / place, every funder alike",
}


@click.group()
def match() -> None:
    """Matching of ideas with funders."""


@match.command()
@click.option("--awards", "awards_file", type=FILE, required=True, help="Past awards to learn from, as JSON lines.")
@click.option("--queries", "queries_file", type=FILE, required=True, help="Awards whose funder is to be found.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def evaluate(awards_file: Path, queries_file: Path, as_json: bool) -> None:
    """Learn from awards, rank their funders for each query, and say how well that went.

    A query is asked by its title, description, amount and region only. One whose funder has no award counts as not
    found. Lines that cannot be read are left out, told, and end in exit code 1.
    """
    from innovation.funders.learner.evaluating import evaluate as measure

    awards, unread = _read(awards_file)
    queries, unread_queries = _read(queries_file)
    known = {award.funder for award in awards}
    unknown = sum(query.funder not in known for query in queries)
    if unknown:
        told = "1 query names" if unknown == 1 else f"{unknown} queries name"
        click.echo(f"{told} a funder without an award: not found, which counts as 0.", err=True)
    found = measure(awards, queries)
    click.echo(json.dumps(found) if as_json else _told(found, len(awards), len(queries), len(known)))
    if unread or unread_queries:
        raise SystemExit(1)


def _read(file: Path) -> tuple[list[Past], int]:
    """The awards of a file; what was left out is told. Without a single one, that is the end."""
    from innovation.funders.learner.awards import read_lines

    with file.open(encoding="utf-8", errors="replace") as lines:
        read = read_lines(lines, str(file))
    for fault in read.faults[:MOST_TOLD]:
        click.echo(fault, err=True)
    if len(read.faults) > MOST_TOLD:
        click.echo(f"{file}: {len(read.faults) - MOST_TOLD} more lines were left out.", err=True)
    if not read.awards:
        raise click.ClickException(f"{file} holds no award. Each line is one, as JSON, with its funder.")
    return read.awards, len(read.faults)


def _told(found: dict[str, Any], awards: int, queries: int, funders: int) -> str:
    lines = [f"Learned from {awards} awards of {funders} funders in {found['fit_s']} s; {queries} queries."]
    for key, name in NAMES.items():
        education = found["education"][key]
        beside = "" if education is None else f"  (education: {education:.3f})"
        lines.append(f"{name:40}{found[key]:.3f}{beside}")
    lines.append(f"{'Time of a query, median and 95 %':40}{found['query_p50_ms']} ms, {found['query_p95_ms']} ms")
    lines.append(f"{'Most memory':40}{found['peak_mb']} MB")
    return "\n".join(lines)
