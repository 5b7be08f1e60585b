"""What people call the codes of this area."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from innovation.languages import lazy_gettext


def trimmed(value: str | None) -> str:
    """A text without white space at its ends; a field that was not sent is an empty text."""
    return (value or "").strip()


def options(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Choices whose labels are put into the reader's language when they are shown."""
    return [SelectChoice(value, label) for value, label in pairs]


ROLE_NAMES = {
    "chair": lazy_gettext("Chair"),
    "cochair": lazy_gettext("Co-chair"),
    "deputy": lazy_gettext("Deputy chair"),
    "member": lazy_gettext("Member"),
    "government": lazy_gettext("Government member"),
    "practitioner": lazy_gettext("Practitioner"),
    "alternate": lazy_gettext("Alternate"),
    "observer": lazy_gettext("Observer"),
    "secretary": lazy_gettext("Secretary"),
}
STANCE_NAMES = {
    "undeclared": lazy_gettext("Still to declare"),
    "none": lazy_gettext("No interest"),
    "declared": lazy_gettext("Interest declared, waits for an answer"),
    "accepted": lazy_gettext("Interest declared and accepted"),
    "recused": lazy_gettext("Recused"),
    "excused": lazy_gettext("Excused"),
    "out": lazy_gettext("Takes no part"),
}
STATE_NAMES = {
    "convened": lazy_gettext("Convened"),
    "scoring": lazy_gettext("Scoring"),
    "decided": lazy_gettext("Decided"),
    "cancelled": lazy_gettext("Cancelled"),
}
CONDITION_STATES = {
    "open": lazy_gettext("Open"),
    "offered": lazy_gettext("Evidence handed in"),
    "met": lazy_gettext("Met"),
    "waived": lazy_gettext("Waived"),
}
OUTCOME_TONES = {
    "go": "go",
    "conditional": "go",
    "recycle": "recycle",
    "hold": "hold",
    "stop": "kill",
    "merge": "info",
    "refer": "info",
}
