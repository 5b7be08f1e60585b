"""The inbox and the messages that leave by e-mail."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from innovation.db import Base, now

OF_A_SEARCH = "search:"  # how the cause begins of a mail about new ideas that somebody's saved search found


class Notice(Base):
    """One line in a person's inbox; ``why`` with the person makes it unique, so a repeated reaction adds nothing."""

    __tablename__ = "notice"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "why"),
        sa.Index("ix_notice_list", "person_id", "made_at", "id"),
        sa.Index(
            "ix_notice_unread",
            "person_id",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    why: Mapped[str] = mapped_column(sa.String(120))  # "event:91:tell_owner"
    subject: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    link: Mapped[str] = mapped_column(sa.String(300), default="")
    idea_id: Mapped[int | None] = mapped_column(sa.ForeignKey("idea.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)
    read_at: Mapped[dt.datetime | None]


class Message(Base):
    """An e-mail owed: leased while a worker sends it, retried with back-off, sent once.

    ``handing_over_at`` is set just before the mail server gets it, and is taken back when that says no. Where it
    stands and nothing followed, nobody knows whether the message left; it is not sent again by itself.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.UniqueConstraint("why", "to_address"),
        sa.Index(
            "ix_message_owed",
            "next_at",
            sqlite_where=sa.text("sent_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL"),
        ),
        sa.Index(
            "ix_message_unsent",
            "id",
            sqlite_where=sa.text("sent_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    why: Mapped[str] = mapped_column(sa.String(120))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    to_address: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text, default="")
    calendar: Mapped[str] = mapped_column(sa.Text, default="")  # an invitation that travels with it
    unsubscribe: Mapped[str] = mapped_column(sa.String(300), default="")  # an address that ends mails of its kind
    made_at: Mapped[dt.datetime] = mapped_column(default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[dt.datetime] = mapped_column(default=now)
    handing_over_at: Mapped[dt.datetime | None]
    refused_at: Mapped[dt.datetime | None]  # when a server that was there first said "not now" to this very message
    sent_at: Mapped[dt.datetime | None]
    given_up_at: Mapped[dt.datetime | None]
    error: Mapped[str | None] = mapped_column(sa.Text)


class MessageIdea(Base):
    """An idea of which an e-mail tells: the post shows none to whom it is walled off from."""

    __tablename__ = "message_idea"

    message_id: Mapped[int] = mapped_column(sa.ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), primary_key=True, index=True)
