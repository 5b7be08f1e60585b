"""The check of the record as a long job: a piece at a time, and its result is written into the record.

It tells numbers of events and seals only: the record speaks of ideas that are walled off from who asked, too.
"""

from __future__ import annotations

import sqlalchemy as sa

from innovation import chain
from innovation.chain import Check
from innovation.db import db
from innovation.events import record
from innovation.jobs.commands import ask_with_plan
from innovation.jobs.kinds import Kind, Outcome, Page, Work
from innovation.jobs.models import PLAN, Job, JobPart
from innovation.jobs.queries import find_plan, list_under_way
from innovation.languages import lazy_gettext
from innovation.permission import Actor
from innovation.pipeline import policy
from innovation.pipeline.events import RecordChecked

NAME = "check_record"
NOT_WHOLE = "The record is not whole. The log says where."


def ask_check(actor: Actor) -> Job:
    """Owe the person a check of the record as far as it goes now; the open one, where they have asked already."""
    policy.may_see_log.require(actor)
    for job in list_under_way(actor, [NAME]):
        return job
    check = chain.begin_check()
    plan = JobPart(at=PLAN, name="check", content=check.as_text().encode())
    # One key until this check has ended: of two that are asked for at once, the second finds the first.
    key = f"after {find_newest_id(actor)}"
    return ask_with_plan(actor, plan, kind=NAME, payload={}, total=check.pieces, form_key=key)


def find_newest_id(actor: Actor) -> int | None:
    query = sa.select(sa.func.max(Job.id)).where(Job.person_id == actor.person_id, Job.kind == NAME)
    return db.session.scalar(query)


def _begin(actor: Actor, job: Job) -> Work:
    policy.may_see_log.require(actor)
    job_id, last = job.id, job.total - 1
    come: dict[int, Check] = {}

    def plan() -> JobPart:
        return find_plan(db.session.get_one(Job, job_id))

    def ready(_actor: Actor, which: range) -> None:
        """Goes on from what is kept: a piece whose progress was lost is read again."""
        check = Check.read(plan().content.decode())
        db.session.rollback()
        chain.go_on(check)
        while which.start == last and not check.has_ended:
            chain.go_on(check)
        come[which.start] = check

    def do(actor: Actor, which: range) -> list[Outcome]:
        policy.may_see_log.require(actor)
        check = come.pop(which.start)
        plan().content = check.as_text().encode()
        if which.start < last:
            return [Outcome()]
        found = check.report
        record(actor, RecordChecked(job_id, check.upto, found.count, found.event, found.seal))
        return [Outcome() if found.ok else Outcome("…", "failed", (NOT_WHOLE,))]

    return Work(["…"] * job.total, do, ready=ready)


def _back(_job: Job) -> list[Page]:
    return [Page(lazy_gettext("The log"), "pipeline.log", {})]


KIND = Kind(lazy_gettext("Check the record"), _begin, back=_back)
