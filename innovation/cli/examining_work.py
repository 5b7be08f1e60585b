"""What ``gatehouse doctor`` looks at where work is shared: what is owed to workers, and the machines that do it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from innovation.cli.finding import ATTENTION, FAULT, OK, Finding
from innovation.config import Settings
from innovation.db import db
from innovation.health import LONGEST_WAIT, Backlog, find_backlog, reading
from innovation.logs import ADDRESS
from innovation.machines import marks_of, read_marks
from innovation.nudges import open_huey

LATE = dt.timedelta(minutes=2)
LONGEST_ERROR = 300


def queue(settings: Settings) -> Finding:
    """Whether a worker does what is owed, and the queue that wakes it answers."""
    with reading() as connection:
        found = find_backlog(connection)
    text = f"{found.deliveries.count} reactions, {found.messages.count} mails and {found.jobs.count} long jobs are owed"
    if found.waiting > LATE:
        text += f", the first for {_long(found.waiting)}."
        state = FAULT if found.waiting > LONGEST_WAIT else ATTENTION
        if found.untaken > LATE:
            return Finding("queue", state, text, "See that a worker runs: gatehouse worker")
        told, advice = _failing(found)
        return Finding("queue", state, f"{text} {told}", advice)
    if why := _silence_of_queue(settings):
        text = f"The queue that wakes the workers does not answer ({why}). What is owed is done a second later."
        return Finding("queue", FAULT, text, "Check GATEHOUSE_QUEUE_URL, and whether its server runs.")
    mails = found.messages
    if mails.refused:
        text += f". The mail server does not take {mails.refused} of the mails for now, the first for "
        advice = "The page /mail shows what it says. Each is given up after five days of that."
        return Finding("queue", ATTENTION, f"{text}{_long(mails.refused_for)}.", advice)
    return Finding("queue", OK, f"{text}; none is late.")


def _failing(found: Backlog) -> tuple[str, str]:
    """What was tried in vain for longest, with its last error, and what to do about it."""
    what, owed, advice = max(
        (
            ("reaction", found.deliveries, "The log of the worker says more: look for reaction_failed."),
            ("mail", found.messages, "See what the mail server says of it, and check the GATEHOUSE_SMTP_ settings."),
            ("long job", found.jobs, "The log of the worker says more: look for job_failed."),
        ),
        key=lambda kind: kind[1].failing_for,
    )
    error = ADDRESS.sub("…", owed.error)[:LONGEST_ERROR] or "it has not ended yet"
    tried = f"tried {owed.attempts} times, the last time" if owed.attempts else "put off with another"
    return f"That is a {what}, {tried}: {error}", advice


def _long(time: dt.timedelta) -> str:
    hours = time.total_seconds() / 3600
    return (
        f"{hours * 60:.0f} minutes" if hours < 3 else f"{hours:.0f} hours" if hours < 72 else f"{hours / 24:.0f} days"
    )


def _silence_of_queue(settings: Settings) -> str:
    """The kind of error with which it answers; nothing where it answers well. Each client has errors of its own."""
    if not settings.queue_url and not settings.queue_file.exists():
        return ""  # the first worker makes it
    try:
        open_huey(settings).storage.queue_size()
    except Exception as error:
        return type(error).__name__
    return ""


def machines(settings: Settings) -> Finding:
    """Whether everything that uses this database at the moment, this machine included, can work as one."""
    name = "machines"
    if db.engine.dialect.name != "postgresql":
        return Finding(name, OK, "The database is a file, so this is the one machine.")
    with reading() as connection:
        present = connection.scalars(
            sa.text("SELECT application_name FROM pg_stat_activity WHERE datname = current_database()")
        )
        marks = {found for found in map(read_marks, present) if found} | {marks_of(settings)}
    homes = {mark.home for mark in marks}
    if len({mark.key for mark in marks}) > 1:
        text = "Processes with different keys use this database: who signs in with one is a stranger to another."
        return Finding(name, FAULT, text, "Set GATEHOUSE_SECRET_KEY to the same everywhere.")
    if len(homes) == 1:
        return Finding(name, OK, "No other machine uses this database at the moment.")
    if len({mark.files for mark in marks}) > 1:
        text = f"{len(homes)} machines are at work and keep files in different places."
        return Finding(
            name, FAULT, text, "Set GATEHOUSE_FILES_URL and GATEHOUSE_FILES_ENDPOINT to the same everywhere."
        )
    if len({mark.queue for mark in marks}) > 1:
        text = f"{len(homes)} machines are at work and have queues of their own; work waits up to a second longer."
        return Finding(name, ATTENTION, text, "Set GATEHOUSE_QUEUE_URL to the same everywhere.")
    if not settings.smtp_host:
        text = f"{len(homes)} machines are at work, and each writes mails into a folder of its own."
        return Finding(name, FAULT, text, "Set GATEHOUSE_SMTP_HOST to the same everywhere.")
    return Finding(name, OK, f"{len(homes)} machines are at work, with one key, one store and one queue.")
