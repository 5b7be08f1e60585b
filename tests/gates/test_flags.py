"""What binds a person to an idea: the flags that are raised, each with its evidence, for many pairs at once."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from innovation.accounts.models import Affiliation, Person, RegisteredInterest
from innovation.db import db, now
from innovation.funders.models import Interest
from innovation.gates.interests import Flag, domain_of, plain
from innovation.gates.queries import flags_between, flags_on
from innovation.ideas.models import Idea
from tests import make
from tests.databases import statements

pytestmark = pytest.mark.usefixtures("app")


def registered(whose: Person, kind: str = "organisation", **more: object) -> RegisteredInterest:
    return make.add(RegisteredInterest(person_id=whose.id, kind=kind, **more))


def noted(whose: Person, **more: object) -> Affiliation:
    return make.add(Affiliation(person_id=whose.id, **more))


def flags(whose: Person, idea: Idea) -> tuple[Flag, ...]:
    return flags_on(whose.id, idea.id)


def test_nothing_binds_strangers() -> None:
    member, idea = make.person(), make.idea()

    assert flags(member, idea) == ()


def test_the_people_behind_an_idea_are_flagged_as_what_they_are() -> None:
    idea = make.idea(captured_by_id=make.person("Scribe").id)
    helper = make.contributor(idea)
    scribe = make.first(Person, name="Scribe")

    found = [flags(person, idea) for person in (idea.owner, helper, scribe)]

    assert found == [(Flag("owner"),), (Flag("contributor"),), (Flag("captured"),)]


@pytest.mark.parametrize(
    ("scope", "ended", "expected"),
    [
        ("clinic", False, (Flag("facilitator", what="Literacy clinic"),)),
        ("clinic", True, (Flag("facilitator", what="Literacy clinic"),)),
        ("programme", False, (Flag("facilitator", what="Literacy clinic"),)),
        ("programme", True, ()),
        ("another clinic", False, ()),
    ],
)
def test_the_facilitator_of_its_clinic_is_flagged_also_afterwards(
    scope: str, ended: bool, expected: tuple[Flag, ...]
) -> None:
    clinic, other = make.clinic(), make.clinic()
    idea = make.idea(clinic_id=clinic.id)
    where = {"clinic": {"clinic_id": clinic.id}, "another clinic": {"clinic_id": other.id}, "programme": {}}[scope]
    facilitator = make.staff("facilitator", **where)
    facilitator.grants[0].ended_at = now() if ended else None

    assert flags(facilitator, idea) == expected


def test_the_same_school_is_found_by_its_number_and_by_its_name() -> None:
    school = make.school()
    idea, at_school, by_name = make.idea(school_emis=school.emis), make.person(), make.person()
    registered(at_school, "school", school_emis=school.emis)
    registered(by_name, organisation="DEMO primary school")

    expected = (Flag("school", what="Demo Primary School"),)

    assert [flags(person, idea) for person in (at_school, by_name)] == [expected, expected]


def test_the_same_organisation_is_the_same_however_it_is_written() -> None:
    idea, member = make.idea(), make.person()
    helper = make.contributor(idea)
    noted(idea.owner, organisation="Demo Reading Trust NPC")
    noted(helper, organisation="Books for All")
    registered(member, organisation="The demo reading trust")
    registered(member, organisation="books for all")

    assert flags(member, idea) == (
        Flag("organisation", "owner", "Demo Reading Trust NPC"),
        Flag("organisation", "contributor", "Books for All"),
    )


@pytest.mark.parametrize(
    ("theirs", "owners", "flagged"),
    [
        ("a@reading.example.org", "b@READING.example.org", True),
        ("a@gmail.com", "b@gmail.com", False),
        ("a@mweb.co.za", "b@mweb.co.za", False),
        ("a@gatehouse.example", "b@gatehouse.example", False),
        ("a@reading.example.org", None, False),
    ],
)
def test_the_same_mail_domain_counts_unless_anybody_can_have_it(theirs: str, owners: str | None, flagged: bool) -> None:
    member, owner = make.person(email=theirs), make.person(email=owners)

    expected = (Flag("domain", "owner", "reading.example.org"),) if flagged else ()

    assert flags(member, make.idea(owner)) == expected


def test_people_of_a_funder_that_is_interested_are_flagged_and_of_one_that_is_not_are_not() -> None:
    idea, fund, other = make.idea(), make.funder("Demo fund"), make.funder("Another fund")
    make.add(Interest(funder_id=fund.id, idea_id=idea.id))
    make.add(Interest(funder_id=other.id, idea_id=idea.id, state="declined"))
    board = make.person()
    registered(board, "funder", organisation="demo fund")

    found = [flags(person, idea) for person in (make.funder_person(fund), make.funder_person(other), board)]

    assert found == [(Flag("funder", what="Demo fund"),), (), (Flag("funder", what="Demo fund"),)]


def test_an_interest_in_its_district_is_flagged() -> None:
    member, district = make.person(), make.district()
    registered(member, "district", district_id=district.id)

    assert flags(member, make.idea(district_id=district.id)) == (Flag("district", what="Vhembe East"),)


def test_what_comes_through_a_relative_says_so_and_a_relative_behind_the_idea_is_found() -> None:
    member, school = make.person(), make.school()
    idea = make.idea(make.person("Rel A. Tive"), school_emis=school.emis)
    registered(member, "relative", relative="Rel A Tive", school_emis=school.emis)

    assert flags(member, idea) == (
        Flag("school", what="Demo Primary School", relative=True),
        Flag("relative", "owner", relative=True),
    )


@pytest.mark.parametrize(
    ("since", "until", "counts"), [(-10, None, True), (10, None, False), (-900, -300, True), (-900, -400, False)]
)
def test_an_interest_counts_from_its_first_day_until_a_year_after_its_last(
    since: int, until: int | None, counts: bool
) -> None:
    member, idea, today = make.person(), make.idea(), now().date()
    noted(idea.owner, organisation="Demo trust")
    days = {"since": since, "until": until}
    registered(
        member,
        organisation="Demo trust",
        **{key: today + dt.timedelta(days=day) for key, day in days.items() if day is not None},
    )

    assert bool(flags(member, idea)) == counts


def test_of_a_changed_entry_the_newest_row_counts() -> None:
    member, idea = make.person(), make.idea()
    noted(idea.owner, organisation="Demo trust")
    first = registered(member, organisation="Demo trust")
    registered(member, organisation="Other trust", replaces_id=first.id)

    assert flags(member, idea) == ()


def test_many_pairs_ask_the_database_as_often_as_one() -> None:
    fund, clinic, school = make.funder(), make.clinic(), make.school()
    ideas, people = [], []
    for _number in range(12):
        idea = make.idea(clinic_id=clinic.id, school_emis=school.emis)
        make.contributor(idea)
        make.add(Interest(funder_id=fund.id, idea_id=idea.id))
        person = make.funder_person(fund)
        registered(person, "school", school_emis=school.emis)
        ideas.append(idea.id)
        people.append(person.id)
    db.session.commit()

    with statements() as once:
        flags_between(people[:1], ideas[:1])
    with statements() as often:
        found = flags_between(people, ideas)

    assert (len(once), len(often), len(found)) == (4, 4, 144)


def test_the_register_is_only_ever_added_to() -> None:
    entry = registered(make.person(), organisation="Demo trust")

    with pytest.raises(sa.exc.DBAPIError, match="never changes"):
        db.session.execute(sa.update(RegisteredInterest).where(RegisteredInterest.id == entry.id).values(kind="x"))


def test_names_and_domains_are_compared_without_what_says_nothing() -> None:
    assert plain("The Demo Reading Trust (NPC), Ltd.") == "demo reading trust"
    assert (domain_of("x@Trust.example.org"), domain_of("x@outlook.com"), domain_of(None)) == (
        "trust.example.org",
        "",
        "",
    )
