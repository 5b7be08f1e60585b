"""What a programme calls its sites and people, and whom its clinics count."""

from __future__ import annotations

from dataclasses import dataclass, fields

from .tables import Table


@dataclass(frozen=True)
class Words:
    """What a programme calls the places where ideas are tried, and the people whom they reach.

    ``site_number`` is the number by which sites stand in the register; without it, sites are named in words.
    ``share`` names the sites whose share of all sites is asked for; without it, nobody asks.
    """

    site: str = "Site"
    sites: str = "Sites"
    site_number: str = ""
    district: str = "District"
    districts: str = "Districts"
    reached: str = "People reached"
    cost: str = "Cost for each person in a year"
    cost_short: str = "For each person"
    share: str = ""


@dataclass(frozen=True)
class Attendee:
    """A kind of people who come to clinics, counted there."""

    key: str
    name: str


ATTENDEES = (
    Attendee("officials", "Officials"),
    Attendee("residents", "Residents"),
    Attendee("youth", "Young people"),
    Attendee("ngos", "NGOs"),
    Attendee("business", "Business"),
    Attendee("others", "Others"),
)

PLAIN = Words()


def read_words(table: Table) -> Words:
    """What the definition calls things; whatever it does not name keeps its plain word."""
    if table.absent("words"):
        return Words()
    inner = table.table("words")
    said = {each.name: inner.text(each.name, default=getattr(Words, each.name)) for each in fields(Words)}
    inner.close()
    return Words(**{name: text or getattr(Words, name) for name, text in said.items()})


def read_attendee(table: Table) -> Attendee:
    attendee = Attendee(table.key(), table.text("name"))
    table.close()
    return attendee
