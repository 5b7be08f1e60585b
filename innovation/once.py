"""What is sent twice is done once: a receipt for each sending, written in the transaction that does the work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import field
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from innovation.db import Base, db, insert_into, now
from innovation.statements import write
from innovation.values import dataclass

F = TypeVar("F", bound=Callable[..., Any])
KEPT = dt.timedelta(days=3)  # a phone may be without signal over a weekend


class Receipt(Base):
    """That a sending has done something, and where its answer led."""

    __tablename__ = "receipt"
    __table_args__ = (sa.UniqueConstraint("sending", "what"), sa.Index("ix_receipt_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    sending: Mapped[str] = mapped_column(sa.String(64))
    what: Mapped[str] = mapped_column(sa.String(120))
    answer: Mapped[str | None] = mapped_column(sa.Text)
    at: Mapped[dt.datetime] = mapped_column(default=now)


RECEIPTS: Any = Receipt.__table__
NOTE_ANSWER = sa.update(RECEIPTS).where(RECEIPTS.c.sending == sa.bindparam("of")).values(answer=sa.bindparam("led_to"))


class Repeated(Exception):
    """This very sending has done this before; nothing is done again."""


@dataclass
class Sending:
    """A form as one person sent it from one page: the same again has the same digest."""

    digest: str
    signed: set[str] = field(default_factory=set)
    answer: str | None = None


current: ContextVar[Sending | None] = ContextVar("current", default=None)
"""What is being answered; nothing in the worker, at the command line, and where the sender named no key."""


def repeatable(function: F) -> F:
    """Mark a command that may run as often as it is asked: it does no more the second time, or has to tell a secret."""
    function.is_repeatable = True  # type: ignore[attr-defined]
    return function


def name_of(function: Callable[..., Any], subject: Any) -> str:
    """What a command does, and to which thing."""
    return f"{function.__name__}:{type(subject).__name__}:{getattr(subject, 'id', '')}"[:120]


def lead_to(answer: str) -> None:
    """Say beforehand where the answer will lead, so that the receipt holds it, and nothing is written after it."""
    sending = current.get()
    if sending is not None:
        sending.answer = answer


def sign(what: str) -> None:
    """Write the receipt; of two that do the same at the same time, the second waits here, and is ``Repeated``."""
    sending = current.get()
    if sending is None or what in sending.signed:
        return
    values = {"sending": sending.digest, "what": what, "answer": sending.answer, "at": now()}
    if not write(_add_new(db.engine.dialect.name), [values]):
        raise Repeated


@lru_cache(maxsize=2)
def _add_new(_dialect: str) -> Any:
    """A receipt where there is none yet, in the words of the engine."""
    return insert_into(RECEIPTS).on_conflict_do_nothing().returning(RECEIPTS.c.id)


def has_signed(what: str) -> None:
    """Note that the receipt is committed: what else is asked under this key is part of the same sending."""
    sending = current.get()
    if sending is not None:
        sending.signed.add(what)


def is_signed(what: str) -> bool:
    """Has the same sending done this before?"""
    sending = current.get()
    if sending is None or what in sending.signed:
        return False
    query = sa.select(Receipt.id).where(Receipt.sending == sending.digest, Receipt.what == what)
    return db.session.scalar(query) is not None


def require_new(function: Callable[..., Any], subject: Any) -> None:
    """Refuse to look further at what the same sending has done before."""
    if is_signed(name_of(function, subject)):
        raise Repeated


def find_receipt(sending: Sending) -> Receipt | None:
    """The receipt of an earlier, equal sending."""
    query = sa.select(Receipt).where(Receipt.sending == sending.digest)
    return db.session.scalar(query.order_by(Receipt.id).limit(1))


def note_answer(sending: Sending, answer: str) -> None:
    """Keep where the answer led; part of a transaction."""
    write(NOTE_ANSWER, [{"of": sending.digest, "led_to": answer}])


def forget_old() -> None:
    """Receipts for what nobody will send again; part of a transaction."""
    db.session.execute(sa.delete(Receipt).where(Receipt.at < now() - KEPT))
