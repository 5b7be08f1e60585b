"""What is kept from a person is nowhere: not on a page, in a list, a count, a search, an export or a timeline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from werkzeug.test import TestResponse

from tests.architecture.stage import Stage
from tests.architecture.walk import crawl, is_page
from tests.architecture.world import CANARY

# Who may read which kind of secret, and nobody else may.
MAY_READ: dict[str, set[str]] = {
    # Chairs and the coordinator settle interests; the member knows their own.
    "interest": {"chair", "coordinator", "manager", "walled", "seat_declared", "seat_accepted"},
    # Those who scored see what the others wrote, and staff once the quorum is there; the team reads feedback.
    "comment": {"chair", "seat_none", "seat_accepted", "coordinator", "manager", "walled"},
    "note": {"chair", "seat_none", "seat_accepted", "coordinator", "manager", "walled"},
    "feedback": {
        *("chair", "seat_none", "seat_accepted", "coordinator", "manager", "walled"),
        *("owner", "contributor"),
    },
    # What is decided and not announced: those who see the scores.
    "withheld": {"chair", "seat_none", "seat_accepted", "coordinator", "manager", "walled"},
    # Whoever is asked to look at a decision again reads on what grounds once they have taken it on.
    "grounds": {"owner", "contributor", "coordinator", "walled"},
    "wall": {"owner", "contributor", "facilitator", "coordinator", "manager"},
    # Two funders of one ask never read each other's terms and notes; notes are for nobody else either.
    "terms": {"funder_admin", "owner", "contributor", "coordinator", "manager", "walled"},
    "stipulation": {"other_funder", "owner", "contributor", "coordinator", "manager", "walled"},
    "jotting": {"funder_admin"},
    "remark": {"other_funder"},
    # Papers and registrations are not disclosed to any funder here.
    "papers": {"owner", "contributor", "coordinator", "walled"},
    "registered": {"owner", "contributor", "coordinator", "walled"},
    # A report goes to all funders of its idea, once it is released and not before.
    "unfinished": {"owner", "contributor", "coordinator", "manager", "walled"},
    "told": {"owner", "contributor", "coordinator", "manager", "walled", "funder_admin"},
    # How an idea spreads: its team and staff; an adopter reads what was agreed with it, and nothing else.
    "bargain": {"owner", "contributor", "coordinator", "manager", "walled", "other_owner"},
    "wish": {"owner", "contributor", "coordinator", "manager", "walled"},
    "sketch": {"owner", "contributor", "coordinator", "manager", "walled"},
    # What happened in a pilot: its team, and those who run the programme.
    "harmed": {"owner", "contributor", "coordinator", "manager", "walled"},
}
LISTS = (
    "/",
    "/search",
    "/reviews",
    "/reviews/desk",
    "/work",
    "/clinics",
    "/panels",
    "/funders/interests",
    "/funders/commitments",
    *(f"/funders/commitments?{asked}" for asked in ("export=csv", "grants=json", "grants=csv")),
    "/inbox",
    "/conditions",
)
SORTS = ("title", "total", "score")


REVIEW_PAGES = (
    "",
    *(f"/{page}" for page in ("declaration", "scorecard", "decision", "correction", "seats", "outcome")),
)
# Those who should not read something; the others differ from one of them in nothing that counts here.
HUNTERS = (
    *("stranger", "nobody", "former", "owner", "contributor", "other_owner", "facilitator", "other_facilitator"),
    *("other_region", "coordinator", "walled", "foreign_manager", "administrator", "funder_admin", "other_funder"),
    *("seat_accepted", "seat_undeclared", "seat_declared", "seat_recused", "observer", "secretary"),
)


def text_of(response: TestResponse) -> str:
    """Every word of an answer, also of a spreadsheet."""
    data = response.get_data()
    if data.startswith(b"PK"):
        with ZipFile(BytesIO(data)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return data.decode("utf-8", "replace")


def everything(stage: Stage, persona: str) -> Iterator[tuple[str, str]]:
    """All that a persona can come by: every page by its links, every address that somebody else may have told them."""
    client = stage.client(persona)
    for _source, address, response in crawl(stage.app, client, of_each=1, limit=60):
        yield address, text_of(response)
    for address in told(stage):
        yield address, text_of(client.get(address))
    for name, address in (("scoring", "/ideas"), ("settled", "/ideas"), ("ready", "/funders/ideas")):
        taken = client.post(f"{address}/{stage.world.things['idea'][name]}/dossier", data={"form": "zip"})
        yield f"the ZIP of {address}, {name}", text_of(taken)


def told(stage: Stage) -> Iterator[str]:
    things = stage.world.things
    for address in LISTS:
        for export in ("csv", "xlsx"):
            yield f"{address}?export={export}&standing=any&sort=total"
        for sort in SORTS:
            yield f"{address}?sort={sort}&standing=any"
        yield f"{address}?q={CANARY}&standing=any"
    for code in things["clinic"].values():
        yield from (
            f"/clinics/{code}{rest}" for rest in ("", "?export=csv", "/report", "/cards", "/next-steps", "/slips")
        )
    yield f"/ideas/alike?title=A wall is in this title&problem={CANARY}wall"
    yield "/schools/options?q=" + CANARY
    yield "/reviews?export=csv&scores=yes"
    yield "/reviews?export=csv&scores=yes&state=decided"
    yield "/dossiers?idea=" + "&idea=".join(things["idea"].values())
    yield from ("/announcements", *(f"/announcements/letters?review={r}" for r in things["review"].values()))
    yield f"/reviews/{things['review']['settled']}/announcement"
    yield f"/reconsiderations/{things['reconsideration']['asked']}"
    for name in ("scoring", "decided", "settled"):
        review = things["review"][name]
        yield from (f"/reviews/{review}{rest}" for rest in REVIEW_PAGES)
    yield from _about_money(things)
    spread = things["idea"]["piloting"]
    yield from (
        f"/ideas/{spread}{rest}" for rest in ("/playbook", "/playbook/2", "/rollouts", "/rollouts/1", "/rollouts/2")
    )
    yield f"/how-to/{spread}"
    of_incidents = ("", "?export=csv", *(f"/{number}" for number in things["incident"].values()))
    yield from (f"/ideas/{spread}/pilot/incidents{rest}" for rest in of_incidents)
    yield f"/ideas/{spread}/dossier"
    on_its_way, arrived = (things["idea"][f"system {place}"] for place in ("replicating", "institutionalised"))
    yield from (f"/ideas/{on_its_way}{rest}" for rest in ("/tracker", "/tracker/G4-S1", "/system"))
    yield from ("/after-hand-over", f"/ideas/{arrived}/post-reviews", f"/ideas/{arrived}/post-reviews/1")
    for name in ("scoring", "decided", "settled", "behind a wall"):
        reference = things["idea"][name]
        yield from (
            f"/ideas/{reference}{rest}"
            for rest in (
                "",
                "?history=all",
                "/gate",
                "/conditions",
                "/people",
                "/revisions",
                "/canvas",
                "/interests",
                "/dossier",
            )
        )


def _about_money(things: dict[str, dict[str, Any]]) -> Iterator[str]:
    shared = things["idea"]["co-funded"]
    for reference in (shared, things["idea"]["funded"]):
        yield from (f"/ideas/{reference}{rest}" for rest in ("", "/funding", "/diligence", "/milestones", "/interests"))
        yield from (f"/funders/ideas/{reference}{rest}" for rest in ("", "/talks", "/disclosed"))
        yield f"/funders/ideas/{reference}/disclosed/paper:accounts"
        for number in ("", "/1", "/2", "/3"):
            yield from (f"{at}/{reference}/reports{number}" for at in ("/ideas", "/funders/ideas"))
    for number in range(1, 8):
        yield from (f"/funders/commitments/{number}{rest}" for rest in ("", "/sed"))
        yield f"/ideas/{shared}/disclosures/{number}"


@pytest.mark.parametrize("persona", HUNTERS)
def test_secrets_are_nowhere_for_whoever_may_not_read_them(stage: Stage, persona: str) -> None:
    kept = {kind for kind, readers in MAY_READ.items() if persona not in readers}

    found = {
        f"{address.partition('&')[0]}: {kind}"
        for address, text in everything(stage, persona)
        for kind in kept
        # What was typed into a search box stands in it again; that is not the secret itself.
        if re.search(rf"{CANARY}{kind}", text) and f"={CANARY}" not in address
    }

    assert sorted(found) == []


def test_before_submitting_a_seat_sees_no_mark_of_another(stage: Stage) -> None:
    review = stage.world.things["review"]["scoring"]
    waiting = stage.get("seat_accepted", f"/reviews/{review}").text
    done = stage.get("chair", f"/reviews/{review}").text

    assert (f"{CANARY}comment" in waiting, f"{CANARY}comment" in done) == (False, True)


def test_counts_leave_out_an_idea_behind_a_wall(stage: Stage) -> None:
    walled, coordinator = (stage.get(persona, "/").text for persona in ("walled", "coordinator"))

    counts = [_count_on_the_line(text) for text in (walled, coordinator)]

    assert counts[1] - counts[0] == 3  # the world has three walls for this coordinator


def _count_on_the_line(text: str) -> int:
    """The sum of the counts beside the marks of the line."""
    line = text[text.index("<nav") if "<svg" not in text else 0 :]
    return sum(int(number) for number in re.findall(r"(\d+) ideas?\b", line))


def test_a_clinic_counts_only_the_ideas_that_one_may_see(stage: Stage) -> None:
    code = stage.world.things["clinic"]["here"]
    totals = {}
    for persona in ("walled", "coordinator"):
        export = text_of(stage.get(persona, "/clinics?export=csv"))
        row = next(line for line in export.splitlines() if line.startswith(code))
        totals[persona] = int(row.split(",")[-2])

    assert totals["coordinator"] - totals["walled"] == 3


def test_pages_are_there_to_be_searched(stage: Stage) -> None:
    """The hunt above finds nothing when the secrets are nowhere at all."""
    review = stage.world.things["review"]["decided"]

    page = stage.get("chair", f"/reviews/{review}")

    assert is_page(page)
    assert {kind for kind in MAY_READ if f"{CANARY}{kind}" in page.text} >= {"comment", "note", "feedback"}
