"""A funder's workspace: what its people keep among themselves, and that nobody else sees any of it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.db import db
from innovation.events import Event, list_events
from innovation.funders import commands as funders
from innovation.funders import queries
from innovation.funders.commands import workspace as commands
from innovation.funders.models import LearnedFit
from innovation.ideas.models import Idea, Wall
from innovation.notifications.models import Message, Notice
from innovation.permission import Forbidden, NotThere
from innovation.pipeline.queries import LogFilters, list_log
from tests import make
from tests.funders.test_browse_ideas import found
from tests.funders.watching import Fund, fund, listed, page
from workflows import Refused

BROWSE, WORKSPACE, COMPARE = "/funders/ideas", "/funders/workspace", "/funders/compare"
SECRET = "Zanele would lead this well."


def busy(of: Fund, idea: Idea) -> None:
    """The fund has the idea on its shortlist, with a note."""
    commands.put_on_shortlist(make.actor(of.member), of.funder, idea=idea)
    commands.write_note(make.actor(of.member), of.funder, idea=idea, text=SECRET)


def send(client: FlaskClient, whose: Person, address: str, **fields: str) -> int:
    with make.sign_in(client, whose).post(address, data=fields) as response:
        return response.status_code


# The shortlist and notes


def test_colleagues_share_the_shortlist_and_its_notes(client: FlaskClient) -> None:
    idea, csi = listed(title="Reading clubs"), fund()

    busy(csi, idea)

    kept = queries.list_shortlist(make.actor(csi.admin), csi.funder)
    assert [(each.reference, each.name, each.notes[0].text) for each in kept] == [
        (idea.reference, csi.member.name, SECRET)
    ]
    assert SECRET in page(client, csi.admin, WORKSPACE)[1]
    assert SECRET in page(client, csi.admin, f"{BROWSE}/{idea.reference}")[1]
    assert "1 note<" in page(client, csi.admin, BROWSE)[1]


def test_the_same_twice_is_once_and_off_is_off(app: Flask) -> None:
    idea, csi = listed(), fund()
    who = make.actor(csi.member)

    first = commands.put_on_shortlist(who, csi.funder, idea=idea)
    again = commands.put_on_shortlist(who, csi.funder, idea=idea)
    for _time in range(2):
        commands.take_off_shortlist(who, csi.funder, idea=idea)

    assert first is again
    assert queries.list_shortlist(who, csi.funder) == []
    kinds = [event.kind for event in list_events(f"funder:{csi.funder.id}")]
    assert kinds == ["shortlisting_ended", "idea_shortlisted"]


def test_notes_are_added_to_and_stay_when_the_idea_leaves_the_shortlist(app: Flask) -> None:
    idea, csi = listed(), fund()
    busy(csi, idea)
    commands.write_note(make.actor(csi.admin), csi.funder, idea=idea, text="I agree.")

    commands.take_off_shortlist(make.actor(csi.admin), csi.funder, idea=idea)

    desk = queries.desk_of(make.actor(csi.member), csi.funder, idea)
    assert desk is not None
    assert [note.text for note in desk.notes] == ["I agree.", SECRET]


def test_an_idea_no_longer_shared_stands_on_the_shortlist_without_its_name(client: FlaskClient) -> None:
    idea, csi = listed(title="A name taken back"), fund()
    busy(csi, idea)
    idea.listed_at = None
    db.session.commit()

    text = page(client, csi.member, WORKSPACE)[1]

    assert (idea.reference in text, "A name taken back" in text) == (True, False)
    assert send(client, csi.member, "/funders/shortlist", off=idea.reference) == 302
    assert queries.list_shortlist(make.actor(csi.member), csi.funder) == []


@pytest.mark.parametrize("what", ["shortlist", "note", "pass"])
def test_nothing_new_is_kept_of_an_idea_that_is_not_shared(app: Flask, what: str) -> None:
    idea, csi = listed(), fund()
    idea.listed_at = None
    db.session.commit()
    who = make.actor(csi.member)

    with pytest.raises(Refused):
        keep(what, csi, idea, who)


def keep(what: str, of: Fund, idea: Idea, who: object) -> None:
    if what == "shortlist":
        commands.put_on_shortlist(who, of.funder, idea=idea)  # type: ignore[arg-type]
    elif what == "note":
        commands.write_note(who, of.funder, idea=idea, text="Well.")  # type: ignore[arg-type]
    else:
        commands.pass_idea(who, of.funder, idea=idea, reason="time")  # type: ignore[arg-type]


# Passing


def test_what_was_passed_on_leaves_list_and_shortlist_and_comes_back(client: FlaskClient) -> None:
    idea, csi = listed(), fund()
    busy(csi, idea)

    status = send(client, csi.member, f"{BROWSE}/{idea.reference}/pass", reason="team", why=SECRET)

    assert status == 302
    assert "No idea fits" in page(client, csi.admin, BROWSE)[1]
    assert queries.list_shortlist(make.actor(csi.member), csi.funder) == []
    assert [each.text for each in queries.list_passed(make.actor(csi.admin), csi.funder)] == [SECRET]
    assert send(client, csi.admin, f"/funders/passes/{idea.reference}/end") == 302
    assert idea.title in page(client, csi.admin, BROWSE)[1]


def test_a_pass_needs_a_reason_from_the_list(client: FlaskClient) -> None:
    idea, csi = listed(), fund()

    assert send(client, csi.member, f"{BROWSE}/{idea.reference}/pass", reason="", why="No") == 422
    assert send(client, csi.member, f"{BROWSE}/{idea.reference}/pass", reason="ugly") == 422
    assert queries.list_passed(make.actor(csi.member), csi.funder) == []


def test_nobody_passes_while_the_owner_is_asked_or_talks_go_on(app: Flask) -> None:
    idea, csi = listed(), fund()
    interest = csi.interested(idea)
    who = make.actor(csi.member)

    with pytest.raises(Refused, match="has not answered"):
        commands.pass_idea(who, csi.funder, idea=idea, reason="time")
    funders.withdraw_interest(who, interest)

    assert commands.pass_idea(who, csi.funder, idea=idea, reason="time").reason == "time"
    with pytest.raises(Refused, match="has passed"):
        csi.interested(idea)


def test_passing_changes_no_fit_and_teaches_the_matcher_nothing(app: Flask) -> None:
    ideas, csi, other = [listed() for _n in range(3)], fund(), fund("Demo trust")
    before = fits(other)

    for idea in ideas[:2]:
        commands.pass_idea(make.actor(csi.member), csi.funder, idea=idea, reason="mandate")

    assert fits(other) == before
    assert fits(csi) == {ideas[2].id: before[ideas[2].id]}
    assert db.session.query(LearnedFit).count() == 0


def fits(of: Fund) -> dict[int, int]:
    return {match.idea_id: match.fit.score for match in found(of).matches}


# What the programme learns


def passes(many: int, of: Fund, reason: str) -> None:
    for _number in range(many):
        commands.pass_idea(make.actor(of.member), of.funder, idea=listed(), reason=reason)


def test_a_manager_sees_counts_by_reason_with_small_ones_held_back(client: FlaskClient) -> None:
    csi, other, manager = fund(), fund("Demo trust"), make.staff("manager")
    passes(4, csi, "time")
    passes(3, other, "time")
    passes(6, csi, "place")
    passes(1, other, "team")

    cells = {cell.name: cell.count for cell in queries.pass_reasons(make.actor(manager))}

    assert cells == {"Not where we work": None, "Not at this time": 7, "Not sure that the team can carry it": None}
    text = page(client, manager, "/funders")[1]
    assert "Why funders pass on ideas" in text
    assert '<td class="num">7</td>' in text


def test_a_manager_who_works_for_a_funder_counts_nothing(app: Flask) -> None:
    csi, other, manager = fund(), fund("Demo trust"), make.staff("manager")
    passes(5, csi, "time")
    passes(5, other, "time")
    make.grant(manager, "funder_member", funder_id=csi.funder.id)

    with pytest.raises(NotThere):
        queries.pass_reasons(make.actor(manager))


def test_what_a_funder_keeps_is_not_in_the_record_of_an_administrator_who_has_a_part(app: Flask) -> None:
    csi, outside, owner = fund(), make.staff("administrator"), make.staff("administrator")
    make.idea(owner=owner)
    passes(1, csi, "time")

    told = [[event.kind for event, _name in list_log(make.actor(who), LogFilters()).items] for who in (outside, owner)]

    assert [kinds.count("idea_passed") for kinds in told] == [1, 0]


def test_of_one_funder_alone_nothing_is_counted(app: Flask) -> None:
    csi = fund()
    passes(6, csi, "time")

    assert queries.pass_reasons(make.actor(make.staff("manager"))) == []


def test_only_managers_see_reasons_and_only_of_their_own_programme(client: FlaskClient) -> None:
    csi, other = fund(), fund("Demo trust")
    passes(5, csi, "time")
    passes(1, other, "time")
    elsewhere = make.staff("manager", programme_id=make.programme("classic", "classic").id)

    assert queries.pass_reasons(make.actor(elsewhere)) == []
    for role in ("coordinator", "administrator"):
        person = make.staff(role)
        assert "Why funders pass" not in page(client, person, "/funders")[1]
        with pytest.raises(NotThere):
            queries.pass_reasons(make.actor(person))


# Nobody else


def test_nobody_else_reads_any_of_it_on_any_page(client: FlaskClient) -> None:
    idea, gone, csi, other = listed(title="Reading clubs"), listed(), fund(), fund("Demo trust")
    busy(csi, idea)
    commands.pass_idea(make.actor(csi.member), csi.funder, idea=gone, reason="team", text=SECRET)
    filters = queries.Filters(q="clubs")
    search = commands.save_search(make.actor(csi.member), csi.funder, name="For Zanele", filters=filters)
    former = make.funder_person(csi.funder)
    funders.end_funder_role(make.actor(csi.admin), former.grants[-1])
    pack, own, theirs = f"{BROWSE}/{idea.reference}", f"/ideas/{idea.reference}", f"{WORKSPACE}?fund={csi.funder.key}"
    parts = [f"{BROWSE}?within=shortlist", f"{BROWSE}?within=passed&export=csv"]
    seen = {
        other.admin: [pack, *parts, WORKSPACE, theirs, f"{COMPARE}?idea={idea.reference}"],
        former: [pack, theirs],
        idea.owner: [own, f"{own}/interests", "/inbox"],
        make.staff("coordinator"): [f"{own}/interests"],
        make.staff("manager"): [own, "/funders"],
        make.staff("administrator"): ["/log"],
    }

    for person, pages in seen.items():
        for address in pages:
            text = page(client, person, address)[1]
            assert ("Zanele" in text, "On your shortlist<" in text, "1 note<" in text) == (False, False, False)
    assert send(client, other.admin, f"/funders/searches/{search.id}", often="daily") == 404
    assert send(client, other.admin, "/funders/shortlist", off=idea.reference) == 404
    assert send(client, other.admin, f"/funders/passes/{gone.reference}/end") == 404
    assert db.session.query(Notice).count() == db.session.query(Message).count() == 0


def test_another_funder_finds_what_this_one_passed_on_in_the_same_place(app: Flask) -> None:
    first, second = listed(), listed()
    csi, other = fund(), fund("Demo trust")
    before = list(fits(other))

    commands.pass_idea(make.actor(csi.member), csi.funder, idea=second, reason="time")
    commands.put_on_shortlist(make.actor(csi.member), csi.funder, idea=first)

    assert list(fits(other)) == before
    assert queries.marks_of(make.actor(other.member), other.funder, [first.id])[first.id].shortlisted is False


def test_who_owns_an_idea_and_works_for_the_fund_is_kept_out(client: FlaskClient) -> None:
    csi = fund()
    own = listed(title="An idea of one's own", owner=csi.admin)
    other = listed(title="Another's idea")
    busy(csi, own)
    commands.pass_idea(make.actor(csi.member), csi.funder, idea=other, reason="time")
    before = page(client, csi.admin, BROWSE)[1]
    commands.take_off_shortlist(make.actor(csi.member), csi.funder, idea=own)
    commands.pass_idea(make.actor(csi.member), csi.funder, idea=own, reason="team", text=SECRET)

    after = page(client, csi.admin, BROWSE)[1]

    assert ("An idea of one" in before, "An idea of one" in after, "Another" in after) == (True, True, False)
    assert "1 idea fits" in after
    for address in (
        WORKSPACE,
        f"{BROWSE}/{own.reference}",
        f"{BROWSE}?within=passed",
        f"{COMPARE}?idea={own.reference}",
    ):
        text = page(client, csi.admin, address)[1]
        assert ("Zanele" in text, "Among yourselves" in text) == (False, False)
    with pytest.raises(Refused, match="take part"):
        commands.take_back_pass(make.actor(csi.admin), csi.funder, idea=own)


def test_who_declared_a_conflict_finds_nothing_of_the_idea_in_the_workspace(client: FlaskClient) -> None:
    idea, csi = listed(title="Behind a wall"), fund()
    busy(csi, idea)
    make.add(Wall(idea_id=idea.id, person_id=csi.admin.id, why="seat:1"))
    db.session.commit()

    text = page(client, csi.admin, WORKSPACE)[1]

    assert (idea.reference in text, "Behind a wall" in text, SECRET in text) == (False, False, False)
    assert page(client, csi.admin, f"{COMPARE}?idea={idea.reference}")[0] == 404
    assert send(client, csi.admin, "/funders/shortlist", off=idea.reference) == 404


def test_nobody_acts_in_the_workspace_of_another_fund(app: Flask) -> None:
    idea, csi, other = listed(), fund(), fund("Demo trust")
    search = commands.save_search(make.actor(csi.member), csi.funder, name="Ours", filters=queries.Filters())

    for person in (other.admin, idea.owner, make.staff("manager"), make.staff("administrator")):
        who = make.actor(person)
        for what in ("shortlist", "note", "pass"):
            with pytest.raises(Forbidden):
                keep(what, csi, idea, who)
        with pytest.raises(Forbidden):
            commands.choose_alert(who, search, often="daily")
        with pytest.raises(Forbidden):
            commands.end_search(who, search)


def test_the_idea_s_own_log_says_nothing_of_it(app: Flask) -> None:
    idea, csi = listed(), fund()
    before = db.session.query(Event).filter_by(subject=f"idea:{idea.id}").count()

    busy(csi, idea)
    commands.pass_idea(make.actor(csi.member), csi.funder, idea=idea, reason="team", text=SECRET)

    assert db.session.query(Event).filter_by(subject=f"idea:{idea.id}").count() == before
    assert SECRET not in "".join(event.facts for event in db.session.query(Event))
