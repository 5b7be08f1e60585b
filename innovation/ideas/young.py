"""What may be kept of a contributor under 18: a first name and a school at most, once somebody who decides agreed."""

from __future__ import annotations

from innovation.values import dataclass

NAMELESS = "A learner"  # who has an idea, when nobody has agreed that a child is named
RELATIONS = ("parent", "guardian", "decides")
WAYS = ("signed", "in_person", "phone", "message")
LONGEST = 40


@dataclass(frozen=True)
class Young:
    """What a form says of a contributor under 18; ``agreed_by`` is the person who decides for the child."""

    name: str = ""
    email: str = ""
    phone: str = ""
    school: str = ""
    agreed_by: str = ""
    relation: str = ""
    how: str = ""

    @property
    def is_named(self) -> bool:
        return bool(self.name or self.school)


def faults(young: Young) -> dict[str, str]:
    """What must not be kept, or is missing, by the name of the field."""
    found: dict[str, str] = {}
    if " " in young.name.strip() or len(young.name) > LONGEST:
        found["owner_name"] = "Write the first name only. For somebody under 18 no surname is kept."
    if young.email:
        found["owner_email"] = "Leave this empty. For somebody under 18 no address is kept."
    if young.phone:
        found["owner_phone"] = "Leave this empty. For somebody under 18 no number is kept."
    if young.is_named or young.agreed_by:
        if not young.agreed_by:
            found["agreed_by"] = "Write who agreed for the child, or leave the child's first name and school empty."
        if young.relation not in RELATIONS:
            found["relation"] = "Choose what this person is to the child."
        if young.how not in WAYS:
            found["agreed_how"] = "Choose how this person agreed."
    return found
