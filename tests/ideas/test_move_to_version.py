"""Ideas under way go to another version of their process by a plan, and can be put back."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from innovation.cli.workflows import workflows as cli
from innovation.db import db
from innovation.events import Event
from innovation.gates import commands as gate_commands
from innovation.gates.after_models import Waiver
from innovation.gates.models import Review
from innovation.gates.queries import find_basis
from innovation.ideas import version_moves
from innovation.ideas.models import Handin, Idea, Tally, Wall
from innovation.ideas.moved import MovedIdea, VersionMove
from innovation.jobs import running
from innovation.jobs.models import Job, JobLine
from innovation.permission import SYSTEM, Forbidden
from innovation.programmes import commands
from innovation.programmes.models import WorkflowVersion
from tests import make
from tests.gates.deciding import DETAILS, decide
from workflows import Refused, library_text, moving

RENAMED = {"concept": "design", "theory_of_change": "logic", "pilot": "trial"}
SAID = {"stages": {"concept": "design"}, "deliverables": {"theory_of_change": "logic"}, "gates": {"pilot": "trial"}}


def second() -> WorkflowVersion:
    """Another version, in which a stage, a gate and a deliverable have other keys."""
    make.workflow()
    text = library_text("education")
    text = text.replace('name = "Concept"', 'name = "Design"')
    for old, new in RENAMED.items():
        text = text.replace(f'"{old}"', f'"{new}"').replace(f"\n{old} =", f"\n{new} =")
    version: WorkflowVersion = commands.publish_workflow(SYSTEM, text)
    return version


def plan(actor: Any = SYSTEM, said: Any = None) -> VersionMove:
    move: VersionMove = version_moves.plan_move(
        actor, make.programme(), old=make.workflow(), new=second(), said=SAID if said is None else said
    )
    return move


def handed_in(idea: Idea, key: str = "theory_of_change", **more: Any) -> Handin:
    return make.add(Handin(idea_id=idea.id, deliverable=key, number=1, content={"text": "Because."}, **more))


def tallies() -> dict[str, int]:
    rows = db.session.execute(sa.select(Tally.place, Tally.n).where(Tally.n != 0))
    return {place: n for place, n in rows}  # noqa: C416


def kinds(idea: Idea) -> list[str]:
    query = sa.select(Event.kind).where(Event.subject == f"idea:{idea.id}").order_by(Event.seq)
    return list(db.session.scalars(query))


# One idea


def test_an_idea_stands_where_the_plan_says_and_has_stood_there_as_long_as_before(app: Flask) -> None:
    idea = make.idea(place="concept")
    since, move = idea.place_since, plan()

    version_moves.move_idea(SYSTEM, idea, move=move)

    assert (idea.place, idea.workflow_version_id, idea.place_since) == ("design", move.to_version_id, since)
    assert tallies() == {"design": 1}
    assert kinds(idea) == ["idea_changed_version"]


def test_what_was_handed_in_counts_under_its_new_key(app: Flask) -> None:
    idea = make.idea(place="concept")
    handin = handed_in(idea, state="accepted")

    version_moves.move_idea(SYSTEM, idea, move=plan())

    assert handin.deliverable == "logic"


def test_an_idea_whose_panel_sits_stays_until_it_has_decided(app: Flask) -> None:
    review = make.review()
    place = review.idea.place

    with pytest.raises(Refused) as refused:
        version_moves.move_idea(SYSTEM, review.idea, move=plan())

    assert (refused.value.reasons, review.idea.place) == ((moving.OPEN_REVIEW,), place)


def test_a_decision_keeps_the_version_that_it_was_made_under(app: Flask) -> None:
    idea = make.idea(place="concept")
    review = make.add(
        Review(idea_id=idea.id, gate_key="pilot", round=1, quorum=3, state="cancelled", revision_id=_revision(idea))
    )

    version_moves.move_idea(SYSTEM, idea, move=plan())

    db.session.expire_all()
    assert review.gate == make.workflow().definition.gate("pilot")
    assert idea.once("gate", "pilot") == make.workflow().definition.gate("pilot")


def test_a_decision_that_takes_the_place_of_an_earlier_one_rests_on_the_same_version(app: Flask) -> None:
    review = make.scored_review()
    decide(review, "stop")
    review.idea.state = review.idea.state._replace(standing="held")
    version_moves.move_idea(SYSTEM, review.idea, move=plan())
    review.idea.state = review.idea.state._replace(standing="stopped")
    db.session.commit()
    db.session.expire_all()

    words = {"reason": "A slip.", "outcome": "hold", "rationale": "Wait.", "against_reason": "Funds."}
    manager = make.actor(make.staff("manager"))
    decision = gate_commands.supersede_decision(manager, review, **words, **DETAILS["hold"])

    basis = find_basis(decision)
    assert (basis.workflow_version_id if basis else None) == make.workflow().id


def test_what_was_waived_stays_waived_under_its_new_keys_and_comes_back_with_the_idea(app: Flask) -> None:
    idea = make.idea(place="concept")
    waiver = Waiver(idea=idea, gate_key="pilot", kind="deliverable", key="theory_of_change", grounds="Known.")
    waiver.state, idea.waived = "granted", "pilot/theory_of_change screening/canvas"
    make.add(waiver)
    move = plan()

    version_moves.move_idea(SYSTEM, idea, move=move)
    db.session.expire_all()
    there = (idea.waived, waiver.gate_key, waiver.key)
    version_moves.move_idea(SYSTEM, idea, move=version_moves.plan_reversal(SYSTEM, move))
    db.session.expire_all()

    assert there == ("screening/canvas trial/logic", "trial", "logic")
    assert (idea.waived, waiver.gate_key, waiver.key) == (
        "pilot/theory_of_change screening/canvas",
        "pilot",
        "theory_of_change",
    )


@pytest.mark.parametrize("page", ["", "/outcome", "/correction", "/severity", "/interests"])
def test_a_review_opens_after_its_gate_has_got_another_key(client: FlaskClient, page: str) -> None:
    review = make.scored_review("pilot", 5)
    decide(review, "hold")
    version_moves.move_idea(SYSTEM, review.idea, move=plan())
    db.session.commit()
    make.sign_in(client, make.grant(make.staff("manager"), "coordinator"))

    assert client.get(f"/reviews/{review.id}{page}").status_code == 200


def _revision(idea: Idea) -> int:
    from innovation.ideas.queries import latest_revision

    return latest_revision(idea).id


def test_an_idea_that_is_there_already_is_left_alone(app: Flask) -> None:
    idea, move = make.idea(place="concept"), plan()
    version_moves.move_idea(SYSTEM, idea, move=move)

    assert version_moves.move_idea(SYSTEM, idea, move=move) is None


def test_a_plan_with_a_hole_is_refused(app: Flask) -> None:
    with pytest.raises(Refused) as refused:
        plan(said={"gates": {"pilot": "trial"}})

    assert [reason.partition(":")[0] for reason in refused.value.reasons] == [
        "stages.concept",
        "deliverables.theory_of_change",
    ]


# Putting back


def test_an_idea_is_put_back_as_it_was(app: Flask) -> None:
    idea = make.idea(place="at_pilot", standing="held", track="light")
    handin, move = handed_in(idea), plan()
    version_moves.move_idea(SYSTEM, idea, move=move)

    version_moves.move_idea(SYSTEM, idea, move=version_moves.plan_reversal(SYSTEM, move))

    assert (idea.state, idea.track, handin.deliverable) == (("at_pilot", "held"), "light", "theory_of_change")
    assert (idea.workflow_version_id, tallies()) == (make.workflow().id, {"at_pilot": 1})


def test_an_idea_that_has_moved_on_since_stays(app: Flask) -> None:
    idea, move = make.idea(place="concept"), plan()
    version_moves.move_idea(SYSTEM, idea, move=move)
    idea.standing = "withdrawn"

    with pytest.raises(Refused) as refused:
        version_moves.move_idea(SYSTEM, idea, move=version_moves.plan_reversal(SYSTEM, move))

    assert refused.value.reasons == (version_moves.GONE_ON,)


def test_what_was_handed_in_since_is_put_back_under_its_old_key_too(app: Flask) -> None:
    idea = make.idea(place="concept")
    handed_in(idea)
    move = plan()
    version_moves.move_idea(SYSTEM, idea, move=move)
    later = make.add(Handin(idea_id=idea.id, deliverable="logic", number=2, content={"text": "Better."}))

    version_moves.move_idea(SYSTEM, idea, move=version_moves.plan_reversal(SYSTEM, move))

    assert (later.deliverable, later.number) == ("theory_of_change", 2)


def test_waivers_of_two_gates_that_became_one_go_back_to_their_own(app: Flask) -> None:
    idea = make.idea(place="captured")
    for gate in ("light", "screening"):
        make.add(Waiver(idea=idea, gate_key=gate, kind="deliverable", key="budget", grounds="Known.", state="granted"))
    idea.waived = "light/budget screening/budget"
    move = plan(said=SAID | {"gates": {"pilot": "trial", "light": "screening"}})

    version_moves.move_idea(SYSTEM, idea, move=move)
    there = idea.waived
    version_moves.move_idea(SYSTEM, idea, move=version_moves.plan_reversal(SYSTEM, move))
    db.session.expire_all()

    assert there == "screening/budget"
    assert idea.waived == "light/budget screening/budget"
    assert sorted(db.session.scalars(sa.select(Waiver.gate_key))) == ["light", "screening"]


# Who


def test_nobody_moves_an_idea_that_they_have_an_interest_in_nor_hears_of_it(app: Flask) -> None:
    person = make.staff("manager")
    manager, idea, other = make.actor(person), make.idea(place="concept"), make.idea(place="concept")
    idea.walls.append(Wall(person_id=person.id, why="affiliation:1"))
    db.session.flush()
    move = plan()

    found = version_moves.rehearse(manager, make.programme(), move.as_plan, make.workflow())

    assert [each.reference for each in found.ideas] == [other.reference]
    with pytest.raises(Forbidden):
        version_moves.move_idea(manager, idea, move=move)


# Rehearsing and doing it as a long job


def rehearsed() -> version_moves.Rehearsal:
    return version_moves.rehearse(SYSTEM, make.programme(), plan().as_plan, make.workflow())


def test_a_rehearsal_sums_up_and_changes_nothing(app: Flask) -> None:
    make.idea(place="concept")
    make.idea(place="concept")
    make.idea(place="captured")
    make.idea(place="concept", standing="stopped")
    waiting = make.review().idea

    found = rehearsed()

    assert (len(found.ready), [each.reference for each in found.hindered]) == (3, [waiting.reference])
    assert found.changes == [("It stands at Design instead of Concept.", 2)]
    assert found.hindrances == [(moving.OPEN_REVIEW, 1)]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(MovedIdea)) == 0


def test_the_worker_moves_them_and_lists_what_it_could_not(app: Flask) -> None:
    person = make.staff("manager")
    make.account(person)
    ideas = [make.idea(place="concept") for _n in range(3)]
    waiting = make.review().idea
    job = version_moves.ask_move(make.actor(person), make.programme(), old=make.workflow(), new=second(), said=SAID)

    running.run_owed()

    db.session.expire_all()
    assert (job.state, job.done, job.failed) == ("finished", 3, 1)
    assert [idea.place for idea in ideas] == ["design"] * 3
    assert _failures(job) == [(waiting.reference, [moving.OPEN_REVIEW])]


def test_the_worker_puts_them_back(app: Flask) -> None:
    person = make.staff("manager")
    make.account(person)
    ideas = [make.idea(place="concept") for _n in range(3)]
    manager = make.actor(person)
    version_moves.ask_move(manager, make.programme(), old=make.workflow(), new=second(), said=SAID)
    running.run_owed()
    db.session.expire_all()
    move = make.first(VersionMove)
    ideas[0].standing = "held"
    db.session.commit()
    job = version_moves.ask_reversal(manager, move)

    running.run_owed()

    db.session.expire_all()
    assert [idea.place for idea in ideas] == ["design", "concept", "concept"]
    assert _failures(job) == [(ideas[0].reference, [version_moves.GONE_ON])]


def _failures(job: Job) -> list[tuple[str, list[str]]]:
    lines = db.session.scalars(sa.select(JobLine).where(JobLine.job_id == job.id))
    return [(line.what, line.reasons) for line in lines if line.reasons]


# The page and the command line


def test_the_page_rehearses_by_its_address_and_asks_for_the_job(client: FlaskClient) -> None:
    idea, new = make.idea(place="concept"), second()
    make.sign_in(client, make.staff("manager"))
    choices = {f"{part}.{old}": to for part, keys in SAID.items() for old, to in keys.items()}
    address, chosen = "/programmes/clinics/moves", {"old": make.workflow().id, "new": new.id}

    bare = client.get(address, query_string=chosen).text
    rehearsal = client.get(address, query_string=chosen | choices).text
    answer = client.post(address, query_string=chosen, data=choices)

    assert "is not there any more" in bare
    assert "1 idea would move." in rehearsal
    assert idea.title in rehearsal
    assert answer.headers["Location"].startswith("/jobs/")


def test_criteria_to_choose_from_say_their_gate_and_the_menu_where_one_is(client: FlaskClient) -> None:
    old = make.workflow()
    new = commands.publish_workflow(SYSTEM, library_text("education").replace("G1-S6", "G1-S9"))
    make.sign_in(client, make.staff("manager"))

    page = client.get("/programmes/clinics/moves", query_string={"old": old.id, "new": new.id}).text

    assert "Fairness (Screening gate)" in page
    assert 'href="/programmes" aria-current="page"' in page


def test_an_idea_that_was_moved_opens_with_its_history(client: FlaskClient) -> None:
    idea = make.idea(place="concept")
    handed_in(idea)
    move = plan()
    version_moves.move_idea(SYSTEM, idea, move=move)
    make.sign_in(client, make.staff("manager"))

    page = client.get(f"/ideas/{idea.reference}")

    assert page.status_code == 200
    assert "The idea goes on under another version of its process" in page.text


def test_the_history_says_apart_that_a_move_was_undone(client: FlaskClient) -> None:
    idea = make.idea(place="concept")
    handed_in(idea)
    move = plan()
    version_moves.move_idea(SYSTEM, idea, move=move)
    version_moves.move_idea(SYSTEM, idea, move=version_moves.plan_reversal(SYSTEM, move))
    make.sign_in(client, make.staff("manager"))

    page = client.get(f"/ideas/{idea.reference}").text

    told = ("The idea goes on under another version of its process", "The change of version was undone")
    assert [page.count(sentence) for sentence in told] == [1, 1]


def test_the_command_line_says_what_would_happen_and_does_it_when_told_to(app: Flask, tmp_path: Any) -> None:
    from innovation.cli.migrating import migrate_all

    idea, new = make.idea(place="concept"), second()
    db.session.commit()

    migrate_all("education", 1, new.number, SAID, "", apply=False)
    assert idea.place == "concept"
    migrate_all("", 1, new.number, SAID, "clinics", apply=True)

    assert idea.place == "design"


def test_a_file_that_is_no_plan_is_said_in_a_sentence(tmp_path: Any) -> None:
    file = tmp_path / "plan.toml"
    file.write_text("[rooms]\na = 'b'\n", "utf-8")

    result = CliRunner().invoke(cli, ["migrate", "--from", "1", "--to", "2", "--plan", str(file)])

    assert str(result.exception).startswith(f"{file}: rooms: a plan has the tables stages, gates")
