"""Who sees each thing in the world of the tests, and how its addresses are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from innovation.accounts.models import Person
from innovation.clinics.models import Clinic
from innovation.db import db
from innovation.funders.models import Funder
from innovation.gates.after_models import Reconsideration, Waiver
from innovation.gates.models import Condition, Panel, Review, Seat
from innovation.gates.queries import as_asked
from innovation.ideas.models import Idea
from innovation.programmes.models import Programme
from tests.architecture.world import SEATS, World

STRANGERS = frozenset({"stranger", "ended"})
PERSONAS = (
    "stranger",
    "ended",
    "nobody",
    "former",
    "owner",
    "contributor",
    "other_owner",
    "facilitator",
    "other_facilitator",
    "other_region",
    "coordinator",
    "walled",
    "manager",
    "foreign_manager",
    "administrator",
    "funder_admin",
    "funder_member",
    "other_funder",
    *SEATS,
)
SIGNED_IN = frozenset(PERSONAS) - STRANGERS

# Who sees what: written down by hand, so that a query that shows too much has something to differ from

TEAM = {"owner", "contributor"}
STAFF = {"coordinator", "walled", "manager"}
AROUND = TEAM | STAFF | {"facilitator"}
CLEARED = {"chair", "seat_none", "seat_accepted", "observer", "secretary"}
SEATED = set(SEATS) - {"seat_recused"}
IDEAS: dict[str, set[str]] = {
    "captured": AROUND - {"walled"},
    "held": AROUND,
    "stopped": AROUND,
    "waiting": AROUND,
    "convened": AROUND | CLEARED,
    "scoring": (AROUND | CLEARED) - {"walled"},
    "decided": AROUND | SEATED,
    "settled": AROUND | SEATED,
    "ready": AROUND,
    "introduced": AROUND,
    "talked": AROUND,
    "funded": AROUND,
    "piloting": AROUND,
    "system replicating": AROUND,
    "system institutionalised": AROUND,
    "another's": STAFF | {"other_owner", "other_facilitator"},
    "foreign": {"foreign_manager"},
    "behind a wall": AROUND - {"walled"},
}
REVIEWS: dict[str, set[str]] = {
    "convened": AROUND | SEATED,
    "scoring": (AROUND | SEATED) - {"walled"},
    "decided": AROUND | SEATED,
    "settled": AROUND | SEATED,
    "foreign": {"foreign_manager"},
}


@dataclass(frozen=True)
class Case:
    """A thing that an address names: its arguments, the thing for the policies, and who may know of it.

    Whoever may not know of a thing finds nothing; that a page exists is no secret.
    """

    name: str
    arguments: dict[str, Any]
    thing: Callable[[], Any]
    seen_by: frozenset[str]
    secret: bool = True


Cases = Callable[[World], list[Case]]


def nothing() -> None:
    return None


def get(model: type[Any], number: int) -> Callable[[], Any]:
    return lambda: db.session.get_one(model, number)


def first(model: type[Any], **by: Any) -> Callable[[], Any]:
    return lambda: db.session.query(model).filter_by(**by).first()


def site(_world: World) -> list[Case]:
    return [Case("the site", {}, nothing, SIGNED_IN)]


def ideas(*names: str) -> Cases:
    """Ideas by name; without names the ones that differ most in who sees them."""

    def cases(world: World) -> list[Case]:
        return [
            Case(
                name,
                {"reference": world.things["idea"][name]},
                get(Idea, world.things["idea_id"][name]),
                frozenset(IDEAS[name]),
            )
            for name in names or ("captured", "scoring", "foreign", "behind a wall")
        ] + [Case("no such idea", {"reference": "LP26-999999"}, nothing, frozenset())]

    return cases


def idea_with(
    names: tuple[str, ...] = (), thing: Callable[[World], Callable[[], Any]] | None = None, **more: Any
) -> Cases:
    """Ideas with further arguments in the address, and perhaps another thing for the policies to look at."""

    def cases(world: World) -> list[Case]:
        return [
            Case(
                case.name,
                {**case.arguments, **{k: v(world) if callable(v) else v for k, v in more.items()}},
                thing(world) if thing and case.seen_by else case.thing,
                case.seen_by,
            )
            for case in ideas(*names)(world)
        ]

    return cases


def reviews(*names: str) -> Cases:
    def cases(world: World) -> list[Case]:
        return [
            Case(
                name,
                {"review_id": world.things["review"][name]},
                get(Review, world.things["review"][name]),
                frozenset(REVIEWS[name]),
            )
            for name in names or ("convened", "scoring", "decided", "foreign")
        ] + [Case("no such review", {"review_id": 999_999}, nothing, frozenset())]

    return cases


def seats(*personas: str) -> Cases:
    """The seats of some personas at the review that is being scored."""

    def cases(world: World) -> list[Case]:
        review_id = world.things["review"]["scoring"]
        found = [
            Case(
                f"the seat of {persona}",
                {"review_id": review_id, "seat_id": world.things["seat"][persona]},
                get(Seat, world.things["seat"][persona]),
                frozenset(REVIEWS["scoring"]),
            )
            for persona in personas
        ]
        nowhere = Case("no such seat", {"review_id": review_id, "seat_id": 999_999}, nothing, frozenset())
        return [*found, nowhere]

    return cases


def own_seat(*, scoring: bool = False) -> Cases:
    """A review whose page is there for whoever has a seat; the policy is asked about that very seat."""

    def cases(world: World) -> list[Case]:
        personas = SEATED - {"observer", "secretary"} if scoring else SEATED
        review_id = world.things["review"]["scoring"]
        return [Case("scoring", {"review_id": review_id}, nothing, frozenset(personas))]

    return cases


def panels(world: World) -> list[Case]:
    seen = {"screening": STAFF | {"other_region"}, "foreign": {"foreign_manager"}}
    return [
        Case(name, {"panel_id": world.things["panel"][name]}, get(Panel, world.things["panel"][name]), frozenset(who))
        for name, who in seen.items()
    ] + [Case("no such panel", {"panel_id": 999_999}, nothing, frozenset())]


def panel_members(world: World) -> list[Case]:
    """A member of the panel, as those see it who may know of the panel; and somebody who is not on it."""
    panel_id = world.things["panel"]["screening"]
    who = frozenset(STAFF | {"other_region"})
    on_it = {"panel_id": panel_id, "person_id": world.people["seat_none"]}
    return [
        Case("a member", on_it, get(Panel, panel_id), who),
        Case("no such panel", {**on_it, "panel_id": 999_999}, nothing, frozenset()),
    ]


def conditions(world: World) -> list[Case]:
    number = world.things["condition"]["open"]
    return [
        Case("open", {"condition_id": number}, get(Condition, number), frozenset(IDEAS["decided"])),
        Case("no such condition", {"condition_id": 999_999}, nothing, frozenset()),
    ]


def reconsiderations(world: World) -> list[Case]:
    """A request to look at a decision again: its team and staff know of it, of whom the manager is asked to answer."""
    number = world.things["reconsideration"]["asked"]
    return [
        Case("asked", {"number": number}, get(Reconsideration, number), frozenset(TEAM | STAFF)),
        Case("no such request", {"number": 999_999}, nothing, frozenset()),
    ]


def waivers(world: World) -> list[Case]:
    """A waiver that is asked for: whoever chairs a panel of that gate answers, and knows nothing else of the idea."""
    number = world.things["waiver"]["asked"]
    return [
        Case(
            "asked",
            {"number": number},
            lambda: as_asked(db.session.get_one(Waiver, number)),
            frozenset(IDEAS["captured"] | {"chair"}),
        ),
        Case("no such waiver", {"number": 999_999}, nothing, frozenset()),
    ]


def programmes(**more: Any) -> Cases:
    def cases(world: World) -> list[Case]:
        seen = {"home": {"administrator", "manager"}, "foreign": {"administrator", "foreign_manager"}}
        return [
            Case(
                name,
                {"key": world.things["programme"][name], **more},
                first(Programme, key=world.things["programme"][name]),
                frozenset(who),
            )
            for name, who in seen.items()
        ] + [Case("no such programme", {"key": "nowhere", **more}, nothing, frozenset())]

    return cases


def people(whose: str = "facilitator", **more: Any) -> Cases:
    """A person with a role in the programme: administrators and its managers may open their page."""

    def cases(world: World) -> list[Case]:
        arguments = {k: v(world) if callable(v) else v for k, v in more.items()}
        number = world.people[whose]
        nobody = world.people["nobody"]
        return [
            Case(
                whose,
                {"person_id": number, **arguments},
                get(Person, number),
                frozenset({"administrator", "manager"}),
            ),
            Case(
                "nobody",
                {"person_id": nobody, **arguments},
                get(Person, nobody),
                frozenset({"administrator"} if not arguments else ()),
            ),
            Case("no such person", {"person_id": 999_999, **arguments}, nothing, frozenset()),
        ]

    return cases


def clinics(**more: Any) -> Cases:
    def cases(world: World) -> list[Case]:
        arguments = {k: v(world) if callable(v) else v for k, v in more.items()}
        seen = {
            "here": STAFF | {"facilitator"},
            "there": STAFF | {"other_facilitator"},
            "foreign": {"foreign_manager"},
        }
        return [
            Case(
                name,
                {"code": world.things["clinic"][name], **arguments},
                get(Clinic, world.things["clinic_id"][name]),
                frozenset(who),
            )
            for name, who in seen.items()
        ] + [Case("no such clinic", {"code": "CL-LP-2026-99", **arguments}, nothing, frozenset())]

    return cases


def own(kind: str, whose: str, argument: str) -> Cases:
    """A thing of one person, which nobody else may know of."""

    def cases(world: World) -> list[Case]:
        number = world.things[kind][whose]
        return [
            Case(whose, {argument: number}, nothing, frozenset({whose})),
            Case(f"no such {kind}", {argument: 999_999}, nothing, frozenset()),
        ]

    return cases


def among(*personas: str) -> Cases:
    """A page for these people, who are known by what they do and not by one role."""
    return lambda _world: [Case("the page", {}, nothing, frozenset(personas), secret=False)]


def funders(**more: Any) -> Cases:
    def cases(world: World) -> list[Case]:
        arguments = {k: v(world) if callable(v) else v for k, v in more.items()}
        keepers = {"administrator", "manager", "foreign_manager", "coordinator", "walled", "other_region"}
        seen = {"one": keepers | {"funder_admin", "funder_member"}, "other": keepers | {"other_funder"}}
        return [
            Case(
                name,
                {"key": world.things["funder_key"][name], **arguments},
                get(Funder, world.things["funder"][name]),
                frozenset(who),
            )
            for name, who in seen.items()
            if not arguments or name == "one"
        ] + [Case("no such funder", {"key": "nobody", **arguments}, nothing, frozenset())]

    return cases


def packs(*personas: str) -> Cases:
    """Ideas that funders may browse, for these people, and ideas that they may not."""

    def cases(world: World) -> list[Case]:
        return [
            Case(
                name, {"reference": world.things["idea"][name]}, nothing, frozenset(personas if name == "ready" else ())
            )
            for name in ("ready", "captured", "scoring", "piloting", "foreign")
        ]

    return cases


def only(*personas: str, **arguments: Any) -> Cases:
    """Something that only these people may know of."""

    def cases(world: World) -> list[Case]:
        given = {k: v(world) if callable(v) else v for k, v in arguments.items()}
        return [Case("the thing", given, nothing, frozenset(personas))]

    return cases


@dataclass(frozen=True)
class Page:
    """One endpoint: what it is about, and which policies its GET and its POST ask beyond seeing the thing.

    ``absent`` says why somebody who is allowed may find nothing there in this world; ``by_token`` that a phone which
    joined a clinic gets further than others.
    """

    cases: Cases = site
    sees: str = ""
    writes: str = ""
    public: bool = False
    absent: str = ""
    by_token: bool = False
