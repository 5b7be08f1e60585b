"""Which confidential fields of an idea its owner can show to a funder, one by one, and what each of them says."""

from __future__ import annotations

from innovation.funders.codes import DILIGENCE_NAMES
from innovation.values import dataclass
from workflows import CanvasField, Definition

TOTALS, FUNDERS, MILESTONES, REGISTRATIONS = "totals", "funders", "milestones", "registrations"
OF_MONEY = ((TOTALS, "What all funders together have committed, and the gap"), (FUNDERS, "How many funders take part"))
OF_RECEIVER = ((REGISTRATIONS, "Numbers and dates of registrations, and the SED share"),)
OF_PILOT = ((MILESTONES, "What was handed in as evidence for milestones"),)


@dataclass(frozen=True)
class Field:
    """A field by its key (``canvas:budget``, ``handin:risks``, ``paper:accounts``, ``totals``) and its name."""

    key: str
    name: str
    group: str

    @property
    def kind(self) -> str:
        return self.key.partition(":")[0]

    @property
    def of(self) -> str:
        return self.key.partition(":")[2]


def fields_of(definition: Definition) -> list[Field]:
    """Everything that can be disclosed of an idea under this definition, in the order in which it is offered."""
    found = [Field(key, name, "money") for key, name in OF_MONEY]
    found += [Field(key, name, "receiver") for key, name in OF_RECEIVER]
    found += [Field(f"paper:{key}", name, "receiver") for key, name in DILIGENCE_NAMES.items()]
    found += [Field(key, name, "idea") for key, name in OF_PILOT]
    found += [Field(f"canvas:{field.key}", field.name, "idea") for field in definition.canvas if _is_kept_back(field)]
    found += [
        Field(f"handin:{asked.key}", asked.name, "idea")
        for asked in definition.deliverables
        if asked.kind != "generated"
    ]
    return found


def _is_kept_back(field: CanvasField) -> bool:
    """What those who see the idea may read and funders may not; never a personal field, and never one for staff."""
    return field.kept_in == "canvas" and field.type != "file" and field.audience == "idea" and not field.personal
