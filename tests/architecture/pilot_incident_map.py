"""The part of the map about incidents in pilots, and about what pilots cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from innovation.pilots.incident_models import Incident
from innovation.pilots.spend_models import SpendEntry
from tests.architecture.money_map import number, of_world
from tests.architecture.pilot_reading_map import PILOTED
from tests.architecture.pilot_results_map import measured
from tests.architecture.sights import Cases, Page, idea_with, ideas


def incident(state: str) -> Cases:
    return idea_with(PILOTED, of_world(Incident, "incident", state), incident_id=number("incident", state))


def spent() -> Cases:
    the_entry: Callable[..., Any] = of_world(SpendEntry, "spend", "piloting")
    return idea_with(PILOTED, the_entry, entry_id=number("spend", "piloting"))


INCIDENTS = {
    "pilots.incident_list": Page(ideas(*PILOTED, "funded"), sees="see_incidents"),
    "pilots.report_incident": Page(ideas(*PILOTED), sees="report_incident", writes="report_incident"),
    "pilots.incident": Page(incident("open"), sees="see_incidents"),
    "pilots.tell_outside": Page(incident("open"), writes="tell_of_incident"),
    "pilots.settle_incident": Page(incident("open"), writes="settle_incident"),
    "pilots.grade_incident": Page(incident("open"), writes="settle_incident"),
    "pilots.reopen_incident": Page(incident("settled"), writes="settle_incident"),
    "pilots.resume": Page(measured(), writes="resume_pilot"),
    "pilots.spend": Page(ideas(*PILOTED), sees="see_pilot", writes="enter_spend"),
    "pilots.import_spend": Page(ideas(*PILOTED), sees="import_spend", writes="import_spend"),
    "pilots.correct_spend": Page(spent(), sees="correct_spend", writes="correct_spend"),
    "pilots.spend_proof": Page(spent(), sees="see_pilot"),
}
