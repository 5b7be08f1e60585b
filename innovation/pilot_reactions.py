"""What happens when something has happened on the way from a pilot into the system: its part of the table."""

from __future__ import annotations

from collections.abc import Callable

from innovation.db import db
from innovation.events import Event, Fact
from innovation.ideas import commands as idea_commands
from innovation.ideas.models import Idea
from innovation.notifications import telling
from innovation.permission import SYSTEM
from innovation.pilots import commands as pilot_commands
from innovation.pilots import events as pilots
from innovation.pilots import places as pilot_places
from innovation.pilots import queries as pilot_queries
from innovation.pilots.visit_models import PilotVisit
from innovation.replication import commands as replication_commands
from innovation.replication import events as replication
from innovation.replication import places as rollout_places
from innovation.replication import system_events as system

Reaction = Callable[[Event], None]


def plan_pilot(event: Event) -> None:
    """Make the plan of the pilot, where a decision let the idea on to it."""
    idea = db.session.get_one(Idea, event.data["idea_id"])
    if event.data["outcome"] in ("go", "conditional") and pilot_queries.is_ready(idea):
        pilot_commands.plan_pilot(SYSTEM, idea)


def end_pilot(event: Event) -> None:
    """The pilot ends with the decision, or the owner's word, by which the idea leaves it."""
    pilot_commands.end_pilot(SYSTEM, db.session.get_one(Idea, event.data["idea_id"]))


def forget_visit_photo(event: Event) -> None:
    """The file of a photo that was taken away leaves the store; where that does not answer, it is tried again."""
    pilot_commands.forget_visit_photo(SYSTEM, db.session.get_one(PilotVisit, event.data["visit_id"]))


def plan_post_review(event: Event) -> None:
    """A review some time after is planned where a decision made the idea part of the system, and called off where the
    idea has left that place."""
    replication_commands.plan_post_review(SYSTEM, db.session.get_one(Idea, event.data["idea_id"]))


def owe_lesson(event: Event) -> None:
    """An idea that has lapsed is closed once its owner has written down what was learnt."""
    if event.data.get("outcome", "lapsed") != "lapsed":
        return
    idea_commands.owe_lesson(SYSTEM, db.session.get_one(Idea, event.data["idea_id"]))


def keep_places_anew(event: Event) -> None:
    """Schools lie elsewhere, or are of another quintile: so are they where pilots and rollouts keep their places."""
    pilot_places.keep_all_anew()
    rollout_places.keep_all_anew()


PILOT_REACTIONS: dict[type[Fact], list[Reaction]] = {
    # pilots
    pilots.PilotPlanned: [telling.tell_pilot_planned],
    pilots.PilotPlanChanged: [],
    pilots.PilotEnded: [],
    pilots.PilotAmended: [telling.tell_pilot_amended],
    pilots.MilestonePlanned: [],
    pilots.MilestoneShown: [telling.ask_to_judge_milestone],
    pilots.MilestoneFileAdded: [],
    pilots.MilestoneFileRemoved: [],
    pilots.MilestoneAccepted: [telling.tell_milestone],
    pilots.MilestoneReturned: [telling.tell_milestone],
    pilots.ReadingsWritten: [],
    pilots.StopThresholdCrossed: [telling.tell_stop_warning],
    pilots.StopWarningAnswered: [telling.tell_stop_answer],
    pilots.IncidentReported: [telling.tell_incident],
    pilots.IncidentToldOutside: [],
    pilots.IncidentSettled: [telling.tell_incident_settled],
    pilots.IncidentReopened: [telling.tell_incident],
    pilots.IncidentGraded: [telling.tell_incident_graded],
    pilots.PilotPaused: [],
    pilots.PilotResumed: [telling.tell_pilot_resumed],
    pilots.SpendEntered: [],
    pilots.SpendCorrected: [],
    pilots.VisitRecorded: [telling.tell_visit],
    pilots.VisitCorrected: [],
    pilots.VisitPhotoRemoved: [forget_visit_photo],
    pilots.VisitPhoneTaken: [],
    pilots.VisitPhoneShutOut: [],
    pilots.AdaptationPlanned: [telling.tell_core_adaptation],
    pilots.AdaptationTried: [],
    pilots.AdaptationStudied: [],
    pilots.AdaptationSettled: [telling.tell_settled_adaptation],
    # replication
    replication.PlaybookBegun: [],
    replication.PlaybookWritten: [],
    replication.PlaybookPublished: [],
    replication.PlaybookOpened: [],
    replication.PlaybookClosed: [],
    replication.RolloutAsked: [telling.tell_owner_of_rollout],
    replication.RolloutEntered: [],
    replication.RolloutAgreed: [telling.tell_adopter],
    replication.RolloutDeclined: [telling.tell_adopter],
    replication.RolloutMoved: [telling.tell_rollout_over],
    replication.RolloutPeopleNamed: [telling.tell_mentor],
    replication.RolloutSiteAdded: [],
    replication.RolloutSiteChanged: [],
    replication.RolloutTrained: [],
    replication.FidelityChecked: [],
    replication.RolloutAdapted: [],
    replication.RolloutAdaptationSettled: [],
    replication.RolloutResultRecorded: [],
    system.TrackerMarkProposed: [telling.tell_of_mark],
    system.TrackerMarkConfirmed: [telling.tell_of_mark],
    system.TrackerMarkReturned: [telling.tell_of_mark],
    system.SystemHomeKept: [],
    system.HandoverAgreed: [telling.tell_of_handover],
    system.HandoverReopened: [telling.tell_of_handover],
    system.IdeaHandedOver: [telling.tell_of_handover],
    system.PostReviewPlanned: [telling.tell_of_post_review],
    system.PostReviewCancelled: [telling.tell_of_post_review],
    system.PostReviewHandedIn: [telling.tell_of_post_review],
    system.PostReviewReturned: [telling.tell_of_post_review],
    system.PostReviewDecided: [telling.tell_of_post_review, owe_lesson],
}
