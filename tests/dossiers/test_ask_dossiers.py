"""Asking for the dossiers of several ideas: made by the worker, fetched later, closed to what has closed since."""

from __future__ import annotations

import io
import zipfile

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from innovation import clock
from innovation.accounts.models import Person
from innovation.command import transaction
from innovation.db import db, now
from innovation.dossiers import commands, making
from innovation.dossiers.verifier import check
from innovation.ideas import commands as papers
from innovation.ideas.models import Idea, Wall
from innovation.jobs import running
from innovation.jobs.models import Job, JobPart
from tests import make
from workflows import Refused


@pytest.fixture
def ideas(app: Flask) -> list[Idea]:
    found = [make.idea() for _n in range(3)]
    db.session.commit()
    return found


@pytest.fixture
def coordinator(app: Flask) -> Person:
    who = make.staff("coordinator")
    make.account(who)
    db.session.commit()
    return who


def asked(who: Person, ideas: list[Idea]) -> Job:
    references = [idea.reference for idea in ideas]
    job = commands.ask_dossiers(make.actor(who), references=references, form_key="once")
    running.run_owed()
    return db.session.get_one(Job, job.id, populate_existing=True)


def fetched(client: FlaskClient, who: Person, job: Job) -> zipfile.ZipFile:
    answer = make.sign_in(client, who).get(f"/jobs/{job.id}/file")
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.data))


def folders(packed: zipfile.ZipFile) -> set[str]:
    return {name.partition("/")[0] for name in packed.namelist() if "/" in name}


def test_each_idea_has_a_folder_that_can_be_checked_by_itself(
    ideas: list[Idea], coordinator: Person, client: FlaskClient
) -> None:
    job = asked(coordinator, ideas)

    packed = fetched(client, coordinator, job)

    assert (job.state, job.done, folders(packed)) == ("finished", 3, {idea.reference for idea in ideas})
    assert check(lambda name: packed.read(f"{ideas[0].reference}/{name}")) == ([], True)


def test_what_the_person_may_not_see_is_left_out_and_said(ideas: list[Idea], app: Flask) -> None:
    owner = ideas[0].owner
    make.account(owner)
    db.session.commit()

    job = asked(owner, ideas)

    assert (job.done, job.failed) == (1, 2)


def test_an_idea_that_has_closed_since_is_not_handed_out(
    ideas: list[Idea], coordinator: Person, client: FlaskClient
) -> None:
    job = asked(coordinator, ideas)
    with transaction():
        db.session.add(Wall(idea_id=ideas[1].id, person_id=coordinator.id, why="seat:1", since=now()))

    packed = fetched(client, coordinator, job)

    assert folders(packed) == {ideas[0].reference, ideas[2].reference}
    assert packed.read("left-out.txt").decode().endswith("an idea that is closed to you\n")


def test_a_file_that_was_removed_since_is_not_handed_out(
    ideas: list[Idea], coordinator: Person, client: FlaskClient
) -> None:
    plan = make.file("plan.txt", b"Names of learners.")
    removed, stays = (papers.add_attachment(make.actor(ideas[n].owner), ideas[n], file=plan) for n in (0, 1))
    job = asked(coordinator, ideas)
    papers.remove_attachment(make.actor(ideas[0].owner), removed)

    packed = fetched(client, coordinator, job)

    assert f"{ideas[0].reference}/files/{removed.id}-plan.txt" not in packed.namelist()
    assert f"{ideas[1].reference}/files/{stays.id}-plan.txt" in packed.namelist()
    assert ideas[0].reference in packed.read("left-out.txt").decode()


def test_a_file_that_alone_cannot_be_read_is_left_out_and_said(
    ideas: list[Idea], coordinator: Person, client: FlaskClient, app: Flask
) -> None:
    plan = make.file("plan.txt", b"Names of learners.")
    file = papers.add_attachment(make.actor(ideas[0].owner), ideas[0], file=plan)
    broken = app.config["SETTINGS"].files / file.key[:2] / file.key
    broken.unlink()
    broken.mkdir()  # read as a file, it gives an error of its disk

    job = asked(coordinator, ideas)

    packed = fetched(client, coordinator, job)
    assert (job.state, job.done) == ("finished", 3)
    assert "plan.txt" in packed.read(f"{ideas[0].reference}/left-out.txt").decode()


def test_pages_are_set_while_others_can_write(
    ideas: list[Idea], coordinator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = []

    def watched(*told: object) -> bytes:
        held.append(bool(db.session.info.get("in_command")))
        return b"%PDF-"

    monkeypatch.setattr(making, "set_as_pdf", watched)

    job = asked(coordinator, ideas)

    assert (job.state, held) == ("finished", [False] * 3)


def test_the_file_is_nobody_elses(ideas: list[Idea], coordinator: Person, client: FlaskClient) -> None:
    job = asked(coordinator, ideas)

    answer = make.sign_in(client, make.staff("manager")).get(f"/jobs/{job.id}/file")

    assert answer.status_code == 404


def test_the_file_goes_after_a_week(ideas: list[Idea], coordinator: Person, client: FlaskClient) -> None:
    job = asked(coordinator, ideas)

    with time_machine.travel("2126-12-10"):
        clock.sweep_files()
        gone = make.sign_in(client, coordinator).get(f"/jobs/{job.id}/file")

    assert (gone.status_code, db.session.query(JobPart).count()) == (404, 0)


def test_more_than_a_hundred_are_refused(app: Flask, coordinator: Person) -> None:
    with pytest.raises(Refused, match="at most 100 ideas"):
        commands.ask_dossiers(make.actor(coordinator), references=[f"LP26-{n}" for n in range(101)], form_key="")


def test_the_page_asks_for_what_the_pipeline_lists(ideas: list[Idea], coordinator: Person, client: FlaskClient) -> None:
    make.sign_in(client, coordinator)

    page = client.get(f"/dossiers?q={ideas[1].reference}").get_data(as_text=True)
    answer = client.post(f"/dossiers?q={ideas[1].reference}")

    assert (ideas[1].reference in page, ideas[0].reference in page, answer.status_code) == (True, False, 302)
    assert db.session.query(Job).one().payload == {"ideas": [ideas[1].reference]}
