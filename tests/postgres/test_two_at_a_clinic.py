"""A phone delivers to a clinic at the moment when it is reported, on PostgreSQL: no idea comes after the report."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from flask import Flask

from innovation.clinics import commands, next_steps, room_capture, rooms
from innovation.clinics.models import Clinic, Device
from innovation.db import db
from innovation.ideas.agreeing import Agreed
from innovation.ideas.capture import Owner
from innovation.ideas.models import Idea
from innovation.permission import STRANGER
from tests import make
from tests.clinics.test_deliver_from_phone import picture
from tests.clinics.test_join_room import ANSWERS, opened
from tests.postgres.test_two_at_once import at_once


def test_an_idea_that_is_being_delivered_is_waited_for_by_the_report(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs, clinic, code = opened()
    idea = make.idea(clinic_id=clinic.id)
    phone = rooms.join_room(STRANGER, rooms.look_up(code, "10.0.0.1"), label="Phone")[0]
    commands.record_attendance(runs, clinic, counts={"teachers": 12})
    next_steps.record_next_steps(runs, clinic, steps={idea.id: ("Ask the school.", None)})
    commands.close_clinic(runs, clinic)
    numbers = clinic.id, phone.id
    db.session.commit()
    is_kept, is_asked = threading.Event(), threading.Event()
    keep = room_capture.keep_checked

    def take_its_time(*told: Any) -> Any:
        is_kept.set()
        is_asked.wait(2)
        return keep(*told)

    monkeypatch.setattr(room_capture, "keep_checked", take_its_time)

    def deliver() -> None:
        there, device = db.session.get_one(Clinic, numbers[0]), db.session.get_one(Device, numbers[1])
        room_capture.capture_in_room(
            rooms.actor_of(there, device),
            there,
            answers=ANSWERS,
            owner=Owner("Demo owner"),
            agreed=Agreed(1, "en", ()),
            import_key=f"form:{uuid.uuid4()}",
            photo=make.file("sketch.jpg", picture()),
            device=device,
        )

    def report() -> None:
        is_kept.wait(5)
        try:
            commands.report_clinic(runs, db.session.get_one(Clinic, numbers[0]))
        finally:
            is_asked.set()

    outcomes = at_once(app, deliver, report)

    db.session.expire_all()
    late = db.session.query(Idea).filter_by(title=ANSWERS["title"]).one()
    assert outcomes == sorted(["done", f"{late.reference} “{late.title}” has no next step."])
    assert db.session.get_one(Clinic, numbers[0]).state == "closed"
