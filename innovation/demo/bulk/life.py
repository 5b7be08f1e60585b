"""The life of one idea made in bulk: simulated along its journey until today, and written down as rows and events."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from innovation.demo.bulk.course import Course
from innovation.demo.bulk.handing import hand_in_papers, make_ask, write_revision
from innovation.demo.bulk.hearing import Hearing
from innovation.demo.bulk.owing import Owed
from innovation.demo.bulk.society import DAY, Event, Society
from innovation.demo.telling import moment
from innovation.gates.deadlines import working_days_after
from innovation.gates.events import IdeaPresented
from innovation.ideas import canvas, claims
from innovation.ideas.codes import SHARE, phase_codes
from innovation.ideas.events import ConsentGiven, IdeaCaptured, IdeaClaimed, IdeaResumed, IdeaWithdrawn, PilotStarted
from innovation.ideas.models import Consent, Contributor, Idea
from innovation.pilots.plan_models import Pilot, PilotSite
from workflows import Gate, JourneyFacts, State

# How likely an idea goes on from a stage to its gate, and how many days that takes.
GOES_ON = {
    "captured": (0.72, 15, 110),
    "concept": (0.5, 60, 280),
    "ready": (0.75, 30, 150),
    "piloting": (0.6, 150, 380),
    "replicating": (0.5, 250, 480),
}
WITHDRAWS, TAKES_LIGHT_WAY, SHARES = 0.03, 0.03, 0.85


class Life(Course):
    """One idea, from the clinic to where it stands today."""

    def __init__(self, society: Society, event: Event, number: int, seed: int) -> None:
        super().__init__(society, event, number, seed)
        self.owed: list[Owed] = []
        self.pilot: dict[str, Any] | None = None

    def live(self) -> None:
        """Let it happen, and write it down."""
        self._capture()
        if self.rng.random() < WITHDRAWS and self.wait(5, 60):
            self.fire("withdraw", JourneyFacts())
            self.tell(self.owner_id, IdeaWithdrawn(self.id, self.position.place))
        while self.position.standing == "active" and self._go_on():
            pass
        self._settle_down()

    # At the clinic

    def _capture(self) -> None:
        society, rng, event = self.society, self.rng, self.event
        cast = society.cast
        district_id, district = rng.choice(society.places[event.region.id])
        draft = society.words.draft(rng, district)
        owner_id = society.owner(rng, event.region, district, self.at)
        schools = society.schools.get(district_id, [])
        self.answers = draft.answers
        self.row = society.rows.add(
            Idea,
            programme_id=cast.programme.id,
            region_id=event.region.id,
            workflow_version_id=cast.programme.workflow_version_id,
            reference=society.next_reference(f"{event.region.prefix}{event.day.year % 100:02d}"),
            secret_digest=claims.digest(secrets.token_hex(8)),
            title=draft.title,
            summary=draft.answers["summary"],
            clinic_id=event.clinic_id,
            captured_by_id=society.facilitator_id,
            captured_at=self.at,
            owner_id=owner_id,
            theme_id=cast.themes[draft.theme].id,
            topic_id=cast.topics[draft.topic].id,
            phases=phase_codes(draft.phases),
            district_id=district_id,
            school_emis=rng.choice(schools) if schools and rng.random() < 0.4 else None,
            claimed_at=max(self.at, society.accounts[owner_id]) if owner_id in society.accounts else None,
            track="full",
            evidence_level=society.definition.evidence_levels[0].key,
        )
        self.tell(society.facilitator_id, IdeaCaptured(self.id, event.clinic_id, owner_id))
        self._agree("contact", society.facilitator_id)
        write_revision(self, society.facilitator_id)
        if rng.random() < 0.15:
            helper = society.person(f"Contributor, {district}", self.at, "helper")
            society.rows.add(Contributor, idea_id=self.id, person_id=helper, role="Teacher", added_at=self.at)

    def _agree(self, purpose: str, by: int) -> None:
        self.society.rows.add(
            Consent, idea_id=self.id, person_id=self.owner_id, purpose=purpose, recorded_by_id=by, given_at=self.at
        )
        self.tell(by, ConsentGiven(self.id, self.owner_id, purpose, 1))

    # From stage to stage

    def _go_on(self) -> bool:
        """One step along the line; False where the idea stays today."""
        likely, least, most = GOES_ON.get(self.position.place, (0, 0, 0))
        if self.rng.random() >= likely or not self.wait(least, most):
            return False
        if self.position.place == "ready":
            return self._start_pilot()
        return self._present() and self._be_heard()

    def _present(self) -> bool:
        """To the gate ahead, once nothing is owed from the last one."""
        self._settle_owed()
        if self.position.standing != "active" or any(item.open for item in self.owed):
            return False
        gate, trigger, facts = self._way()
        revised = self.at - DAY * 3
        if self.row["revision_number"] == 1 or self.recycles:
            self._claim(revised - DAY)
            write_revision(self, self.owner_id, revised)
        hand_in_papers(self, gate, revised)
        if gate.ask_required:
            make_ask(self, gate, revised + DAY)
        self.fire(trigger, facts)
        self.row["due_on"] = working_days_after(self.at.date(), gate.working_days, self.society.cast.programme.country)
        self.tell(self.owner_id, IdeaPresented(self.id, gate.key, self.row["track"]))
        return True

    def _claim(self, at: dt.datetime) -> None:
        """The owner opens a sign-in, or has one from another idea by now."""
        if self.row["claimed_at"] is None:
            if self.owner_id not in self.society.accounts:
                self.society.open_account(self.owner_id, f"owner{self.owner_id}@gatehouse.example", at)
            self.row["claimed_at"] = at
            self.tell(self.owner_id, IdeaClaimed(self.id, self.owner_id), at)

    def _way(self) -> tuple[Gate, str, JourneyFacts]:
        definition = self.society.definition
        if self.position.place == definition.stages[0].key and self.rng.random() < TAKES_LIGHT_WAY:
            self.row["track"] = "light"
            return definition.gate("light"), "present_light", JourneyFacts(light_faults=())
        gate = definition.gate_after(self.position.place)
        assert gate is not None
        return gate, "present", JourneyFacts()

    def _be_heard(self) -> bool:
        """Panels sit until the gate is left; False when that is not so today."""
        gate = self.society.definition.gate_at(self.position.place)
        while gate is not None and self.position == State(gate.place, "active"):
            hearing = Hearing(self, gate)
            if not hearing.run():
                return False
            self.fire(hearing.outcome, JourneyFacts(decided=True, **hearing.facts))
            hearing.take_effect()
            self.owed += hearing.owed
            if hearing.outcome == "hold":
                self._resume(hearing.until)
        if self.position.place == "ready" and self.shared_at is None and self.rng.random() < SHARES:
            self._share()
        return self.position.standing == "active"

    def _resume(self, until: dt.date) -> None:
        """Four of five ideas on hold go on when their day has come."""
        back = moment(until + DAY * 3, 10)
        if self.rng.random() < 0.8 and back < self.society.latest:
            self.at = back
            self.fire("resume", JourneyFacts())
            self.row["held_until"] = None
            self.tell(self.society.coordinator_id, IdeaResumed(self.id, self.position.place))

    def _share(self) -> None:
        before = self.at
        self.at = self.working(before + DAY * 2)
        if self.over:
            self.at = before
            return
        self.shared_at = self.at
        self._agree(SHARE, self.owner_id)

    def _start_pilot(self) -> bool:
        schools = self.society.schools.get(self.row["district_id"], [])
        sites = self.rng.sample(schools, min(len(schools), 6))
        self._settle_owed()
        if not sites or self.position.standing != "active":
            return False
        self.fire("start_pilot", JourneyFacts(pilot_ready=()))
        self.row["pilot_plan"] = {
            "sites": sites,
            "starts_on": (self.at + DAY * 7).date().isoformat(),
            "ends_on": (self.at + DAY * 370).date().isoformat(),
            "means": "Stipends and printing from the pilot fund; rooms and time from the schools.",
        }
        self.row["due_on"] = None
        self._plan(sites)
        self.tell(self.owner_id, PilotStarted(self.id, len(sites)))
        return True

    def _plan(self, sites: list[str]) -> None:
        """The pilot with its sites, as its plan was when it began."""
        if self.pilot is not None:
            self.pilot["state"] = "ended"  # the idea went back, and tries again
        kept = self.row["pilot_plan"]
        self.pilot = self.society.rows.add(
            Pilot,
            idea_id=self.id,
            number=self.pilot["number"] + 1 if self.pilot else 1,
            state="running",
            starts_on=dt.date.fromisoformat(kept["starts_on"]),
            ends_on=dt.date.fromisoformat(kept["ends_on"]),
            means=kept["means"],
            planned_by_id=self.owner_id,
            planned_at=self.at,
            revision_id=self.revision_id,
        )
        for emis in sites:
            self.society.rows.add(PilotSite, pilot_id=self.pilot["id"], place=emis, emis=emis)

    # Conditions

    def _settle_owed(self) -> None:
        """Bring conditions to where they stand at this moment."""
        for item in self.owed:
            item.bring_to(self.at)

    # Today

    def _settle_down(self) -> None:
        """Write where the idea stands."""
        self.at = self.society.latest
        self._settle_owed()
        row, definition, society = self.row, self.society.definition, self.society
        place, standing = self.position
        row |= {"place": place, "standing": standing, "place_since": self.since, "updated_at": self.since}
        row["search_text"] = canvas.search_text(definition, self.answers)
        listed = definition.place_index(place) >= definition.place_index(definition.funders_from)
        if listed and standing == "active" and self.shared_at is not None and "ask" in self.has:
            row["listed_at"] = self.shared_at
        if self.pilot is not None and definition.place_index(place) > definition.place_index("at_replication"):
            self.pilot["state"] = "ended"
        society.counted[row["region_id"], place, standing] += 1
        if standing == "active":
            society.alive[row["region_id"]].append(row)
