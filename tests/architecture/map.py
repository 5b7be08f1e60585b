"""The map of the site: one entry for every endpoint, with who may open it and which policy decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from innovation.accounts.models import RoleGrant
from innovation.ideas.models import Attachment, Contributor, Handin
from innovation.meetings.models import Attendee, MinutesComment, Motion
from tests.architecture.fund_map import MANDATES, PLANS
from tests.architecture.import_map import AWARDS, IMPORTS
from tests.architecture.language_map import LANGUAGES
from tests.architecture.meeting_sights import agenda_items, meetings
from tests.architecture.money_map import MONEY
from tests.architecture.paper_map import PAPER
from tests.architecture.pilot_map import LESSONS, PILOTS, REACH, SPREAD
from tests.architecture.room_map import ROOM
from tests.architecture.sights import (
    Case,
    Page,
    clinics,
    conditions,
    first,
    funders,
    get,
    idea_with,
    ideas,
    only,
    own,
    own_seat,
    packs,
    panel_members,
    panels,
    people,
    programmes,
    reconsiderations,
    reviews,
    seats,
    waivers,
)
from tests.architecture.version_sights import drafts, managed
from tests.architecture.world import World

ONE = ("captured",)
IN_EVERY_STANDING = ("captured", "held", "stopped", "convened", "scoring", "decided", "ready", "foreign")
HANDIN: dict[str, Any] = {"key": "theory_of_change", "number": 1}

NO_PROVIDER = "no provider is named"


def thing(kind: str, name: str) -> Callable[[World], Any]:
    return lambda world: world.things[kind][name]


def a_file(world: World) -> Callable[[], Any]:
    return get(Attachment, world.things["attachment"]["captured"])


def a_handin(world: World) -> Callable[[], Any]:
    return first(Handin, idea_id=world.things["idea_id"]["captured"])


def a_contributor(world: World) -> Callable[[], Any]:
    return get(Contributor, world.things["contributor"]["captured"])


def a_version(world: World) -> list[Case]:
    """Everybody who signs in may read how ideas are decided."""
    return only(*world.people, key="education", number=1)(world)


def a_grant(world: World) -> Callable[[], Any]:
    return get(RoleGrant, world.things["grant"]["coordinator"])


ACCOUNTS = {
    "accounts.sign_in": Page(public=True),
    "accounts.sign_out": Page(public=True),
    "accounts.forgotten": Page(public=True),
    "accounts.invitation": Page(only(secret="unknown"), public=True, absent="nobody has been invited"),
    "accounts.new_password": Page(only(secret="unknown"), public=True, absent="nobody has asked"),
    "accounts.sessions": Page(sees="see_own_sessions"),
    "accounts.details": Page(),
    "accounts.password": Page(),
    "accounts.interests": Page(),
    "accounts.interest": Page(own("entry", "coordinator", "entry_id")),
    "accounts.second_step": Page(public=True),
    "accounts.prove": Page(),
    "accounts.second_factor": Page(),
    "accounts.begin_app": Page(),
    "accounts.app": Page(absent="nobody has begun"),
    "accounts.remove_app": Page(),
    "accounts.renew_codes": Page(),
    "accounts.passkey_options": Page(),
    "accounts.add_passkey": Page(),
    "accounts.rename_passkey": Page(only(passkey_id=1), absent="nobody has one"),
    "accounts.remove_passkey": Page(only(passkey_id=1), absent="nobody has one"),
    "accounts.sign_in_options": Page(public=True),
    "accounts.sign_in_by_passkey": Page(public=True),
    "accounts.sign_in_by_provider": Page(public=True, absent=NO_PROVIDER),
    "accounts.provider_return": Page(public=True, absent=NO_PROVIDER),
    "accounts.accept_by_provider": Page(only(secret="unknown"), public=True, absent=NO_PROVIDER),
    "accounts.link_identity": Page(absent=NO_PROVIDER),
    "accounts.prove_by_provider": Page(absent=NO_PROVIDER),
    "accounts.unlink_identity": Page(only(identity_id=1), absent="nobody has linked one"),
    "accounts.end_session": Page(own("session", "owner", "session_id")),
    "accounts.end_other_sessions": Page(),
    "accounts.open_calendar": Page(),
    "accounts.close_calendar": Page(absent="nobody has one"),
    "accounts.people": Page(sees="list_people"),
    "accounts.invite": Page(sees="invite_person", writes="invite_person"),
    "accounts.person": Page(people(), sees="see_person"),
    "accounts.send_invitation": Page(people(), writes="send_invitation"),
    "accounts.withdraw_invitation": Page(people(), writes="withdraw_invitation"),
    "accounts.grant_role": Page(people()),
    "accounts.end_role": Page(people("coordinator", grant_id=thing("grant", "coordinator"))),
    "accounts.correct": Page(people(), writes="correct_person"),
    "accounts.close_sign_in": Page(people(), writes="close_sign_in"),
    "accounts.reopen_sign_in": Page(people(), writes="close_sign_in"),
    "accounts.reset_second_factor": Page(people(), writes="reset_second_factor"),
    "accounts.record_affiliation": Page(people(), writes="record_affiliation"),
    "accounts.end_affiliation": Page(people("coordinator", affiliation_id=thing("affiliation", "coordinator"))),
}
JOBS = {
    "jobs.jobs": Page(sees="list_jobs"),
    **dict.fromkeys(("jobs.job", "jobs.stop"), Page(own("job", "coordinator", "job_id"))),
    "jobs.file": Page(own("job", "coordinator", "job_id"), absent="it has made none"),
    "jobs.export": Page(only(what="unknown"), absent="only the site writes what is asked for"),
}
PLACES = {
    "places.schools": Page(sees="list_schools"),
    "places.school_options": Page(sees="find_school"),
    "places.terms": Page(sees="keep_terms", writes="keep_terms"),
    "places.unmapped": Page(sees="map_schools"),
    "places.map_schools": Page(writes="map_schools"),
}
PROGRAMMES = {
    "programmes.settings": Page(sees="list_programmes"),
    "programmes.make_programme": Page(writes="make_programme"),
    "programmes.programme": Page(programmes()),
    "programmes.change": Page(programmes(), writes="change_programme"),
    "programmes.workflow_in_force": Page(programmes(), writes="choose_workflow"),
    "programmes.entries": Page(programmes(which="themes"), writes="change_programme"),
    "programmes.entry": Page(programmes(which="themes", entry_id=1), writes="change_programme", absent="elsewhere"),
    "programmes.workflow": Page(a_version),
    "programmes.workflow_file": Page(a_version),
    "programmes.comparison": Page(a_version),
    "programmes.workflows": Page(programmes()),
    "programmes.copy_version": Page(programmes(), writes="draft_workflow"),
    "programmes.import_version": Page(programmes(), writes="draft_workflow"),
    "programmes.draft": Page(drafts()),
    "programmes.draft_page": Page(drafts(page="whole")),
    "programmes.change_draft": Page(drafts(page="whole"), writes="edit_draft"),
    "programmes.draft_file": Page(drafts()),
    "programmes.draft_comparison": Page(drafts()),
    "programmes.publish_draft": Page(drafts(), writes="publish_draft"),
    "programmes.discard_draft": Page(drafts(), writes="edit_draft"),
}
IDEAS = {
    "ideas.capture": Page(sees="capture_own_idea", writes="capture_own_idea"),
    "ideas.alike": Page(),
    "ideas.ideas_like": Page(ideas(), sees="relate_idea"),
    "ideas.alike_list": Page(ideas()),
    "ideas.relate": Page(ideas(), writes="relate_idea"),
    "ideas.canvas": Page(ideas(), sees="edit_canvas"),
    "ideas.hand_in_canvas": Page(ideas(), writes="edit_canvas"),
    "ideas.save_draft": Page(ideas(), writes="edit_canvas"),
    "ideas.discard_draft": Page(ideas(), writes="edit_canvas"),
    "ideas.use_draft_copy": Page(idea_with(copy_id=1), writes="edit_canvas", absent="nobody typed in two tabs"),
    "ideas.discard_draft_copy": Page(idea_with(copy_id=1), writes="edit_canvas", absent="nobody typed in two tabs"),
    "ideas.revisions": Page(ideas()),
    "ideas.revision": Page(idea_with(number=1)),
    "ideas.deliverables": Page(ideas()),
    "ideas.deliverable": Page(idea_with(key="theory_of_change"), writes="hand_in_deliverable"),
    "ideas.accept_deliverable": Page(idea_with(ONE, a_handin, **HANDIN), writes="judge_deliverable"),
    "ideas.return_deliverable": Page(idea_with(ONE, a_handin, **HANDIN), writes="judge_deliverable"),
    "ideas.add_attachment": Page(ideas(), writes="add_attachment"),
    "ideas.attachment": Page(
        idea_with(ONE, a_file, attachment_id=thing("attachment", "captured")), absent="the file is not in the store"
    ),
    "ideas.remove_attachment": Page(
        idea_with(ONE, a_file, attachment_id=thing("attachment", "captured")), writes="remove_attachment"
    ),
    "ideas.accept_evidence": Page(ideas(), writes="accept_evidence"),
    "ideas.ask": Page(ideas(), sees="make_ask", writes="make_ask"),
    "ideas.consents": Page(ideas(), sees="see_consents"),
    "ideas.give_consent": Page(idea_with(purpose="photo"), writes="give_consent"),
    "ideas.withdraw_consent": Page(idea_with(("ready",), purpose="share_with_funders"), writes="withdraw_consent"),
    "ideas.people": Page(ideas()),
    "ideas.add_contributor": Page(ideas(), writes="add_contributor"),
    "ideas.end_contributor": Page(
        idea_with(ONE, a_contributor, contributor_id=thing("contributor", "captured")), writes="end_contributor"
    ),
    "ideas.owner": Page(ideas(), sees="hand_over_idea", writes="hand_over_idea"),
    "ideas.withdrawal": Page(ideas(), sees="withdraw_idea", writes="withdraw_idea"),
    "ideas.revive_idea": Page(ideas("stopped", "captured"), writes="revive_idea"),
    "ideas.slip": Page(ideas(), sees="renew_secret"),
    "ideas.secret": Page(ideas(), writes="renew_secret"),
    "ideas.status": Page(public=True),
    "ideas.begin_claim": Page(public=True),
    "ideas.claim": Page(only(token="unknown"), public=True, absent="nobody claims"),
    "ideas.version_moves_page": Page(managed(), sees="move_ideas"),
    "ideas.move_ideas": Page(managed(), writes="move_ideas"),
    "ideas.version_move": Page(managed(move_id=thing("move", "home")), sees="move_ideas"),
    "ideas.reverse_move": Page(managed(move_id=thing("move", "home")), writes="move_ideas"),
}
CLINICS = {
    "clinics.clinics": Page(sees="list_clinics"),
    "clinics.plan": Page(sees="plan_clinic", writes="plan_clinic"),
    "clinics.clinic": Page(clinics(), sees="see_clinic"),
    "clinics.change": Page(clinics(), sees="change_clinic", writes="change_clinic"),
    "clinics.state": Page(clinics(), writes="run_clinic"),
    "clinics.attendance": Page(clinics(), writes="record_attendance"),
    "clinics.facilitators": Page(clinics(), writes="add_facilitator"),
    "clinics.end_facilitator": Page(
        clinics(person_id=lambda world: world.people["facilitator"]),
        writes="end_facilitator",
        absent="elsewhere",
    ),
    "clinics.report": Page(clinics(), sees="see_clinic"),
}
GATES = {
    "gates.panels": Page(sees="list_panels"),
    "gates.new_panel": Page(sees="make_panel", writes="make_panel"),
    "gates.panel": Page(panels, writes="edit_panel"),
    "gates.vacancies": Page(sees="list_panels", writes="list_panels", absent="nobody has left"),
    "gates.retirement": Page(panels, writes="edit_panel"),
    "gates.member": Page(panel_members, sees="edit_panel", writes="edit_panel"),
    "gates.assignments": Page(sees="ask_assignment", writes="ask_assignment"),
    "gates.assignment": Page(own("assignment", "coordinator", "assignment_id")),
    "gates.suggestion": Page(own("assignment", "coordinator", "assignment_id")),
    "gates.assigned_idea": Page(
        only("coordinator", assignment_id=thing("assignment", "coordinator"), idea_id=thing("idea_id", "waiting"))
    ),
    "gates.confirm_assignment": Page(own("assignment", "coordinator", "assignment_id")),
    "gates.present": Page(ideas("captured", "waiting", "scoring", "stopped", "foreign"), writes="present_idea"),
    "gates.convene": Page(ideas("waiting", "captured", "behind a wall"), sees="convene_panel", writes="convene_panel"),
    "gates.desk": Page(sees="see_gate_desk", writes="see_gate_desk"),
    "gates.reviews": Page(sees="list_reviews"),
    "gates.review": Page(reviews()),
    "gates.outcome": Page(reviews()),
    "gates.severity": Page(reviews(), sees="read_severity"),
    "gates.declaration": Page(own_seat()),
    "gates.interest": Page(seats("seat_declared", "seat_accepted"), writes="settle_interest"),
    "gates.interests": Page(reviews(), sees="see_panel_interests"),
    "gates.ruling": Page(seats("seat_none", "seat_recused"), sees="overrule_interest", writes="overrule_interest"),
    "gates.chairing": Page(reviews(), sees="see_chair"),
    "gates.scorecard": Page(own_seat(scoring=True)),
    "gates.draft": Page(own_seat(scoring=True)),
    "gates.abstention": Page(own_seat(scoring=True)),
    "gates.end_abstention": Page(own_seat(scoring=True)),
    "gates.confirmation": Page(own_seat(scoring=True)),
    "gates.revision": Page(reviews(), writes="take_revision"),
    "gates.use_copy": Page(only(review_id=1, copy_id=1), absent="nobody typed in two tabs"),
    "gates.discard_copy": Page(only(review_id=1, copy_id=1), absent="nobody typed in two tabs"),
    "gates.decision": Page(reviews("convened", "scoring", "foreign"), sees="record_decision", writes="record_decision"),
    "gates.signature": Page(
        reviews("scoring"), sees="record_decision", writes="record_decision", absent="no chair has signed"
    ),
    "gates.correction": Page(reviews("decided"), sees="supersede_decision", writes="supersede_decision"),
    "gates.scoring": Page(reviews("convened", "foreign"), writes="run_review"),
    "gates.reminder": Page(reviews(), writes="run_review"),
    "gates.cancellation": Page(reviews(), writes="run_review"),
    "gates.seats": Page(reviews(), sees="run_review", writes="run_review"),
    "gates.absence": Page(seats("seat_undeclared", "chair"), writes="run_review"),
    "gates.conditions": Page(ideas("decided", "scoring", "foreign")),
    "gates.evidence": Page(conditions, sees="offer_evidence", writes="offer_evidence"),
    "gates.settlement": Page(conditions, sees="settle_condition", writes="settle_condition"),
    "gates.resume_idea": Page(ideas("held", "captured"), writes="resume_idea"),
    "gates.end_held_idea": Page(ideas("held", "captured"), sees="end_held_idea", writes="end_held_idea"),
    "gates.merge": Page(ideas("captured"), sees="merge_idea", writes="merge_idea"),
    "gates.parting": Page(ideas("captured"), sees="undo_merge", writes="undo_merge"),
    "gates.due_date": Page(conditions, sees="move_due_date", writes="move_due_date"),
    "gates.waiver": Page(conditions, sees="waive_condition", writes="waive_condition"),
    "gates.all_conditions": Page(sees="list_conditions"),
    "gates.ask_reconsideration": Page(reviews("decided"), sees="ask_reconsideration", writes="ask_reconsideration"),
    "gates.reconsideration": Page(reconsiderations, writes="answer_reconsideration"),
    "gates.take_reconsideration": Page(reconsiderations, writes="take_reconsideration"),
    "gates.name_answerer": Page(reconsiderations, writes="name_answerer"),
    "gates.step_back": Page(reconsiderations, writes="take_reconsideration"),
    "gates.give_back_reconsideration": Page(reconsiderations, writes="answer_reconsideration"),
    "gates.change_decision": Page(reconsiderations, sees="answer_reconsideration", writes="answer_reconsideration"),
    "gates.waivers": Page(ideas("captured", "scoring", "foreign", "behind a wall"), writes="ask_waiver"),
    "gates.asked_waiver": Page(waivers, writes="answer_waiver"),
    "gates.revoke_waiver": Page(waivers, sees="answer_waiver", writes="answer_waiver"),
}
MEETINGS = {
    "meetings.meetings": Page(sees="list_meetings"),
    "meetings.plan": Page(sees="plan_meeting", writes="plan_meeting"),
    "meetings.meeting": Page(meetings("open", "foreign")),
    "meetings.change": Page(meetings(), sees="prepare_meeting", writes="prepare_meeting"),
    "meetings.agenda": Page(meetings(), sees="prepare_meeting", writes="prepare_meeting"),
    "meetings.order": Page(meetings(), sees="fix_agenda", writes="fix_agenda"),
    "meetings.invitation": Page(meetings("planned")),
    "meetings.now_in_hand": Page(meetings("open")),
    "meetings.people": Page(meetings(), writes="ask_to_meeting"),
    "meetings.cancellation": Page(meetings("planned"), writes="prepare_meeting"),
    "meetings.opening": Page(meetings("planned"), writes="chair_meeting"),
    "meetings.closing": Page(meetings("open"), writes="chair_meeting"),
    "meetings.item": Page(meetings("open"), writes="move_on"),
    "meetings.presence": Page(meetings(), writes="say_presence"),
    "meetings.attendance": Page(
        meetings("open", thing=(Attendee, "attendee"), attendee_id=thing("attendee", "open")), writes="keep_attendance"
    ),
    "meetings.notes": Page(agenda_items(), writes="take_notes"),
    "meetings.motion": Page(agenda_items(), writes="put_motion"),
    "meetings.votes": Page(agenda_items(Motion, "motion"), writes="vote_on_motion"),
    "meetings.count": Page(agenda_items(Motion, "motion"), writes="put_motion"),
    "meetings.leave": Page(agenda_items(seat_id=thing("leave", "open")), writes="put_motion"),
    "meetings.postponement": Page(agenda_items(), writes="put_off_item"),
    "meetings.decision": Page(agenda_items(), sees="decide_item", writes="decide_item"),
    "meetings.minutes": Page(meetings("minuted", "foreign"), absent="there are none yet"),
    "meetings.correct": Page(
        meetings("minuted", "foreign"), sees="write_minutes", writes="write_minutes", absent="there are none yet"
    ),
    "meetings.circulation": Page(meetings("minuted"), writes="write_minutes"),
    "meetings.comments": Page(meetings("minuted"), writes="comment_minutes"),
    "meetings.answer": Page(
        meetings("minuted", thing=(MinutesComment, "comment"), comment_id=thing("comment", "minuted")),
        writes="write_minutes",
    ),
    "meetings.signature": Page(meetings("minuted"), writes="sign_minutes"),
}
ANY_FUNDER = ("funder_admin", "funder_member", "other_funder")
ITS_FUNDER = ("funder_admin", "funder_member")
FUNDERS = {
    "funders.funders": Page(sees="list_funders"),
    "funders.make_funder": Page(sees="make_funder", writes="make_funder"),
    "funders.funder": Page(funders(), sees="see_funder"),
    "funders.profile": Page(funders(), sees="change_funder", writes="change_funder"),
    "funders.own_mandate": Page(only(*ANY_FUNDER)),
    "funders.mandate": Page(funders(), sees="change_mandate", writes="change_mandate"),
    "funders.people": Page(funders(), sees="see_funder_people", writes="invite_to_funder"),
    "funders.end_role": Page(funders(grant_id=thing("grant", "funder_member")), writes="end_funder_role"),
    "funders.browse": Page(sees="browse_ideas"),
    "funders.pack": Page(packs(*ANY_FUNDER)),
    "funders.interest": Page(packs(*ANY_FUNDER)),
    "funders.withdraw_interest": Page(packs(*ITS_FUNDER)),
    "funders.interest_list": Page(sees="list_interests"),
    "funders.interests": Page(ideas("ready", "captured", "foreign", "behind a wall"), sees="see_interests"),
    "funders.answer": Page(
        idea_with(("ready",), interest_id=thing("interest", "shown")), writes="accept_interest", absent="hidden"
    ),
}
PIPELINE = {
    "pipeline.pipeline": Page(public=True),
    "pipeline.my_work": Page(sees="see_own_work"),
    "pipeline.what_is_due": Page(sees="see_own_work"),
    "pipeline.calendar": Page(only(secret="unknown"), public=True, absent="nobody has made an address"),
    "pipeline.search": Page(sees="search_ideas"),
    "pipeline.idea": Page(
        ideas(*("captured", "held", "stopped", "convened", "scoring", "decided", "ready", "foreign"))
    ),
    "pipeline.log": Page(sees="see_log"),
    "pipeline.check_record": Page(writes="see_log"),
}
DOSSIERS = {
    "dossiers.dossier": Page(ideas(*IN_EVERY_STANDING, "behind a wall"), sees="take_dossier"),
    "dossiers.take_dossier": Page(ideas(*IN_EVERY_STANDING, "behind a wall"), writes="take_dossier"),
    "dossiers.take_pack": Page(packs(*ANY_FUNDER)),
    "dossiers.take_meeting": Page(meetings("minuted", "foreign"), writes="take_meeting_dossier"),
    "dossiers.dossiers": Page(sees="take_dossiers"),
    "dossiers.ask_dossiers": Page(writes="take_dossiers"),
}
NOTIFICATIONS = {
    "notifications.inbox": Page(sees="read_inbox"),
    "notifications.read_all": Page(),
    "notifications.read_notice": Page(own("notice", "owner", "notice_id")),
    "notifications.mail": Page(sees="see_mail"),
    "notifications.message": Page(only("administrator", message_id=thing("message", "one"))),
    "notifications.announcements": Page(sees="list_announcements"),
    "notifications.letters": Page(sees="list_announcements", writes="list_announcements"),
    **{
        f"notifications.{name}": Page(reviews("settled"), sees="announce_decision", writes="announce_decision")
        for name in ("announcement", "announce", "silence")
    },
    "notifications.reversal": Page(reviews("settled"), sees="take_back_decision", writes="take_back_decision"),
    "notifications.send_again": Page(only("administrator", message_id=thing("message", "one")), writes="send_again"),
}
STATIC = {"static": Page(only(release="0", name="gatehouse.css"), public=True)}
AREAS: dict[str, dict[str, Page]] = {
    "accounts": ACCOUNTS,
    "jobs": JOBS,
    "places": PLACES,
    "programmes": PROGRAMMES | LANGUAGES,
    "ideas": IDEAS | IMPORTS | LESSONS,
    "clinics": CLINICS | PAPER | ROOM,
    "gates": GATES,
    "meetings": MEETINGS,
    "funders": FUNDERS | MANDATES | PLANS | AWARDS | MONEY,
    "pilots": PILOTS,
    "insights": REACH,
    "replication": SPREAD,
    "pipeline": PIPELINE,
    "dossiers": DOSSIERS,
    "notifications": NOTIFICATIONS,
    "static": STATIC,
}
MAP = {endpoint: page for area in AREAS.values() for endpoint, page in area.items()}
