"""Workflows as data, and the machines that hold ideas, reviews, meetings, clinics, money and long jobs to them."""

from . import drafting, moving, scoring
from .adaptation import ADAPTATION, AdaptationFacts
from .card import CARD
from .clinic import CLINIC
from .commitment import COMMITMENT, MILESTONE, TALKS, TRANCHE, CommitmentFacts, TalksFacts, TrancheFacts
from .comparing import Change, Comparison, Difference, compare
from .condition import CONDITION
from .definition.asking import Choice, Column, Question
from .definition.naming import Attendee, Words
from .definition.piloting import FEEDS, PermissionKind, PilotTemplate
from .definition.reading import parse, read_definition, read_tables, reopen_definition, reopen_tables
from .definition.shapes import (
    Anchor,
    CanvasField,
    Criterion,
    Definition,
    Deliverable,
    EvidenceLevel,
    Gate,
    GateDeliverable,
    Mark,
    Outcome,
    Place,
    Scale,
    SeatRule,
    Stage,
    StopReason,
    Thresholds,
)
from .definition.shelf import LIBRARY, library_definition, library_text
from .definition.tables import DefinitionFault, Fault
from .definition.tracking import SOONER, Tracker
from .definition.ways import AskedIn, Limit, Track
from .definition.words import (
    CAPTURE,
    OUTCOMES,
    SYSTEM_PARTS,
    WHOLE_WAY,
)
from .drawing import draw
from .engine import Guard, Refused, Step, Workflow
from .handover import HANDOVER, HandoverFacts
from .incident import INCIDENT
from .interest import INTEREST
from .job import JOB
from .journey import ENDINGS, STANDINGS, UNDER_WAY, Journey, JourneyFacts, State, journey_of
from .meeting import AGENDA_ITEM, MEETING, ItemFacts, MeetingFacts
from .pilot import PILOT, PilotFacts
from .post_review import OUTCOMES_AFTER, POST_REVIEW
from .reconsideration import RECONSIDERATION
from .report import REPORT, ReportFacts
from .review import REVIEW, ReviewFacts
from .rollout import ROLLOUT, RolloutFacts
from .round import ROUND
from .tracking import TRACKER_MARK, Tracked, falls_short, held_by_tracker, is_tracked, tracked, tracked_gate
from .waiver import WAIVER

__all__ = [
    "ADAPTATION",
    "AGENDA_ITEM",
    "CAPTURE",
    "CARD",
    "CLINIC",
    "COMMITMENT",
    "CONDITION",
    "ENDINGS",
    "FEEDS",
    "HANDOVER",
    "INCIDENT",
    "INTEREST",
    "JOB",
    "LIBRARY",
    "MEETING",
    "MILESTONE",
    "OUTCOMES",
    "OUTCOMES_AFTER",
    "PILOT",
    "POST_REVIEW",
    "RECONSIDERATION",
    "REPORT",
    "REVIEW",
    "ROLLOUT",
    "ROUND",
    "SOONER",
    "STANDINGS",
    "SYSTEM_PARTS",
    "TALKS",
    "TRACKER_MARK",
    "TRANCHE",
    "UNDER_WAY",
    "WAIVER",
    "WHOLE_WAY",
    "AdaptationFacts",
    "Anchor",
    "AskedIn",
    "Attendee",
    "CanvasField",
    "Change",
    "Choice",
    "Column",
    "CommitmentFacts",
    "Comparison",
    "Criterion",
    "Definition",
    "DefinitionFault",
    "Deliverable",
    "Difference",
    "EvidenceLevel",
    "Fault",
    "Gate",
    "GateDeliverable",
    "Guard",
    "HandoverFacts",
    "ItemFacts",
    "Journey",
    "JourneyFacts",
    "Limit",
    "Mark",
    "MeetingFacts",
    "Outcome",
    "PermissionKind",
    "PilotFacts",
    "PilotTemplate",
    "Place",
    "Question",
    "Refused",
    "ReportFacts",
    "ReviewFacts",
    "RolloutFacts",
    "Scale",
    "SeatRule",
    "Stage",
    "State",
    "Step",
    "StopReason",
    "TalksFacts",
    "Thresholds",
    "Track",
    "Tracked",
    "Tracker",
    "TrancheFacts",
    "Words",
    "Workflow",
    "compare",
    "drafting",
    "draw",
    "falls_short",
    "held_by_tracker",
    "is_tracked",
    "journey_of",
    "library_definition",
    "library_text",
    "moving",
    "parse",
    "read_definition",
    "read_tables",
    "reopen_definition",
    "reopen_tables",
    "scoring",
    "tracked",
    "tracked_gate",
]
