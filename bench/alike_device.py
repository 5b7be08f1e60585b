"""How well a phone without a signal finds ideas alike: its own script, in a Chromium that CHROMIUM names."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

from alike_pairs import Labelled

from innovation.clinics.packet import KNOWN, SUMMARY

SCRIPT = Path(__file__).parents[1] / "innovation/static/capture/alike.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
RUN = """async ([source, asked]) => {
    const { likest } = await import("data:text/javascript," + encodeURIComponent(source));
    const begun = performance.now();
    const found = asked.map(({ said, held }) => likest(said, held).map((each) => each.id));
    return [found, (performance.now() - begun) / asked.length];
}"""


def device_quality(sets: dict[str, Labelled]) -> dict[str, Any]:
    """Recall among what a phone takes along of a wall: a title and the beginning of a summary for each of ``KNOWN``
    ideas, one of them the twin; ``others`` is how many that are not it are pointed out beside it."""
    from playwright.sync_api import sync_playwright

    measured = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
        page = browser.new_page()
        for name, labelled in sets.items():
            asked = _asked(labelled)
            found, milliseconds = page.evaluate(RUN, [_alone(), asked])
            hits = [[each for each in ids if each in one["twins"]] for ids, one in zip(found, asked, strict=True)]
            first = [ids[:1] == hit[:1] and bool(hit) for ids, hit in zip(found, hits, strict=True)]
            others = sum(map(len, found)) - sum(map(len, hits))
            measured[name] = {
                "pairs": len(asked),
                "texts": KNOWN,
                "recall_1": round(sum(first) / len(asked), 3),
                "recall_5": round(sum(map(bool, hits)) / len(asked), 3),
                "others": round(others / len(asked), 2),
                "ms": round(milliseconds, 1),
            }
        browser.close()
    return measured


def _alone() -> str:
    """The part of the script that compares, without what it shows that with."""
    lines = SCRIPT.read_text("utf-8").partition("// What this device knows of")[0].splitlines()
    return "\n".join(line for line in lines if not line.startswith("import "))


def _asked(labelled: Labelled) -> list[dict[str, Any]]:
    chance, asked = random.Random(11), []
    texts = {text.id: text for text in labelled.pool}
    for draft, twins in labelled.pairs:
        twin = texts[sorted(twins, key=str)[0]]
        others = [text for text in chance.sample(labelled.pool, KNOWN + 2) if text.id not in {*twins, draft.id}]
        held = [twin, *others[: KNOWN - 1]]
        chance.shuffle(held)
        told = [{"id": text.id, "title": text.title, "text": text.problem[:SUMMARY]} for text in held]
        asked.append({"said": f"{draft.title} {draft.problem}", "twins": [*twins], "held": told})
    return asked
