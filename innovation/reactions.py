"""What happens when something has happened: one table, every event listed."""

from __future__ import annotations

from functools import lru_cache

from innovation.accounts import events as accounts
from innovation.accounts.models import Person
from innovation.clinics import events as clinics
from innovation.db import db
from innovation.dossiers import events as dossiers
from innovation.events import Event, Fact
from innovation.funders import events as funders
from innovation.gates import commands as gate_commands
from innovation.gates import events as gates
from innovation.gates import queries as gate_queries
from innovation.ideas import claims
from innovation.ideas import events as ideas
from innovation.ideas.models import Idea
from innovation.ideas.store import store
from innovation.jobs import events as jobs
from innovation.meetings import commands as meeting_commands
from innovation.meetings import events as meetings
from innovation.notifications import events as notifications
from innovation.notifications import telling, telling_of_meetings
from innovation.permission import SYSTEM
from innovation.pilot_reactions import (
    PILOT_REACTIONS,
    Reaction,
    end_pilot,
    keep_places_anew,
    plan_pilot,
    plan_post_review,
)
from innovation.pipeline import events as pipeline
from innovation.places import events as places
from innovation.programmes import events as programmes


def forget_card_photo(event: Event) -> None:
    """The photograph in whose place a newer one is leaves the store; where that does not answer, it is tried again."""
    if event.data.get("instead_of"):
        store().drop(event.data["instead_of"])


def send_panel_home(event: Event) -> None:
    """Cancel the review of an idea that its owner has withdrawn; its panel is told."""
    review = gate_queries.current_review(db.session.get_one(Idea, event.data["idea_id"]))
    if review is not None:
        gate_commands.cancel_review(SYSTEM, review)


def note_absence(event: Event) -> None:
    """Who cannot sign in any more leads no review: the deputy takes over. Who can again leads again."""
    gate_commands.note_absence(SYSTEM, db.session.get_one(Person, event.data["person_id"]))


def note_leaver(event: Event) -> None:
    """Who cannot sign in any more comes to no meeting."""
    meeting_commands.note_leaver(SYSTEM, db.session.get_one(Person, event.data["person_id"]))


def note_at_meeting(event: Event) -> None:
    """A meeting that has the review on its agenda notes that it was decided."""
    meeting_commands.note_decision(SYSTEM, event.data["review_id"])


def offer_claims_again(event: Event) -> None:
    """Send somebody whose address was corrected the links to their ideas: those that went to the old one are over."""
    claims.offer_claims(SYSTEM, db.session.get_one(Person, event.data["person_id"]))


