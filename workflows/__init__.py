"""Workflows as data, and the machines that hold ideas, reviews, meetings, clinics, interests and long jobs to them."""

from . import scoring
from .clinic import CLINIC
from .condition import CONDITION
from .definition.naming import Attendee, Words
from .definition.reading import read_definition, reopen_definition
from .definition.shapes import (
    Anchor,
    CanvasField,
    Choice,
    Column,
    Criterion,
    Definition,
    Deliverable,
    EvidenceLevel,
    Gate,
    GateDeliverable,
    Mark,
    Outcome,
    Place,
    Question,
    Scale,
    SeatRule,
    Stage,
    StopReason,
    Thresholds,
)
from .definition.shelf import LIBRARY, library_definition, library_text
from .definition.tables import DefinitionFault, Fault
from .definition.ways import AskedIn, Limit, Track
from .definition.words import (
    CAPTURE,
    OUTCOMES,
    WHOLE_WAY,
)
from .drawing import draw
from .engine import Guard, Refused, Step, Workflow
from .interest import INTEREST
from .job import JOB
from .journey import ENDINGS, STANDINGS, Journey, JourneyFacts, State, journey_of
from .meeting import AGENDA_ITEM, MEETING, ItemFacts, MeetingFacts
from .review import REVIEW, ReviewFacts

__all__ = [
    "AGENDA_ITEM",
    "CAPTURE",
    "CLINIC",
    "CONDITION",
    "ENDINGS",
    "INTEREST",
    "JOB",
    "LIBRARY",
    "MEETING",
    "OUTCOMES",
    "REVIEW",
    "STANDINGS",
    "WHOLE_WAY",
    "Anchor",
    "AskedIn",
    "Attendee",
    "CanvasField",
    "Choice",
    "Column",
    "Criterion",
    "Definition",
    "DefinitionFault",
    "Deliverable",
    "EvidenceLevel",
    "Fault",
    "Gate",
    "GateDeliverable",
    "Guard",
    "ItemFacts",
    "Journey",
    "JourneyFacts",
    "Limit",
    "Mark",
    "MeetingFacts",
    "Outcome",
    "Place",
    "Question",
    "Refused",
    "ReviewFacts",
    "Scale",
    "SeatRule",
    "Stage",
    "State",
    "Step",
    "StopReason",
    "Thresholds",
    "Track",
    "Words",
    "Workflow",
    "draw",
    "journey_of",
    "library_definition",
    "library_text",
    "read_definition",
    "reopen_definition",
    "scoring",
]
