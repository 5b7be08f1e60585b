"""The words that a definition may use: types, kinds, outcomes, and what the application asks for by name."""

from __future__ import annotations

FIELD_TYPES = ("line", "text", "choice", "choices", "money", "number", "table", "place", "date", "file")
COLUMN_TYPES = ("line", "text", "choice", "money", "number", "date")
QUESTION_TYPES = ("yes_no", "line", "text", "choice", "number", "date")
DELIVERABLE_KINDS = ("answer", "table", "form", "file", "link", "letter", "generated")
# What a deliverable can be made of where the idea has a pilot with readings, in the order in which it is read.
PILOT_PARTS = (
    *("thresholds", "evidence", "sites", "fidelity", "adaptations", "visits", "milestones"),
    *("spend", "incidents", "warnings"),
)
# What is on record that answers a must-meet; a panel sees it beside the question, and answers for itself.
TOLD_BY = ("harm",)
# What a deliverable can be made of on the way into the system, whether or not there was a pilot.
SYSTEM_PARTS = ("tracker", "handover")
# How the idea comes to a level of evidence: what has been done, and not what is said of it.
EVIDENCE_TESTS = ("account", "change", "comparison", "independent", "scale")
AUDIENCES = ("idea", "staff", "funders")
LISTS = ("themes", "topics")
TONES = ("go", "recycle", "hold", "kill", "info")
NEEDS = ("required", "optional", "update")
OUTCOMES = ("go", "conditional", "recycle", "hold", "stop", "merge", "refer")
CAPTURE = "capture"
# Whether members read with the names of the people behind an idea, or without them until they have scored.
NAMES = SHOWN, HIDDEN = ("shown", "hidden")

# What a decision may have to give with it, and what an outcome cannot do without.
DETAILS = (
    *("plan", "next_date", "resources", "conditions", "target", "rework", "resubmit_by", "hold_reason"),
    *("review_date", "stop_reason", "lesson", "thanks", "merge_into", "refer_to"),
)
INDISPENSABLE = {
    "conditional": "conditions",
    "recycle": "target",
    "hold": "review_date",
    "stop": "stop_reason",
    "merge": "merge_into",
    "refer": "refer_to",
}
# The kinds of seats that score, one of which a gate may ask for.
SCORING_SEATS = ("chair", "cochair", "deputy", "member", "government", "practitioner")
# What an idea keeps beside its canvas, with the type of the field; without the first three there is no idea.
KEPT_BY_IDEA = {
    "title": "line",
    "owner": "line",
    "consent": "choices",
    "owner_contact": "line",
    "contributors": "table",
    "theme": "choice",
    "topic": "choice",
    "where": "place",
    "photo": "file",
}
# The field of the canvas that says which groups an idea is for; funders and lists ask for it by name.
PHASES = "phases"
EVERY_IDEA = ("title", "owner", "consent")
# The track that an idea takes unless another one is chosen: the whole line.
WHOLE_WAY = "full"