REACTIONS: dict[type[Fact], list[Reaction]] = {
    # accounts
    accounts.PersonInvited: [telling.mail_invitation],
    accounts.InvitationWithdrawn: [],
    accounts.AccountOpened: [],
    accounts.SessionStarted: [],
    accounts.SessionEnded: [],
    accounts.PasswordResetAsked: [telling.mail_reset],
    accounts.CalendarOpened: [],
    accounts.CalendarClosed: [],
    accounts.PasswordChanged: [telling.confirm_password],
    accounts.SecondFactorAdded: [telling.confirm_second_factor],
    accounts.SecondFactorRemoved: [telling.confirm_second_factor],
    accounts.SecondFactorsReset: [telling.confirm_second_factor],
    accounts.RecoveryCodesRenewed: [telling.confirm_second_factor],
    accounts.RecoveryCodeUsed: [telling.confirm_second_factor],
    accounts.IdentityLinked: [telling.confirm_identity],
    accounts.IdentityUnlinked: [telling.confirm_identity],
    accounts.RoleGranted: [],
    accounts.RoleEnded: [],
    accounts.SignInClosed: [note_absence, note_leaver],
    accounts.SignInReopened: [note_absence],
    accounts.EmailChanged: [telling.confirm_email],
    accounts.PersonCorrected: [offer_claims_again],
    accounts.AffiliationRecorded: [],
    accounts.AffiliationEnded: [],
    accounts.InterestRegistered: [],
    accounts.RegisteredInterestChanged: [],
    # jobs
    jobs.JobAsked: [],
    jobs.JobFinished: [telling.tell_job_finished],
    jobs.JobStopped: [],
    # pipeline
    pipeline.RecordChecked: [],
    # notifications
    notifications.SentAgain: [],
    # places
    places.SchoolsImported: [keep_places_anew],
    places.SchoolsMapped: [keep_places_anew],
    places.TermKept: [],
    # programmes
    programmes.ProgrammeMade: [],
    programmes.ProgrammeChanged: [],
    programmes.TextsWritten: [],
    programmes.ListChanged: [],
    programmes.WorkflowPublished: [],
    programmes.WorkflowChosen: [],
    programmes.DraftBegun: [],
    programmes.DraftSaved: [],
    programmes.DraftPublished: [],
    programmes.DraftDiscarded: [],
    # ideas
    ideas.IdeaCaptured: [],
    ideas.OwnerNamed: [telling.mail_claim],
    ideas.SecretRenewed: [],
    ideas.IdeaClaimed: [],
    ideas.IdeasImported: [],
    ideas.IdeaTakenBack: [],
    ideas.CanvasHandedIn: [],
    ideas.ContributorAdded: [telling.tell_contributor],
    ideas.ContributorEnded: [],
    ideas.OwnershipHandedOver: [telling.tell_new_owner],
    ideas.AttachmentAdded: [],
    ideas.AttachmentRemoved: [],
    ideas.DeliverableHandedIn: [telling.ask_to_accept],
    ideas.DeliverableAccepted: [telling.tell_accepted],
    ideas.DeliverableReturned: [telling.tell_returned],
    ideas.EvidenceAccepted: [telling.tell_evidence],
    ideas.AskMade: [],
    ideas.ConsentGiven: [],
    ideas.ConsentWithdrawn: [],
    ideas.IdeaRelated: [],
    ideas.PilotStarted: [telling.tell_pilot_started],
    ideas.IdeaResumed: [telling.tell_resumed],
    ideas.IdeaRevived: [telling.tell_revived],
    ideas.IdeaWithdrawn: [telling.tell_withdrawn, send_panel_home, end_pilot, plan_post_review],
    ideas.LessonOwed: [telling.ask_for_lesson],
    ideas.LessonGiven: [],
    ideas.LessonCorrected: [],
    ideas.LessonVoided: [],
    ideas.LessonOffered: [telling.ask_to_release_lesson],
    ideas.LessonReleased: [],
    ideas.LessonClosed: [],
    ideas.VersionMovePlanned: [],
    ideas.IdeaChangedVersion: [],
    # clinics
    clinics.ClinicPlanned: [],
    clinics.ClinicChanged: [],
    clinics.ClinicOpened: [],
    clinics.ClinicVotingOpened: [],
    clinics.ClinicClosed: [],
    clinics.ClinicReopened: [],
    clinics.ClinicReported: [],
    clinics.AttendanceRecorded: [],
    clinics.CardsMade: [],
    clinics.CardPhotographed: [forget_card_photo],
    clinics.CardTypedIn: [],
    clinics.CardsMarked: [],
    clinics.NextStepsRecorded: [],
    clinics.SlipsPrinted: [],
    clinics.FacilitatorAdded: [],
    clinics.FacilitatorEnded: [],
    clinics.RoomOpened: [],
    clinics.RoomCodeRenewed: [],
    clinics.RoomEnded: [],
    clinics.DeviceJoined: [],
    clinics.DeviceRevoked: [],
    clinics.WallChanged: [],
    clinics.IdeasReleased: [],
    clinics.IdeasHidden: [],
    clinics.IdeasPutTogether: [],
    clinics.TopicAdded: [],
    clinics.TopicRenamed: [],
    clinics.TopicEnded: [],
    clinics.ClockMoved: [],
    clinics.RoundOpened: [],
    clinics.RoundClosed: [],
    clinics.TieBroken: [],
    clinics.ShortlistMade: [],
    # gates
    gates.PanelMade: [],
    gates.PanelChanged: [],
    gates.PanelRetired: [],
    gates.MemberDescribed: [],
    gates.AssignmentAsked: [],
    gates.ReviewersSuggested: [],
    gates.ReviewersRuled: [],
    gates.AssignmentConfirmed: [],  # each review that is convened tells its own members
    gates.IdeaPresented: [telling.ask_to_convene],
    gates.WaiverAsked: [telling.ask_to_waive],
    gates.RequirementWaived: [telling.tell_waived],
    gates.WaiverRefused: [telling.tell_waived],
    gates.WaiverRevoked: [telling.tell_waived],
    gates.PanelConvened: [telling.tell_panel],
    gates.ScoringOpened: [],
    gates.PersonSeated: [telling.tell_seated],
    gates.PersonExcused: [],
    gates.PowersPassedOn: [telling.tell_who_chairs_now],
    gates.PowersReturned: [],
    gates.PanelReminded: [telling.remind_panel],
    gates.ReviewCancelled: [telling.tell_cancelled],
    gates.InterestDeclared: [telling.ask_to_settle, telling.tell_who_chairs_now],
    gates.InterestSettled: [telling.tell_settled, telling.tell_who_chairs_now],
    gates.InterestOverruled: [telling.tell_overruled, telling.tell_who_chairs_now],
    gates.ScorecardSubmitted: [telling.tell_quorum],
    gates.ScorecardChanged: [],
    gates.ScorecardConfirmed: [],
    gates.SeatAbstained: [telling.tell_abstention],
    gates.AbstentionEnded: [],
    gates.RevisionTaken: [telling.ask_to_confirm],
    gates.ScoresLocked: [],
    gates.ScoresUnlocked: [],
    gates.LeaveGiven: [telling_of_meetings.tell_leave],
    gates.DecisionProposed: [telling.ask_to_sign],
    gates.DecisionWithheld: [note_at_meeting],
    gates.DecisionTakenBack: [],
    gates.AnnouncementChanged: [],
    gates.IdeaMovedSilently: [],
    gates.TeamTold: [telling.tell_at_last],
    gates.BasisRecorded: [],
    gates.GateDecided: [telling.tell_decision, note_at_meeting, plan_pilot, end_pilot, plan_post_review],
    gates.DecisionSuperseded: [telling.tell_new_decision, plan_pilot, end_pilot, plan_post_review],
    gates.ReconsiderationAsked: [telling.ask_to_reconsider],
    gates.ReconsiderationTaken: [],
    gates.ReconsiderationGivenBack: [telling.ask_to_reconsider],
    gates.AnswererNamed: [telling.ask_to_reconsider],
    gates.ReconsiderationAnswered: [telling.tell_reconsidered],
    gates.IdeaJoined: [telling.tell_joined],
    gates.IdeaParted: [],
    gates.IdeaMerged: [telling.tell_merged],
    gates.MergeUndone: [telling.tell_parted],
    gates.ConditionOffered: [telling.ask_to_check],
    gates.ConditionReturned: [telling.tell_condition_returned],
    gates.ConditionMet: [telling.tell_condition_met],
    gates.DueDateMoved: [telling.tell_due_date_moved],
    gates.ConditionWaived: [telling.tell_condition_waived],
    gates.HeldForCondition: [telling.tell_held],
    gates.HeldIdeaEnded: [telling.tell_ended, end_pilot, plan_post_review],
    # dossiers
    dossiers.DossierTaken: [],
    dossiers.MeetingDossierTaken: [],
    # meetings
    meetings.MeetingPlanned: [],
    meetings.MeetingChanged: [telling_of_meetings.send_change],
    meetings.MeetingCancelled: [telling_of_meetings.send_cancellation],
    meetings.PersonAsked: [telling_of_meetings.invite],
    meetings.AgendaChanged: [],
    meetings.AgendaFixed: [],
    meetings.MeetingOpened: [],
    meetings.AttendanceNoted: [],
    meetings.ItemTaken: [],
    meetings.NoteTaken: [],
    meetings.MotionPut: [],
    meetings.VoteCast: [],
    meetings.VotesCounted: [],
    meetings.LeaveNoted: [],
    meetings.ItemDecided: [],
    meetings.ItemWithheld: [],
    meetings.ItemPutOff: [],
    meetings.MeetingClosed: [],
    meetings.MinutesWritten: [],
    meetings.MinutesCirculated: [telling_of_meetings.circulate],
    meetings.MinutesCommented: [telling_of_meetings.tell_comment],
    meetings.CommentAnswered: [telling_of_meetings.tell_answer],
    meetings.MinutesSigned: [telling_of_meetings.tell_signed],
    # funders
    funders.FunderMade: [],
    funders.FunderProfileChanged: [],
    funders.FunderVerified: [],
    funders.AwardsImported: [],
    funders.MandateChanged: [],
    funders.MandateConfirmed: [],
    funders.GrantProgrammeMade: [],
    funders.GrantProgrammeChanged: [],
    funders.InterestShown: [telling.tell_owner_of_interest],
    funders.InterestAccepted: [telling.tell_accepted_interest],
    funders.InterestDeclined: [telling.tell_declined_interest],
    funders.InterestWithdrawn: [telling.tell_withdrawn_interest],
    funders.InterestExpired: [telling.tell_expired_interest],
    funders.IntroductionEnded: [telling.tell_ended_introduction],
    funders.InterestInvited: [telling.tell_invited_interest],
    funders.FieldDisclosed: [],
    funders.DisclosureRevoked: [],
    funders.DisclosedRead: [],
    funders.TalksBegun: [telling.tell_owner_of_money],
    funders.DiligenceBegun: [telling.tell_owner_of_money],
    funders.CheckSettled: [],
    funders.TalksDeclined: [telling.tell_both_of_money],
    funders.TalksClosed: [telling.tell_owner_of_money],
    funders.PaperHandedIn: [],
    funders.RegistrationRecorded: [],
    funders.CommitmentOffered: [telling.tell_owner_of_money],
    funders.CommitmentAccepted: [telling.tell_funder_of_money],
    funders.CommitmentDeclined: [telling.tell_funder_of_money],
    funders.CommitmentWithdrawn: [telling.tell_owner_of_money],
    funders.AgreementRecorded: [telling.tell_owner_of_money],
    funders.CommitmentClosed: [],
    funders.TranchePlanned: [],
    funders.TrancheCancelled: [],
    funders.TrancheReleased: [telling.tell_owner_of_money],
    funders.CommitmentArranged: [],
    funders.ReportBegun: [],
    funders.ReportHandedIn: [telling.ask_to_release_report],
    funders.ReportReturned: [telling.tell_report_writers],
    funders.ReportReleased: [telling.tell_report_writers, telling.send_report],
    funders.IdeaShortlisted: [],
    funders.ShortlistingEnded: [],
    funders.FunderNoteWritten: [],
    funders.IdeaPassed: [],
    funders.PassTakenBack: [],
    funders.SearchSaved: [],
    funders.SearchEnded: [],
    funders.AlertChosen: [],
    funders.AlertEnded: [],
    **PILOT_REACTIONS,
}


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Reaction]:
    return {reaction.__name__: reaction for reactions in REACTIONS.values() for reaction in reactions}


def named(name: str) -> Reaction:
    """The reaction that a delivery names; ``KeyError`` when the table has none of that name."""
    return _by_name()[name]


def owed_by_kind() -> dict[str, tuple[str, ...]]:
    """The names of the reactions that each kind of event owes."""
    return {fact.kind(): tuple(reaction.__name__ for reaction in reactions) for fact, reactions in REACTIONS.items()}
