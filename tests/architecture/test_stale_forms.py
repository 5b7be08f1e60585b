"""Every form that changes something others can change: what they have changed meanwhile is not written over."""

from __future__ import annotations

from html import unescape

from tests.architecture.filled import Filled, one_of_each
from tests.architecture.stage import Stage

OWN = {  # only the person themselves writes there
    *("accounts.begin_app", "accounts.forgotten", "accounts.prove", "accounts.sign_out", "gates.declaration"),
    *("accounts.interests", "accounts.interest", "accounts.open_calendar", "gates.abstention"),
    *("ideas.status", "notifications.read_all", "notifications.read_notice", "jobs.stop"),
    *("meetings.presence", "meetings.votes"),
    "pilots.import_readings_step",  # a table that only its sender sees
    "funders.change_search",  # how often one is mailed; removed, it is so for all
}
NEW = {  # adds something beside what others have added
    *("accounts.grant_role", "accounts.invite", "accounts.record_affiliation", "clinics.facilitators"),
    *("funders.interest", "funders.people", "gates.seats", "ideas.add_attachment", "ideas.add_contributor"),
    *("clinics.ask_cards", "clinics.make_cards", "clinics.print_slips"),
    *("clinics.plan", "funders.make_funder", "funders.make_grant", "gates.new_panel", "gates.assignments"),
    *("programmes.copy_version", "programmes.import_version"),
    *("dossiers.ask_dossiers", "dossiers.take_dossier", "dossiers.take_meeting", "dossiers.take_pack"),
    *("meetings.plan", "pipeline.check_record"),
    *("meetings.comments", "meetings.motion", "meetings.notes", "meetings.people"),
    *("ideas.deliverable", "ideas.import_page", "programmes.entries", "programmes.make_programme", "ideas.secret"),
    *("clinics.join_form", "clinics.renew_code", "ideas.relate"),
    *("clinics.add_wall_topic", "clinics.break_tie", "clinics.shortlist_by_dots", "clinics.shortlist_by_hand"),
    *("funders.hand_in_paper", "funders.offer_commitment", "pilots.milestones"),
    *("funders.reports", "pilots.add_file", "pilots.pack"),
    *("pilots.visit_form", "pilots.adaptations", "pilots.next_cycle"),
    *("pilots.report_incident", "pilots.spend", "pilots.tell_outside"),
    *("pilots.import_readings", "pilots.import_spend"),
    *("funders.import_awards", "funders.plan", "funders.workspace", "funders.write_note"),
    *("replication.how_to", "replication.playbook", "replication.rollouts", "replication.fill_rollout"),
    "replication.keep_rollout",  # a place; what it changes of the rollout itself is stamped
    *("replication.keep_home", "replication.tracked_criterion", "replication.system_pack"),
}
ENDS = {  # once only: whoever comes second is refused, or finds it done
    *("clinics.mark_cards", "clinics.type_in_card"),
    "funders.confirm_mandate",
    *("accounts.close_sign_in", "accounts.end_role", "funders.end_role", "funders.withdraw_interest"),
    *("gates.absence", "gates.interest", "gates.reminder", "ideas.end_contributor", "ideas.give_consent"),
    *("gates.desk", "gates.ruling", "notifications.letters", "ideas.remove_attachment"),
    *("meetings.answer", "meetings.attendance", "meetings.count"),
    *("meetings.item", "meetings.leave", "meetings.postponement"),
    *("clinics.open_room", "clinics.end_room", "clinics.end_device"),
    *("clinics.open_round", "clinics.close_round", "clinics.end_wall_topic"),
    *("funders.talks", "pilots.correct_spend", "pilots.file", "pilots.plan"),
    *("pilots.end_visit_phone", "pilots.visit_photo"),
    *("funders.pass_idea", "funders.shortlist", "funders.take_back_pass"),
    "replication.public_playbook",
    *("replication.finish_step", "replication.remove_home_row", "replication.post_review_outcome"),
}
OTHERWISE = {  # knows by other means what it began with; tests of their areas send them stale
    *("gates.scorecard", "ideas.ask", "ideas.capture", "ideas.hand_in_canvas"),
    *("meetings.correct", "meetings.signature"),
    "clinics.clock",
    "pilots.readings",
    "programmes.look_at_texts",  # keeps nothing
}
# As they are filled in here, sites are no schools, ideas cannot be merged, and all rows of a plan have one name: that
# is said first. Tests of their areas send them stale.
FAULTY = {"pilots.plan_part", "pilots.sites", "replication.rollout_site", "gates.merge"}
LAST_ONE_COUNTS = {  # one thing each, and the page shows it
    *("clinics.next_steps", "programmes.entry", "places.terms"),
    *("clinics.rename_wall_topic", "clinics.wall_ideas", "clinics.wall_settings", "clinics.wall_view"),
    *("funders.check", "funders.record_registration"),
    "replication.settle_adaptation",
}


def test_every_form_says_what_it_was_filled_in_against(filled: list[Filled]) -> None:
    bare = {form.endpoint for form in filled if not _stamp(form)}

    assert sorted(bare - OWN - NEW - ENDS - OTHERWISE - LAST_ONE_COUNTS) == []


def test_every_form_that_is_stale_is_refused_with_what_was_typed(stage: Stage, filled: list[Filled]) -> None:
    faults = []

    for form in one_of_each(filled):
        stale = _stamp(form)
        if stale and form.endpoint not in FAULTY:
            response = form.send(stage, **stale)
            page = unescape(response.text)
            lost = [name for name, values in form.typed.items() if any(value not in page for value in values)]
            if response.status_code != 409 or lost:
                faults.append(f"{form.endpoint} {form.address}: {response.status_code}, without {lost}")

    assert faults == [], "\n".join(faults)


def _stamp(form: Filled) -> dict[str, str]:
    """The field that says which version a form was filled in against, as somebody has it who is late."""
    values = {name: said[0] for name, said in form.fields if name in ("version", "as_seen") and said and said[0]}
    return {name: "0" if name == "version" else said.rpartition(":")[0] + ":0" for name, said in values.items()}
