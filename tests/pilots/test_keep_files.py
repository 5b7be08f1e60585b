"""Files that show that a milestone is reached: let in by what they hold, and taken away until it is accepted."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from PIL import Image

from innovation.ideas import filecheck
from innovation.pilots import commands
from innovation.pilots.models import Milestone, MilestoneFile
from innovation.pilots.queries import list_milestones
from tests import make
from tests.pilots.test_reach_milestones import planned
from tests.reading import turns_while_drawing
from workflows import Refused


def photo() -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Where it was taken"
    Image.new("RGB", (8, 8), "white").save(out, "JPEG", exif=exif)
    return out.getvalue()


def kept(milestone: Milestone, name: str = "list.txt", content: bytes = b"Eight clubs.") -> MilestoneFile:
    file = filecheck.check(name, content, 1_000_000)
    return commands.add_milestone_file(make.actor(milestone.idea.owner), milestone, file=file)


def test_a_picture_is_drawn_anew_before_its_turn_to_write(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    milestone = planned(make.idea())
    at = f"/ideas/{milestone.idea.reference}/milestones/{milestone.id}/files"
    owner, turns = make.sign_in(client, milestone.idea.owner), turns_while_drawing(monkeypatch)

    sent = owner.post(at, data={f"f{milestone.id}-file": (io.BytesIO(photo()), "photo.jpg")})

    assert (sent.status_code, turns) == (302, [False])


def test_a_file_is_kept_as_it_may_be_and_refused_by_what_it_holds(client: FlaskClient) -> None:
    milestone = planned(make.idea())
    at = f"/ideas/{milestone.idea.reference}/milestones/{milestone.id}/files"
    owner = make.sign_in(client, milestone.idea.owner)

    sent = [
        owner.post(at, data={f"f{milestone.id}-file": (io.BytesIO(content), name)}, content_type="multipart/form-data")
        for name, content in (("photo.jpg", photo()), ("photo.png", b"<svg onload='x'></svg>"))
    ]
    file = owner.get(f"{at}/{list_milestones(milestone.idea)[0].files[0].id}")

    assert [answer.status_code for answer in sent] == [302, 422]
    assert (b"Where it was taken" in file.data, file.mimetype) == (False, "image/jpeg")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_whoever_may_not_see_the_milestone_finds_no_file(client: FlaskClient) -> None:
    file = kept(planned(make.idea()))
    at = f"/ideas/{file.idea.reference}/milestones/{file.milestone_id}/files/{file.id}"

    found = [make.sign_in(client, who).get(at).status_code for who in (make.staff("coordinator"), make.person())]

    assert found == [200, 404]


def test_what_is_taken_away_is_read_no_more_and_what_is_accepted_stays(client: FlaskClient) -> None:
    milestone = planned(make.idea())
    first, second = kept(milestone), kept(milestone)
    actor = make.actor(milestone.idea.owner)

    commands.remove_milestone_file(actor, first)
    commands.show_milestone(actor, milestone, evidence="Eight lists.")
    commands.accept_milestone(make.actor(make.staff("coordinator")), milestone)

    with pytest.raises(Refused):
        commands.remove_milestone_file(actor, second)
    with pytest.raises(Refused):
        kept(milestone)
    assert [file.id for file in list_milestones(milestone.idea)[0].files] == [second.id]
