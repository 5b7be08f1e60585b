"""Labelled pairs of real texts for measuring how ideas alike are found; docs/decisions/0025 describes each set."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

from innovation.ideas.similarity import Text
from innovation.ideas.wordforms import stem_of, words

SHARED = Path(__file__).resolve().parents[2] / "shared/data/education_projects.jsonl"
PARAPHRASES = Path(__file__).parent / "paraphrases.tsv"
STRIPPED = re.compile(r"\[(org|funder)\]'?s?|\s+")
LEAST, CLOSE, CLOSEST = 5, 0.3, 0.75  # stems of a text; how much of both is shared by two texts of one project
SMALL, SMALL_PAIRS = 152, 36
KEPT = 0.45  # of the words of a text, where words are dropped
MISSPELT = 0.15


@dataclass(frozen=True)
class Labelled:
    """Drafts with the ids of what says the same, and all the texts among which that is looked for."""

    pairs: list[tuple[Text, frozenset[int | str]]]
    pool: list[Text]


@dataclass(frozen=True)
class Project:
    text: Text
    funder: str
    recipient: str

    @property
    def stems(self) -> frozenset[str]:
        return _stems(self.text.whole)


@cache
def _stems(text: str) -> frozenset[str]:
    return frozenset(stem for stem in map(stem_of, words(text)) if stem)


def read_pairs(path: Path) -> Labelled:
    """A labelled file: a line for each text, with ``same_as`` where it says the same as others."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    texts = {row["id"]: Text(row["id"], row["title"], row.get("text") or "") for row in rows}
    pairs = [(texts[row["id"]], frozenset(row["same_as"])) for row in rows if row.get("same_as")]
    return Labelled(pairs, list(texts.values()))


@cache
def shared_texts() -> tuple[Project, ...]:
    """The real projects, each text once; none where the file is not there."""
    if not SHARED.exists():
        return ()
    found: dict[str, Project] = {}
    for line in SHARED.read_text("utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        title, text = (STRIPPED.sub(" ", row[key] or "").strip() for key in ("title", "description"))
        project = Project(Text(row["id"], title, text), row["funder"], row["recipient"] or "")
        if len(project.stems) >= LEAST:
            found.setdefault(project.text.whole.lower(), project)
    return tuple(found.values())


def labelled_sets() -> dict[str, Labelled]:
    """Every set by its name."""
    if not shared_texts():
        return {}
    twice, said = _described_twice(), _said_again()
    return {
        "described_twice": twice,
        "in_other_words": said,
        "words_dropped": _dropped(),
        "described_twice_among_152": _small(twice),
        "in_other_words_among_152": _small(said),
    }


def _described_twice() -> Labelled:
    """A project that its funder described twice, in different years; other texts of both are left out of the pool."""
    by_project: dict[tuple[str, str], list[Project]] = defaultdict(list)
    for project in shared_texts():
        by_project[project.funder, project.recipient].append(project)
    pairs, kept = [], []
    for (_funder, recipient), projects in by_project.items():
        best = max(combinations(projects, 2), key=_likeness_below, default=None) if recipient else None
        if best is not None and CLOSE <= _likeness_below(best) <= CLOSEST:
            pairs.append((best[0].text, frozenset({best[1].text.id})))
            kept.append(best[1].text)
        else:
            kept += [project.text for project in projects]
    return Labelled(pairs, kept)


def _likeness_below(pair: tuple[Project, Project]) -> float:
    """How many of their stems both share; nothing where they are all but the same text."""
    one, two = pair[0].stems, pair[1].stems
    shared = len(one & two) / len(one | two)
    return shared if shared <= CLOSEST else 0.0


def _said_again() -> Labelled:
    """Real projects that were said again in the plain words of a clinic, written for this measurement."""
    pool = [project.text for project in shared_texts()]
    known = {text.id for text in pool}
    rows = [line.split("\t") for line in PARAPHRASES.read_text("utf-8").splitlines()]
    return Labelled([(Text(f"{i}q", t, p), frozenset({i})) for i, t, p in rows if i in known], pool)


def _dropped(most: int = 300) -> Labelled:
    """More than half of the words left out, the rest shuffled and some misspelt."""
    chance, pairs = random.Random(1), []
    pool = [project.text for project in shared_texts()]
    for text in chance.sample(pool, len(pool)):
        kept = [word for word in text.problem.split() if chance.random() < KEPT]
        if len(text.problem.split()) < 12 or len(pairs) == most:
            continue
        chance.shuffle(kept)
        kept = [_misspelt(word) if len(word) > 5 and chance.random() < MISSPELT else word for word in kept]
        pairs.append((Text(f"{text.id}q", " ".join(kept[:10]), " ".join(kept)), frozenset({text.id})))
    return Labelled(pairs, pool)


def _misspelt(word: str) -> str:
    return word[:2] + word[3] + word[2] + word[4:]


def _small(labelled: Labelled) -> Labelled:
    """As many pairs and texts as a small programme has; drafts of others are among the texts."""
    chance = random.Random(7)
    pairs = chance.sample(labelled.pairs, min(SMALL_PAIRS, len(labelled.pairs)))
    wanted = frozenset().union(*(twins for _draft, twins in pairs))
    rest = [text for text in labelled.pool if text.id not in wanted]
    mine = [text for text in labelled.pool if text.id in wanted]
    drafts = [draft for draft, _twins in pairs]
    return Labelled(pairs, [*mine, *drafts, *chance.sample(rest, SMALL - len(mine) - len(drafts))])
