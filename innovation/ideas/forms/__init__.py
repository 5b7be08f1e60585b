"""Forms of ideas: the canvas and what gates ask, made from the definition; people, ask and pilot."""

from innovation.ideas.forms.answers import (
    field_for,
    name_of,
)
from innovation.ideas.forms.canvas import (
    CanvasForm,
    canvas_form,
    first_values,
    typed_form,
)
from innovation.ideas.forms.papers import (
    AttachmentForm,
    DeliverableForm,
    EvidenceForm,
    ReturnForm,
    add_row,
    deliverable_form,
    deliverable_values,
)
from innovation.ideas.forms.people import (
    AskForm,
    ContributorForm,
    HandOverForm,
    ask_values,
)

__all__ = [
    "AskForm",
    "AttachmentForm",
    "CanvasForm",
    "ContributorForm",
    "DeliverableForm",
    "EvidenceForm",
    "HandOverForm",
    "ReturnForm",
    "add_row",
    "ask_values",
    "canvas_form",
    "deliverable_form",
    "deliverable_values",
    "field_for",
    "first_values",
    "name_of",
    "typed_form",
]
