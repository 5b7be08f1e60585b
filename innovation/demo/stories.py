"""The way of each idea of the demonstration, told through the commands that people use."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import sqlalchemy as sa

from innovation.accounts.models import Token
from innovation.accounts.queries import CLAIM
from innovation.clinics import cards
from innovation.clinics.models import Clinic
from innovation.db import db
from innovation.demo import afterwards, fieldwork, measured, mishaps, piloting
from innovation.demo.asking import as_asked_at, make_ask, share
from innovation.demo.cast import Cast
from innovation.demo.fates import settle, terms_of
from innovation.demo.meetings import held
from innovation.demo.papers import paper_for
from innovation.demo.rereading import ASKED, LEFT_OUT, leave_out, read_again
from innovation.demo.setting import PASSWORD
from innovation.demo.sitting import Sitting
from innovation.demo.system import hand_in_home
from innovation.demo.telling import Story, moment
from innovation.demo.written import working_day
from innovation.gates import commands as gates
from innovation.ideas import capture, claims, commands, queries
from innovation.ideas.models import Handin, Idea
from innovation.places.models import School
from workflows import Deliverable, Gate

FIRST_WORDS = ("problem", "who_has_it", "evidence", "summary", "first_test", "phases")
STILL_FIRST = ("gogos-reading-bench", "learners-access-audit")  # captured, and no more so far
DAY = dt.timedelta(days=1)


class IdeaStory:
    """One idea from its clinic to where it stands today."""

    def __init__(self, cast: Cast, told: dict[str, Any], place_in_line: int) -> None:
        self.cast, self.told, self.number = cast, told, place_in_line
        self.key: str = told["key"]
        self.today = cast.written.today
        self.day: dt.date = next(c["date"] for c in cast.written.clinics if c["key"] == told["clinic"])

    @property
    def idea(self) -> Idea:
        return self.cast.idea(self.key)

    @property
    def owner(self) -> Any:
        return self.cast.actor(self.idea.owner)

    @property
    def coordinator(self) -> Any:
        return self.cast.coordinator_of(self.idea.region)

    def tell(self) -> Story:
        yield moment(self.day, 10) + dt.timedelta(minutes=7 * self.number)
        self._capture()
        yield from self._contributors()
        if self.key not in STILL_FIRST:
            yield from self._work_out()
        for number, decision in enumerate(self.told["story"].get("decisions", [])):
            yield from self._gate(decision | {"on": working_day(decision["on"])}, number)
        if self.key in afterwards.LOOKED_AT_AGAIN:
            yield from afterwards.look_again(self.cast, self.idea, self.day)
        if self.key in afterwards.ASKS_AGAIN:
            yield from afterwards.ask_again(self.cast, self.idea, self.day)
        yield from self._end()

    # At the clinic, and just after

    def _capture(self) -> None:
        told, cast = self.told, self.cast
        account = cast.owner_key(self.key)
        person = cast.people[account] if account else None
        answers = {key: value for key, value in self._answers().items() if key in FIRST_WORDS}
        clinic = db.session.get_one(Clinic, cast.clinics[told["clinic"]])
        card = cards.next_card(clinic)
        write_down = partial(cards.type_in_card, number=card.number) if card else capture.capture_idea
        captured = write_down(
            cast.actor("facilitator"),
            clinic,
            answers=answers
            | {
                "title": told["title"],
                "theme": cast.themes[told["theme"]].id,
                "topic": cast.topics[told["topic"]].id,
                "where": (cast.districts[told["province"], told["district"]], told.get("school_emis")),
            },
            owner_name=person.name if person else told["owner_role"],
            owner_email=person.email if person else f"owner.{told['key']}@gatehouse.example",
            consents=("contact",),
        )
        cast.ideas[self.key] = captured.idea.id

    def _claim(self) -> None:
        """The owner named at the clinic follows the link that was mailed, unless they have a sign-in."""
        token = db.session.scalar(sa.select(Token).filter_by(kind=CLAIM, subject_id=self.idea.id))
        if token is not None:
            claims.claim_idea(self.owner, token, name=self.idea.owner.name, password=PASSWORD)

    def _answers(self) -> dict[str, Any]:
        canvas = dict(self.told["canvas"], phases=list(self.told["phases"]))
        if "cost_per_learner" in canvas:
            canvas["cost_per_learner"] *= 100
        return canvas

    def _contributors(self) -> Story:
        for account in self.cast.written.accounts:
            if self.key in account.get("contributes_to", []):
                yield moment(self.day + DAY, 15)
                person = self.cast.people[account["key"]]
                commands.add_contributor(
                    self.owner, self.idea, name=person.name, email=person.email, role="Foundation Phase teacher"
                )

    def _work_out(self) -> Story:
        """The whole canvas, handed in by the owner a day or two later."""
        yield moment(self.day + DAY, 18, 40)
        self._claim()
        yield moment(self.day + DAY * 2, 16, 5)
        idea = self.idea
        if self._answers() != queries.latest_revision(idea).answers:
            commands.hand_in_canvas(self.owner, idea, answers=self._answers(), based_on=idea.revision_number)
        self.day += DAY * 2

    # To a gate and through it

    def _gate(self, decision: dict[str, Any], number: int) -> Story:
        on, gate = decision["on"], self.idea.definition.gate(decision["gate"])
        lead = min(28, int((on - self.day).days * 0.75))
        convened = yield from self._to_gate(gate, on - dt.timedelta(days=lead))
        sitting = Sitting(self.cast, self.key, number, decision["level"], convened, on, dict(decision.get("musts", {})))
        sitting.leads_to = decision["outcome"]
        yield from sitting.run()
        if decision.get("meeting"):
            self.cast.telling.begin(held(self.cast, sitting, on))
        yield moment(on, 11, 15)
        sitting.decide(decision, **self._details(decision, gate))
        made = sitting.review.decision
        self.day = on
        if made is not None and made.conditions:
            self.cast.telling.begin(settle(self.cast, self.key, made, on))
        piloting.end(self.cast, self.key)
        if self.idea.place == "ready":
            yield from share(self.cast, self.key, on + DAY * 3)

    def _to_gate(self, gate: Gate, ready_on: dt.date) -> Any:
        """Bring the idea to the gate by a day; gives the day on which the panel is convened."""
        idea = self.idea
        if idea.standing == "held":
            yield moment(ready_on, 8)
            gates.resume_idea(self.coordinator, self.idea)
        if idea.place == gate.place:
            return ready_on
        if idea.where.place != gate.comes_from:
            yield from self._start_pilot(min(self.day + DAY * 40, ready_on - DAY * 12))
        began = max(self.day, ready_on - DAY * 9)
        yield from self._papers(gate, began, ready_on)
        if gate.ask_required:
            yield moment(began + DAY, 12)
            make_ask(self.cast, as_asked_at(self.told, gate), self.owner, self.idea)
        if gate.key in ("replication", "institutionalisation"):
            yield moment(ready_on - DAY, 15)
            commands.accept_evidence(self.coordinator, self.idea, level=self.told["ask"]["evidence_level"])
        yield moment(ready_on, 9)
        gates.present_idea(self.owner, self.idea)
        return ready_on + (DAY if ready_on.weekday() < 4 else DAY * 3)

    def _papers(self, gate: Gate, began: dt.date, ready_on: dt.date) -> Story:
        """Hand in what the gate asks for and does not have yet, and have it accepted."""
        have = {handin.deliverable for handin in queries.list_handins(self.idea) if self._lasts(handin, ready_on)}
        asked = [a.deliverable for a in gate.asks if a.required and a.deliverable.kind != "generated"]
        again = {"next_plan", "budget", "measurement_plan"} if gate.ask_required else set()
        waived = next((item.key for item in asked if item.key == afterwards.WAIVED.get(self.key)), None)
        wanted = [item for item in asked if item.key != waived and (item.key in again or item.key not in have)]
        handed_in = []
        yield moment(began, 17)
        for item in wanted:
            handed_in.append(self._hand_in(item, gate, began))
        yield moment(max(began, ready_on - DAY), 10)
        for handin in handed_in:
            commands.accept_deliverable(self.coordinator, handin)
        if waived:
            yield moment(max(began, ready_on - DAY), 14)
            afterwards.waive(self.cast, self.idea, gate, waived)

    def _lasts(self, handin: Handin, day: dt.date) -> bool:
        return handin.state == "accepted" and (handin.expires_on is None or handin.expires_on > day)

    def _hand_in(self, deliverable: Deliverable, gate: Gate, day: dt.date) -> Handin:
        if queries.is_made(self.idea, deliverable) and queries.is_of_system(deliverable):
            return hand_in_home(self.owner, self.idea, deliverable.key)
        if queries.is_made(self.idea, deliverable):
            return measured.hand_in(self.owner, self.idea, deliverable.key)
        paper = paper_for(deliverable, as_asked_at(self.told, gate), self.cast.written.deliverables, day)
        return commands.hand_in_deliverable(
            self.owner,
            self.idea,
            deliverable=deliverable.key,
            content=paper.content,
            file=paper.file,
            expires_on=paper.expires_on,
        )

    def _details(self, decision: dict[str, Any], gate: Gate) -> dict[str, Any]:
        """What the outcome requires, from the story or as panels of the demonstration usually say it."""
        on = decision["on"]
        merged = self.cast.idea(decision["merge_into"]).reference if "merge_into" in decision else None
        return {
            "plan": "The plan for the next stage, as handed in.",
            "next_date": on + DAY * (180 if gate.key == "screening" else 365),
            "resources": "Two days a month of the programme's coach; the coordinator keeps the dates.",
            "conditions": terms_of(self.cast, self.key, decision),
            "target": decision.get("target"),
            "rework": decision.get("rework"),
            "resubmit_by": on + DAY * 90,
            "hold_reason": decision.get("hold_reason"),
            "review_date": decision.get("until"),
            "stop_reason": decision.get("stop_reason"),
            "lesson": decision.get("lesson"),
            "thanks": "Thank you for the work that you put into this. What you learned stays with the programme.",
            "merge_into": merged,
            "refer_to": decision.get("refer_to"),
        }

    def _start_pilot(self, day: dt.date) -> Story:
        self.day = max(self.day + DAY, day)
        yield moment(self.day, 12, 30)
        first, ask = self.day + DAY * 7, self.told["ask"]
        last = self.day + DAY * 30 * ask["months"]
        piloting.start(
            *(self.cast, self.key), schools=self._sites(), starts_on=first, ends_on=last, learners=ask.get("learners")
        )
        self.cast.telling.begin(piloting.amend(self.cast, self.key, first))
        self.cast.telling.begin(mishaps.happened(self.cast, self.key, first))
        for story in (fieldwork.visits, fieldwork.cycles, measured.readings):
            self.cast.telling.begin(story(self.cast, self.key, first))

    def _sites(self) -> list[str]:
        """Schools of the idea's district, or else of its province."""
        idea, many = self.idea, min(self.told["ask"]["schools"], 8)
        nearest = sa.case((School.emis == idea.school_emis, 0), (School.district_id == idea.district_id, 1), else_=2)
        query = (
            sa.select(School.emis).where(School.province_code == self.told["province"]).order_by(nearest, School.emis)
        )
        return list(db.session.scalars(query.limit(many)))

    # Where the story stops today

    def _end(self) -> Story:
        story = self.told["story"]
        if story["standing"] == "withdrawn":
            yield moment(self.today, 18)
            commands.withdraw_idea(self.owner, self.idea)
        elif (self.idea.place, story["reaches"]) == ("ready", "piloting"):
            yield from self._start_pilot(min(self.day + DAY * 40, self.today - DAY * 5))
        elif (self.idea.place, story["reaches"], story["standing"]) == ("ready", "ready", "active"):
            yield from piloting.plan(self.cast, self.key, self._sites())
        elif "panel" in story:
            yield from self._panel_at_work(story["panel"])
        elif story["standing"] == "active" and self.idea.place == "concept":
            yield from self._half_ready()

    def _panel_at_work(self, panel: dict[str, Any]) -> Story:
        gate = self._next_gate()
        lead = 12 if gate.key == "screening" else 19
        if self.key in afterwards.REWORKED:
            yield moment(self.day + DAY * 9, 16)
            answers = afterwards.REWORKED[self.key]
            commands.hand_in_canvas(self.owner, self.idea, answers=answers, based_on=self.idea.revision_number)
        convened = yield from self._to_gate(gate, max(self.day + DAY * 4, self.today - DAY * lead))
        sitting = Sitting(self.cast, self.key, 99, panel["level"], convened, self.today, submitted=panel["submitted"])
        yield from sitting.run()
        if self.key in afterwards.HELD_BACK:
            yield moment(self.today, 17)
            decision = afterwards.held_back(self.today)
            sitting.decide(decision, announce="later", **self._details(decision, gate))
        if self.key == ASKED:
            yield from read_again(self.cast, sitting, self.owner, self.coordinator, self.today)
        if self.key == LEFT_OUT:
            yield from leave_out(self.cast, sitting, self.today)

    def _next_gate(self) -> Gate:
        gate = self.idea.definition.gate_at(self.told["story"]["reaches"])
        assert gate is not None
        return gate

    def _half_ready(self) -> Story:
        """On the way to the next gate: some papers accepted, one returned, one waiting to be read."""
        gate = self.idea.definition.gate_after("concept")
        assert gate is not None
        keys = ("theory_of_change", "next_plan", "risks", "measurement_plan", "safeguarding")
        have = {handin.deliverable for handin in queries.list_handins(self.idea)}
        items = [self.idea.definition.deliverable(key) for key in keys if key not in have]
        yield moment(max(self.day + DAY, self.today - DAY * 9), 16)
        handed_in = [self._hand_in(item, gate, self.today) for item in items]
        yield moment(max(self.day + DAY, self.today - DAY * 4), 9, 45)
        for handin in handed_in[:2]:
            commands.accept_deliverable(self.coordinator, handin)
        for handin in handed_in[2:3]:
            reason = "A clear start. Please add who watches each risk, by role."
            commands.return_deliverable(self.coordinator, handin, reason=reason)
        if self.key in afterwards.ASKS_WAIVER:
            yield moment(self.today - DAY, 15)
            afterwards.ask_waiver(self.cast, self.idea)
