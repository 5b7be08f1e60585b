"""What panels of the bulk world decide, mostly as their scores advise."""

from __future__ import annotations

import datetime as dt
from dataclasses import field
from random import Random
from typing import Any

from innovation.demo.bulk.course import Course
from innovation.values import dataclass
from workflows import Gate
from workflows.scoring import PanelResult

DAY = dt.timedelta(days=1)
GOES_AGAINST = 0.07
OTHERWISE = {
    "go": ("conditional", "hold", "refer", "merge"),
    "conditional": ("go", "recycle", "merge"),
    "recycle": ("conditional", "stop"),
    "hold": ("recycle", "stop"),
    "stop": ("recycle", "hold"),
}
RATIONALES = {
    "go": ("The need is plain, the steps follow one another, and the team can start with what it has.",
           "The panel agrees on nearly everything. What is still thin will show in the next stage, and cheaply.",
           "Clear, modest and wanted by those who would use it. Go on, and keep counting."),
    "conditional": ("The idea may go on. What is named below has to be there before it goes further.",
                    "Strong on need, weaker on safety and cost. Both can be put right in a few weeks."),
    "recycle": ("The need is real, the way to meet it is not clear yet. Bring it back with a measure and a first test.",
                "Too much rests on one person. Show how a second school would run it, and come again."),
    "hold": ("The panel cannot decide before the district has answered. The clock stops until then.",
             "A permission is still open. Nothing speaks against the idea itself."),
    "stop": ("The panel thanks the team. The problem is not the one that the idea would solve, so it ends here.",
             "It costs more than it could give, and other ways are at hand. We keep the lesson."),
    "merge": ("Another team in the region works on the same thing. Together they have what each of them lacks.",),
    "refer": ("A good idea, and somebody else has the duty and the means for it.",),
}  # fmt: skip
CONDITIONS = (
    ("Name one adult at each school who answers for safety.", "A signed list of names, by school"),
    ("Count what a full year costs, transport included.", "A table of costs"),
    ("Show a letter of each principal and governing body.", "The letters"),
    ("Add a class that starts later, so that results can be compared.", "One paragraph in the plan"),
    ("Have the second trained person named in every school.", "A list of names, by school"),
)
REASONS = ("not-a-real-need", "duplicate", "not-feasible", "too-costly-per-learner", "no-owner", "unsafe")
THANKS = "Thank you for the work that you put into this. What you learned stays with the programme."
BODIES = ("the district's learner support unit", "the provincial curriculum unit", "the municipality's library service")


@dataclass
class Verdict:
    outcome: str
    rationale: str
    against_reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    conditions: list[dict[str, Any]] = field(default_factory=list)
    joins: dict[str, Any] | None = None


def verdict_on(life: Course, gate: Gate, result: PanelResult, on: dt.date) -> Verdict:
    """The decision on a result: what is advised, or now and then something else, with its reason."""
    rng = life.rng
    advised = result.recommendation.outcome if result.recommendation else "hold"
    outcome = rng.choice(OTHERWISE[advised]) if rng.random() < GOES_AGAINST else advised
    others = [idea for idea in life.society.alive[life.row["region_id"]][-40:] if idea["owner_id"] != life.owner_id]
    if outcome == "recycle" and life.recycles.get(gate.key, 0) >= gate.max_recycles:
        outcome = "stop"
    if outcome == "merge" and not others:
        outcome = "refer"
    verdict = Verdict(outcome, rng.choice(RATIONALES[outcome]))
    if outcome != advised:
        verdict.against_reason = "The panel talked it through, and sees more in it than the marks show."
        if outcome in ("stop", "recycle", "hold", "merge", "refer"):
            verdict.against_reason = "The marks are kinder than the facts that came up in the talk."
    if outcome == "merge":
        verdict.joins = rng.choice(others)
    verdict.details = _details(life, gate, verdict, on)
    if outcome == "conditional":
        verdict.conditions = _conditions(rng, on)
    return verdict


def _details(life: Course, gate: Gate, verdict: Verdict, on: dt.date) -> dict[str, Any]:
    """What the outcome requires, in the form that decisions keep it."""
    rng, outcome = life.rng, verdict.outcome
    if outcome == "go":
        coach = "Two days a month of the programme's coach."
        plan = "The plan for the next stage, as handed in."
        return {"plan": plan, "next_date": (on + DAY * 180).isoformat(), "resources": coach}
    if outcome == "recycle":
        rework = "Add a measure of what learners can do, and a first test in two ordinary schools."
        return {"target": gate.recycle_to[0], "rework": rework, "resubmit_by": (on + DAY * 90).isoformat()}
    if outcome == "hold":
        reason = rng.choice(("awaiting decision", "funding", "timing"))
        return {"hold_reason": reason, "review_date": (on + DAY * rng.randint(60, 200)).isoformat()}
    if outcome == "stop":
        lessons = life.society.cast.written.comments["stop_lessons"]["sentences"]
        return {"stop_reason": rng.choice(REASONS), "lesson": rng.choice(lessons), "thanks": THANKS}
    if verdict.joins is not None:
        return {"merge_into": verdict.joins["reference"]}
    return {"refer_to": rng.choice(BODIES)} if outcome == "refer" else {}


def _conditions(rng: Random, on: dt.date) -> list[dict[str, Any]]:
    chosen = rng.sample(CONDITIONS, rng.choice((1, 1, 2)))
    return [
        {"text": text, "evidence": evidence, "due_on": on + DAY * rng.randint(30, 90), "blocking": rng.random() < 0.3}
        for text, evidence in chosen
    ]
