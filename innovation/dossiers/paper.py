"""The records of a dossier put in the order in which people read them: sections of facts, texts, lists and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from innovation.dossiers.dates import when
from innovation.dossiers.meeting_pages import meeting_blocks
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.typesetting.blocks import Block, Section, facts, heading, section, table, texts

STANDINGS = {
    "active": lazy_gettext("Active"),
    "held": lazy_gettext("On hold"),
    "stopped": lazy_gettext("Stopped"),
    "merged": lazy_gettext("Joined to another idea"),
    "referred": lazy_gettext("Handed to another body"),
    "withdrawn": lazy_gettext("Withdrawn"),
}
HANDIN_STATES = {
    "handed_in": lazy_gettext("Handed in"),
    "accepted": lazy_gettext("Accepted"),
    "returned": lazy_gettext("Returned"),
}
CONDITION_STATES = {
    "open": lazy_gettext("Open"),
    "offered": lazy_gettext("Evidence handed in"),
    "met": lazy_gettext("Met"),
    "waived": lazy_gettext("Waived"),
}
INTEREST_STATES = {
    "shown": lazy_gettext("Waits for the owner"),
    "accepted": lazy_gettext("Introduced"),
    "declined": lazy_gettext("Declined"),
    "withdrawn": lazy_gettext("Withdrawn"),
    "expired": lazy_gettext("Not answered in time"),
    "ended": lazy_gettext("Talks ended"),
}
ANSWERS = {"yes": lazy_gettext("Yes"), "no": lazy_gettext("No"), "unsure": lazy_gettext("Unsure")}
LEVELS = {
    "none": lazy_gettext("No interest"),
    "declare": lazy_gettext("An interest"),
    "recuse": lazy_gettext("Stepped back"),
    "accepted": lazy_gettext("Accepted"),
    "refused": lazy_gettext("Refused"),
}
DATES = ("next_date", "resubmit_by", "review_date")
DETAILS = {
    "plan": lazy_gettext("Plan"),
    "next_date": lazy_gettext("Next gate"),
    "resources": lazy_gettext("People and money"),
    "target": lazy_gettext("Back to"),
    "rework": lazy_gettext("To rework"),
    "resubmit_by": lazy_gettext("Present again by"),
    "hold_reason": lazy_gettext("Waits for"),
    "review_date": lazy_gettext("Looked at again on"),
    "stop_reason": lazy_gettext("Reason"),
    "lesson": lazy_gettext("Lesson"),
    "thanks": lazy_gettext("Thanks"),
    "merge_into": lazy_gettext("Joins"),
    "refer_to": lazy_gettext("Handed to"),
    "superseded_because": lazy_gettext("Why it was changed"),
}


def sections_of(records: dict[str, Any]) -> list[Section]:
    """The sections that have something in them."""
    made = (
        section(_("Where it stands"), _standing(records)),
        section(_("The canvas"), _canvas(records["revisions"][:1])),
        section(_("What it asks"), _asks(records["asks"])),
        section(_("Deliverables"), _deliverables(records["deliverables"])),
        section(_("Reviews and decisions"), _reviews(records)),
        section(_("Meetings"), _meetings(records["meetings"])),
        section(_("Conditions"), _conditions(records["conditions"])),
        section(_("Funders and consents"), _funders(records)),
        section(_("Earlier revisions"), _canvas(records["revisions"][1:])),
        section(_("Files"), _files(records["files"])),
        section(_("Messages to you"), _messages(records["messages"])),
        section(_("What happened"), _history(records["history"])),
        section(_("What is not in this dossier"), _left_out(records["left_out"])),
    )
    return [each for each in made if each["blocks"]]


def _joined(*parts: str | None) -> str:
    return " · ".join(filter(None, parts))


def _word(words: dict[str, Any], key: str | None) -> str:
    return str(words.get(key or "", key or ""))


# Sections


def _standing(records: dict[str, Any]) -> Iterator[Block]:
    idea = records["idea"]
    yield from facts(
        [
            (_("Where it is"), idea["place"]),
            (_("Standing"), _word(STANDINGS, idea["standing"])),
            (_("Since"), when(idea["since"])),
            (_("Theme"), idea["theme"]),
            (_("Topic"), idea["topic"]),
            (_("District"), idea["district"]),
            (_("Clinic"), idea["clinic"]),
            (_("Captured"), when(idea["captured"])),
            (_("Evidence level"), idea["evidence"]),
            (_("Workflow"), f"{idea['workflow']} ({idea['workflow_checksum'][:12]})"),
        ]
    )
    rows = [
        (p["name"], p["part"], " · ".join(filter(None, (p.get("email"), p.get("phone"))))) for p in records["people"]
    ]
    if any(reach for _name, _part, reach in rows):
        yield from table([_("Name"), _("Part"), _("How to reach them")], rows)
    else:
        yield from table([_("Name"), _("Part")], [row[:2] for row in rows])
    ending = records["ending"]
    if ending:
        yield from facts([(_("Ended with"), ending["outcome"]), (_("On"), when(ending["at"]))])
        yield from texts(_("Why"), [ending["reasons"]])
        yield from facts(_details(ending["details"]))


def _canvas(revisions: Iterable[Any]) -> Iterator[Block]:
    for each in revisions:
        by = _("Handed in %(when)s by %(who)s", when=when(each["handed_in"]), who=each["by"] or _("somebody"))
        yield heading(_("Revision %(number)s: %(title)s", number=each["number"], title=each["title"]))
        yield {"kind": "note", "text": by}
        for name, text in each["answers"]:
            yield from texts(name, [text])


def _asks(asks: Iterable[Any]) -> Iterator[Block]:
    for each in asks:
        yield heading(_("Version %(number)s, %(when)s", number=each["number"], when=when(each["made"])))
        yield from facts(
            [
                (_("Amount"), each["amount"]),
                (_("Months"), each["months"]),
                (_("In which form"), ", ".join(each["instruments"])),
                (_("Provinces"), ", ".join(each["provinces"])),
                (_("Sites"), each["schools"]),
                (_("Reached"), each["learners"]),
                (_("Cost of each"), each["cost_each"]),
                (_("Evidence level"), each["evidence_level"]),
            ]
        )
        yield from texts(_("For what"), [each["purpose"]])


def _deliverables(handins: Iterable[Any]) -> Iterator[Block]:
    for each in handins:
        yield heading(_("%(name)s, version %(number)s", name=each["name"], number=each["number"]))
        yield from facts(
            [
                (_("State"), _word(HANDIN_STATES, each["state"])),
                (_("Handed in"), _joined(when(each["handed_in"]), each["by"])),
                (_("Judged"), _joined(when(each["judged"]), each["judged_by"])),
                (_("What should change"), each["reason"]),
                (_("Valid until"), when(each["expires"])),
                (_("Address"), each["link"]),
                (_("File"), each["file"]),
            ]
        )
        yield from texts(_("Text"), [each["text"]])
        yield from table(each["headings"], each["rows"])
        yield from facts(each["answers"])
        for part in each["parts"]:
            yield {"kind": "label", "text": part["title"]}
            yield from table(part["headings"], part["rows"])
            yield from texts("", part["notes"])


def _files(files: Iterable[Any]) -> Iterator[Block]:
    rows = [(f["name"], f["bytes"], when(f["added"]), f["by"], f["sha256"]) for f in files]
    yield from table([_("Name"), _("Bytes"), _("Added"), _("By"), _("SHA-256")], rows)


def _meetings(meetings: Iterable[Any]) -> Iterator[Block]:
    for each in meetings:
        yield heading(each["title"])
        yield from meeting_blocks(each)


def _conditions(conditions: Iterable[Any]) -> Iterator[Block]:
    for each in conditions:
        yield {"kind": "text", "text": each["text"]}
        yield from facts(
            [
                (_("State"), _word(CONDITION_STATES, each["state"])),
                (_("Who"), each["owner"]),
                (_("Due"), when(each["due"])),
                (_("Shown by"), each["shown_by"]),
                (_("Evidence handed in"), each["offered"]),
                (_("Why its day was moved"), each["moved_reason"]),
                (_("Settled"), when(each["settled"])),
                (_("Why"), each["settled_reason"]),
                (_("When overdue"), _("puts the idea on hold") if each["blocking"] else ""),
            ]
        )


def _funders(records: dict[str, Any]) -> Iterator[Block]:
    yield from table(
        [_("The owner agreed to"), _("Since")], [(each["purpose"], when(each["given"])) for each in records["consents"]]
    )
    for each in records["interests"]:
        state = _word(INTEREST_STATES, each["state"])
        yield from facts([(_("Funder"), each["funder"]), (_("State"), state), (_("Shown"), when(each["shown"]))])
        yield from texts(_("What they wrote"), [each.get("message") or ""])
        yield from texts(_("The answer"), [each.get("answer") or ""])


def _messages(messages: Iterable[Any]) -> Iterator[Block]:
    for each in messages:
        yield from texts(f"{when(each['at'])} · {each['subject']}", [each["text"] or each["subject"]])


def _history(history: Iterable[Any]) -> Iterator[Block]:
    rows = [(when(line["at"]), line["what"], line["who"]) for line in history]
    yield from table([_("When"), _("What"), _("Who")], rows)


def _left_out(items: Iterable[Any]) -> Iterator[Block]:
    yield from table([_("What"), _("Why")], [(item["what"], item["why"]) for item in items])


# Reviews


def _reviews(records: dict[str, Any]) -> Iterator[Block]:
    for review in records["reviews"]:
        yield from review_blocks(review)
    for decision in records["other_decisions"]:
        yield heading(_("Decision at another review: %(gate)s", gate=decision["gate"]))
        yield from _decision(decision)


def review_blocks(review: dict[str, Any]) -> Iterator[Block]:
    yield heading(_("%(gate)s, round %(round)s", gate=review["gate"], round=review["round"]))
    scored = _(
        "%(done)s of %(all)s, quorum %(quorum)s",
        done=review["submitted"],
        all=review["members"],
        quorum=review["quorum"],
    )
    yield from facts(
        [
            (_("State"), review["state"]),
            (_("Reads revision"), review["revision"]),
            (_("Convened"), when(review["convened"])),
            (_("Closed"), when(review["closed"])),
            (_("Scorecards"), scored),
            (_("Sealed"), review["sealed"]),
        ]
    )
    for decision in review["decisions"]:
        yield from _decision(decision)
        yield from _rests_on(decision.get("rests_on"))
    yield from _panel(review["panel"])
    yield from _scores(review)
    yield from _own(review)
    yield from texts(_("To the chair, in private"), [f"{n['from']}: {n['text']}" for n in review["notes_to_the_chair"]])
    yield from texts(_("Feedback to the team"), review["feedback_to_the_team"])


def _panel(panel: list[Any]) -> Iterator[Block]:
    words = {True: _("yes"), False: _("not yet"), None: ""}
    yield from table(
        [_("Member"), _("Seat"), _("Interest"), _("Submitted")],
        [(m["name"], m["role"], m["stance"], words[m["submitted"]]) for m in panel],
    )


def _scores(review: dict[str, Any]) -> Iterator[Block]:
    if review["total"] is not None:
        yield from facts([(_("Total of the panel, of 100"), review["total"])])
    marks = [
        (m["criterion"], ", ".join(map(str, m["marks"])), m["mean"], _("yes") if m["talk"] else "")
        for m in review["marks"]
    ]
    yield from table([_("Criterion"), _("Marks"), _("Mean"), _("Differs")], marks)
    answers = [(a["criterion"], _word(ANSWERS, a["answer"]), a["yes"], a["no"], a["unsure"]) for a in review["answers"]]
    yield from table([_("Must be met"), _("Panel"), _("Yes"), _("No"), _("Unsure")], answers)
    if not review["marks"]:
        means = [(m["criterion"], m["mean"]) for m in review["means"]]
        yield from table([_("Criterion"), _("Mean of the panel")], means)
    for comment in review["comments"]:
        yield from texts(comment["criterion"], comment["texts"])


def _own(review: dict[str, Any]) -> Iterator[Block]:
    declared = [(_word(LEVELS, d["level"]), d["text"], when(d["at"])) for d in review["own_declarations"]]
    yield from table([_("Your declaration"), _("In words"), _("When")], declared)
    for card in review["own_scorecards"]:
        said = _("Your scorecard, version %(number)s, %(when)s", number=card["version"], when=when(card["submitted"]))
        yield {"kind": "label", "text": said}
        rows = [(s["criterion"], _given(s), s["comment"]) for s in card["scores"]]
        yield from table([_("Criterion"), _("Given"), _("Comment")], rows)
        yield from facts([(_("Why it was changed"), card["change_reason"]), (_("Feedback"), card["feedback"])])
        yield from facts([(_("Note to the chair"), card["note"])])


def _given(score: dict[str, Any]) -> str:
    if score["not_applicable"]:
        return str(_("Does not apply"))
    return _word(ANSWERS, score["answer"]) if score["answer"] else str(score["mark"])


def _decision(decision: dict[str, Any]) -> Iterator[Block]:
    stands = _("stands") if decision["stands"] else _("superseded")
    head = _(
        "%(outcome)s, %(when)s (%(stands)s)", outcome=decision["outcome"], when=when(decision["decided"]), stands=stands
    )
    yield from texts(_("Decision: %(what)s", what=head), [decision["reasons"]])
    yield from facts(_details(decision["details"]))
    yield from facts(
        [
            (_("The scores recommended"), decision.get("recommended")),
            (_("Because"), decision.get("recommended_because")),
            (_("Why the panel decided otherwise"), decision.get("against_reason")),
        ]
    )


def _rests_on(basis: dict[str, Any] | None) -> Iterator[Block]:
    """What a decision names as that on which it rests, for the panel and those who run its gate."""
    if basis is None:
        return
    vote = basis["vote"]
    yield from facts(
        [
            (_("Rests on revision"), basis["revision"]),
            (_("Version of the process"), f"{basis['version']} ({basis['version_sha256'][:12]})"),
            (
                _("Scorecards that counted"),
                _("%(n)s, quorum %(quorum)s", n=basis["scorecards"], quorum=basis["quorum"]),
            ),
            (_("Vote"), vote and _joined(vote["on"], ", ".join(f"{k} {n}" for k, n in vote["counted"].items()))),
            (_("At the table"), vote and vote["at_the_table"]),
        ]
    )


def _details(details: dict[str, str]) -> list[tuple[str, str]]:
    return [(_word(DETAILS, key), when(value) if key in DATES else value) for key, value in details.items()]
