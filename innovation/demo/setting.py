"""Where the demonstration takes place: its programme, places, sign-ins and panels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import current_app

from innovation.accounts import commands as accounts
from innovation.accounts.models import Person
from innovation.accounts.scopes import SITE, Scope
from innovation.db import db
from innovation.demo.cast import Cast
from innovation.demo.telling import Telling
from innovation.demo.written import DATA, Written
from innovation.gates import commands as gates
from innovation.gates.models import Panel
from innovation.permission import SYSTEM
from innovation.places import commands as places
from innovation.places.models import District
from innovation.programmes import commands as programmes
from innovation.programmes.models import Programme, Region, Theme, Topic
from innovation.tables import read_table
from workflows import library_text

PASSWORD = "gatehouse demo"  # noqa: S105 - printed for everybody who loads the demonstration
REGISTER_OF = dt.date(2017, 3, 31)


@contextmanager
def cheap_passwords() -> Iterator[None]:
    """Spend no seconds on hashing a password that is printed; who signs in gets a hash as strong as any."""
    usual = current_app.config["SETTINGS"]
    cheap = usual.changed(password_time_cost=1, password_memory_kib=64)
    current_app.config["SETTINGS"] = cheap
    try:
        yield
    finally:
        current_app.config["SETTINGS"] = usual


def set_up(written: Written, telling: Telling) -> Cast:
    """The programme with its lists, the places and the panels, and everybody who signs in."""
    places.load_districts(SYSTEM)
    places.import_schools(
        SYSTEM, read_table((DATA / "schools.csv").read_bytes(), "schools.csv"), as_of=REGISTER_OF, register="demo"
    )
    cast = _programme(written, telling)
    for account in written.accounts:
        cast.people[account["key"]] = _person(account)
    for account in written.accounts:
        _give_roles(cast, account)
        _register_interests(cast, account)
    return cast


def _programme(written: Written, telling: Telling) -> Cast:
    told = written.setting["programme"]
    settings = {key: told[key] for key in ("timezone", "country", "currency", "responsible_party", "notice")}
    version = programmes.publish_workflow(SYSTEM, library_text(told["workflow"]))
    programme = programmes.make_programme(
        SYSTEM, key=told["key"], name=told["name"], workflow_version=version, **settings
    )
    regions: dict[str, Region] = {}
    themes: dict[str, Theme] = {}
    topics: dict[str, Topic] = {}
    for which in ("themes", "topics"):
        for entry in written.setting[which]:
            made = programmes.add_entry(SYSTEM, programme, which=which, name=entry["name"])
            if isinstance(made, Theme):
                themes[entry["key"]] = made
            elif isinstance(made, Topic):
                topics[entry["key"]] = made
    for entry in written.setting["regions"]:
        region = programmes.add_entry(
            SYSTEM, programme, which="regions", name=entry["name"], prefix=entry["key"], province_code=entry["province"]
        )
        assert isinstance(region, Region)
        regions[entry["key"]] = region
    districts = {(d.province_code, d.name): d.id for d in db.session.scalars(sa.select(District))}
    return Cast(written, programme, regions, themes, topics, districts, telling)


def _person(account: dict[str, str]) -> Person:
    """Somebody who signs in, known by their role."""
    person = Person(name=account["name"], email=account["email"], is_demo=True)
    db.session.add(person)
    db.session.flush()
    accounts.open_account(SYSTEM, person, password=PASSWORD)
    return person


def _give_roles(cast: Cast, account: dict[str, list[dict[str, str]]]) -> None:
    """The roles of an account within the programme; those within a funder come with the funder."""
    for grant in account["grants"]:
        if "funder" not in grant:
            person = cast.people[str(account["key"])]
            accounts.add_role(SYSTEM, person, grant["role"], _scope(cast.programme, grant, cast.regions))


def _register_interests(cast: Cast, account: dict[str, Any]) -> None:
    """What a member has put into their own register: some of it ties them to ideas that they are asked to score."""
    person = cast.people[str(account["key"])]
    for entry in account.get("interests", []):
        what = {key: value for key, value in entry.items() if key not in ("province", "district")}
        district_id = cast.districts[entry["province"], entry["district"]] if "district" in entry else None
        accounts.register_interest(cast.actor(person), person, district_id=district_id, **what)


def _scope(programme: Programme, grant: dict[str, str], regions: dict[str, Region]) -> Scope:
    if grant["role"] == "administrator":
        return SITE
    if "region" in grant:
        region = regions[grant["region"]]
        return Scope(f"region:{region.id}", region.name, programme_id=programme.id, region_id=region.id)
    return Scope(f"programme:{programme.id}", programme.name, programme_id=programme.id)


def make_panels(cast: Cast) -> None:
    """The panels, made by the programme's manager."""
    for panel in cast.written.setting["panels"]:
        region = cast.regions[panel["region"]] if "region" in panel else None
        gates.make_panel(
            cast.actor("manager"),
            cast.programme,
            name=panel["name"],
            gate_key=panel["gate"],
            region_id=region.id if region else None,
            members=[
                gates.MemberTerms(cast.people[seat["account"]].id, seat["role"], term_until=seat.get("until"))
                for seat in panel["seats"]
            ],
        )
    _say_what_they_know(cast)


def _say_what_they_know(cast: Cast) -> None:
    """What some members know and how much they take, said once: it holds on all their panels."""
    panels = list(db.session.scalars(sa.select(Panel).order_by(Panel.id)))
    for said in cast.written.setting["expertise"]:
        person_id = cast.people[said["account"]].id
        panel = next(p for p in panels if any(member.person_id == person_id for member in p.members))
        gates.describe_member(
            cast.actor("manager"),
            panel,
            person_id=person_id,
            themes=[cast.themes[key].key for key in said["themes"]],
            topics=[cast.topics[key].key for key in said["topics"]],
            phases=said["phases"],
            cap=said.get("cap"),
        )
