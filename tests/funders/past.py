"""Past awards of three funders that give for different things, in different sizes and places."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from innovation.funders.learner.awards import Past

THINGS = {
    "Books fund": ("reading books library club story boxes", 20_000, "Limpopo"),
    "Science fund": ("science laboratory experiment kits physics teachers", 750_000, ""),
    "Garden trust": ("vegetable garden soil compost water kitchen", 4_999.5, "Gauteng; Tshwane"),
}


def past_awards(each: int = 12) -> list[Past]:
    """So many of each funder, the words of each in a different order, over the years."""
    return list(_made(each))


def _made(each: int) -> Iterator[Past]:
    for funder, (text, amount, region) in THINGS.items():
        words = text.split()
        for n in range(each):
            turned = words[n % len(words) :] + words[: n % len(words)]
            told = f"Support for {' '.join(turned[:4])} in schools"
            year = f"{2001 + n}-03-01"
            yield Past(funder, "", told, amount * (1 + n % 3), region, year, education=funder != "Garden trust")


def write(awards: Iterable[Past], to: Path) -> Path:
    to.write_text("".join(json.dumps(asdict(award)) + "\n" for award in awards))
    return to
