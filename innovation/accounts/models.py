"""People, their sign-ins, second factors, sessions, roles, affiliations and one-time tokens."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base, Versioned, now

ROLES = ("administrator", "manager", "coordinator", "facilitator", "funder_admin", "funder_member")
INTERESTS = ("employer", "organisation", "school", "district", "funder", "relative")


class Person(Versioned, Base):
    """Somebody known, with or without a sign-in."""

    __tablename__ = "person"
    __table_args__ = (
        sa.Index("ix_person_name", "name", "id"),
        sa.Index("ix_person_demo", "id", sqlite_where=sa.text("is_demo = 1"), postgresql_where=sa.text("is_demo")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str | None] = mapped_column(sa.String(254), index=True)
    phone: Mapped[str | None] = mapped_column(sa.String(40))
    position: Mapped[str] = mapped_column(sa.String(120), default="")
    language: Mapped[str] = mapped_column(sa.String(8), default="en")
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)

    account: Mapped[Account | None] = relationship(back_populates="person")
    grants: Mapped[list[RoleGrant]] = relationship(
        back_populates="person", foreign_keys="RoleGrant.person_id", order_by="RoleGrant.id"
    )

    @property
    def person_id(self) -> int:
        return self.id


class Account(Versioned, Base):
    """A sign-in. ``email`` is stored in lower case; a disabled account keeps its history.

    ``former_email`` is the one before, until whoever reads mail there has been told.
    """

    __tablename__ = "account"
    __table_args__ = (
        sa.Index(
            "ix_account_disabled",
            "person_id",
            sqlite_where=sa.text("disabled_at IS NOT NULL"),
            postgresql_where=sa.text("disabled_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), unique=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    former_email: Mapped[str | None] = mapped_column(sa.String(254))
    password_hash: Mapped[str | None] = mapped_column(sa.String(255))
    disabled_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime] = mapped_column(default=now)

    person: Mapped[Person] = relationship(back_populates="account")
    sessions: Mapped[list[UserSession]] = relationship(back_populates="account")


class UserSession(Base):
    """A signed-in browser; the cookie holds the token, the table its SHA-256."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    token_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    seen_at: Mapped[dt.datetime] = mapped_column(default=now)
    expires_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    address: Mapped[str] = mapped_column(sa.String(45), default="")
    browser: Mapped[str] = mapped_column(sa.String(120), default="")

    account: Mapped[Account] = relationship(back_populates="sessions")

    @property
    def person_id(self) -> int:
        return self.account.person_id


class RoleGrant(Base):
    """A role within a scope, from a day until it is ended; rows are ended, never deleted."""

    __tablename__ = "role_grant"
    __table_args__ = (
        sa.Index(
            "ix_role_grant_in_force",
            "role",
            "programme_id",
            "region_id",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index(
            "ix_role_grant_programme",
            "programme_id",
            "region_id",
            "person_id",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(30))
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme.id"))
    region_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"))
    clinic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clinic.id"), index=True)
    funder_id: Mapped[int | None] = mapped_column(sa.ForeignKey("funder.id"), index=True)
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    granted_at: Mapped[dt.datetime] = mapped_column(default=now)
    ended_at: Mapped[dt.datetime | None]

    person: Mapped[Person] = relationship(back_populates="grants", foreign_keys=[person_id])


class Affiliation(Base):
    """Where a person works or belongs: an organisation by name, or a school."""

    __tablename__ = "affiliation"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation: Mapped[str] = mapped_column(sa.String(160), default="")
    school_emis: Mapped[str | None] = mapped_column(sa.ForeignKey("school.emis"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(30), default="employer")
    ended_on: Mapped[dt.date | None]


class RegisteredInterest(Base):
    """An entry in a person's own register of interests; only ever added to.

    A change, or an end, is a row that replaces the earlier one. ``relative`` names whoever it comes through.
    """

    __tablename__ = "registered_interest"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registered_interest.id"), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(30))
    organisation: Mapped[str] = mapped_column(sa.String(160), default="")
    school_emis: Mapped[str | None] = mapped_column(sa.ForeignKey("school.emis"))
    district_id: Mapped[int | None] = mapped_column(sa.ForeignKey("district.id"))
    relative: Mapped[str] = mapped_column(sa.String(120), default="")
    since: Mapped[dt.date | None]
    until: Mapped[dt.date | None]
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)


class Token(Base):
    """A mailed or printed one-time secret: an invitation, a password reset or a claim on an idea.

    The secret itself is kept nowhere: the server makes it again from its key and the ``nonce``.
    """

    __tablename__ = "token"
    __table_args__ = (
        sa.Index(
            "ix_token_unused",
            "kind",
            "expires_at",
            sqlite_where=sa.text("used_at IS NULL"),
            postgresql_where=sa.text("used_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    nonce: Mapped[str] = mapped_column(sa.String(43))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    subject_id: Mapped[int | None]
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]

    person: Mapped[Person] = relationship()


class AppFactor(Base):
    """An authenticator app as a second factor; its secret is kept encrypted, and counts once it was tried out."""

    __tablename__ = "app_factor"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), unique=True)
    sealed_secret: Mapped[str] = mapped_column(sa.String(255))
    last_counter: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    confirmed_at: Mapped[dt.datetime | None]


class Passkey(Base):
    """A key on a phone, a computer or a stick: the public half, and how often its owner says it was used."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    credential: Mapped[str] = mapped_column(sa.String(1400), unique=True)
    public_key: Mapped[str] = mapped_column(sa.Text)
    sign_count: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    used_at: Mapped[dt.datetime | None]

    account: Mapped[Account] = relationship()

    @property
    def person_id(self) -> int:
        return self.account.person_id


class Identity(Base):
    """Who an account's owner is to the provider that was named; the e-mail is the one told when they were linked."""

    __tablename__ = "identity"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject"), sa.UniqueConstraint("account_id", "issuer"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    issuer: Mapped[str] = mapped_column(sa.String(255))
    subject: Mapped[str] = mapped_column(sa.String(255))
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    used_at: Mapped[dt.datetime | None]

    account: Mapped[Account] = relationship()

    @property
    def person_id(self) -> int:
        return self.account.person_id


class SpentChallenge(Base):
    """A challenge that a passkey or the provider has answered, so that no answer counts twice; later forgotten."""

    __tablename__ = "spent_challenge"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(default=now)


class RecoveryCode(Base):
    """A code on paper that stands in for a second factor once; only its digest under the site's key is kept."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    used_at: Mapped[dt.datetime | None]


class Attempt(Base):
    """Failed tries by key (an account, an address, an idea's code), counted in the database for throttling."""

    __tablename__ = "attempt"
    __table_args__ = (sa.Index("ix_attempt_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[dt.datetime] = mapped_column(default=now)
