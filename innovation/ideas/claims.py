"""The printed secret of an idea, and how the owner named at capture makes the idea their own."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable

import sqlalchemy as sa
from flask import current_app

from innovation.accounts import commands as accounts
from innovation.accounts import queries as people
from innovation.accounts import throttling
from innovation.accounts.models import Account, Person, Token
from innovation.accounts.throttling import Limit, key_of, network
from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.ideas import policy, queries, status, venues
from innovation.ideas.consent_models import NoticeShown
from innovation.ideas.events import IdeaClaimed, OwnerNamed, SecretRenewed
from innovation.ideas.listing import relist
from innovation.ideas.models import Consent, Contributor, Idea
from innovation.once import repeatable
from innovation.permission import Actor
from workflows import Refused

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no letters or figures that look alike
LENGTH = 8
CLAIM_HOURS = 90 * 24
NO_MATCH = "No idea fits this reference and secret. Check both on the slip; the secret has eight characters."
NOT_TYPED_IN = "Nobody has typed in your card yet. Try again in a few days."

YOUNG = "Somebody under 18 had this idea, so no address is kept with it. Its facilitator can take it forward."
TAKEN_BACK = (
    "This idea was entered by mistake and taken back, so there is nothing to make yours. "
    "Ask the facilitator of your clinic whether it was entered anew."
)

# The secret


def make_secret() -> str:
    """Eight characters that people can read aloud and type."""
    return "".join(secrets.choice(ALPHABET) for _i in range(LENGTH))


def secret_from(seed: str) -> str:
    """The secret for a seed: always the same, and only this application can make it."""
    number = int.from_bytes(hmac.digest(_keys()[0], f"slip:{seed}".encode(), "sha256"))
    letters = []
    for _i in range(LENGTH):
        number, position = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[position])
    return "".join(letters)


def secret_for(programme_id: int, import_key: str) -> str:
    """The secret of the idea that is, or will be, captured under this key."""
    return secret_from(f"{programme_id}:{import_key}")


def secret_of(idea: Idea) -> str | None:
    """The secret that the idea was given when it was captured; none once there is a newer one, or another key."""
    if idea.import_key is None:
        return None
    secret = secret_for(idea.programme_id, idea.import_key)
    return secret if fits(idea, secret) else None


def digest(secret: str) -> str:
    """What is stored instead of the secret: HMAC-SHA256 under the application's key."""
    return _digest(_keys()[0], secret)


def fits(idea: Idea | None, secret: str) -> bool:
    """Does the secret open the idea? Takes as long when there is no idea."""
    stored = idea.secret_digest if idea is not None else "0" * 64
    matches = [hmac.compare_digest(stored, _digest(key, secret)) for key in _keys()]
    return idea is not None and any(matches)


def shown(secret: str) -> str:
    """The secret as people read it: ``ABCD-2345``."""
    return f"{secret[:4]}-{secret[4:]}"


def _digest(key: bytes, secret: str) -> str:
    return hmac.new(key, f"idea:{_plain(secret)}".encode(), hashlib.sha256).hexdigest()


def _plain(secret: str) -> str:
    return "".join(letter for letter in secret.upper() if letter.isalnum())


def _keys() -> list[bytes]:
    """The application's key, then the older ones that may still have made digests."""
    config = current_app.config
    return [str(key).encode() for key in (config["SECRET_KEY"], *config["SECRET_KEY_FALLBACKS"])]


@command(policy.may_renew_secret)
@repeatable
def renew_secret(actor: Actor, idea: Idea) -> str:
    """A new secret; the old one dies. It is returned once and kept nowhere."""
    secret = make_secret()
    idea.secret_digest = digest(secret)
    record(actor, SecretRenewed(idea.id))
    return secret


# Finding an idea by its slip


def look_up(reference: str, secret: str, address: str) -> Idea:
    """The idea with this reference and secret; ``Refused`` for any other pair, ``Throttled`` after too many."""
    reference = reference.strip().upper()[:20]
    place = network(address)
    limits = (
        Limit(key_of("slip", reference, place), 5, 15),
        Limit(key_of("slip-address", place), 30, 15),
        Limit(key_of("slip-reference", reference), 60, 15),
    )
    tries = throttling.admit(limits, limits[0].key, limits[2].key)
    idea = db.session.scalar(sa.select(Idea).where(Idea.reference == reference))
    is_right = fits(idea, secret) and idea is not None
    is_waiting = not is_right and _is_waiting_card(reference, secret)
    if is_right or is_waiting:
        throttling.let_go(tries)
    else:
        throttling.count(limits[1].key)
    if idea is None or not is_right:
        raise Refused((NOT_TYPED_IN if is_waiting else NO_MATCH,))
    return idea


def _is_waiting_card(reference: str, secret: str) -> bool:
    """Does somebody hold the part torn off a paper card that nobody has typed in yet?"""
    waiting = venues.find_waiting_card(reference)
    expected = secret_for(*(waiting or (0, reference)))
    return hmac.compare_digest(expected.encode(), _plain(secret).encode()) and waiting is not None


# Claiming


def require_calm(idea: Idea) -> None:
    """Let five links an hour go out for one idea, then raise ``Throttled``."""
    limit = Limit(key_of("claim", idea.reference), 5, 60)
    throttling.admit([limit], limit.key)


def offer_claim(actor: Actor, idea: Idea) -> Token:
    """Owe the owner the link that leads to a sign-in; in the current transaction."""
    token = accounts.make_token(people.CLAIM, idea.owner, CLAIM_HOURS, idea.id)
    record(actor, OwnerNamed(idea.id, idea.owner_id, token.id))
    return token


def offer_first_claims(ideas: Iterable[Idea]) -> list[OwnerNamed]:
    """Owe the owners of ideas that are new their links; what there is to record of it."""
    whose = [(idea.owner, idea.id) for idea in ideas]
    made = accounts.make_first_tokens(people.CLAIM, whose, CLAIM_HOURS) if whose else []
    return [OwnerNamed(token.subject_id or 0, token.person_id, token.id) for token in made]


@command(policy.may_offer_claims)
def offer_claims(actor: Actor, person: Person) -> list[Token]:
    """Owe somebody without a sign-in a link for each idea of theirs that has none which works."""
    if person.account is not None or not person.email:
        return []
    works = sa.exists().where(
        Token.kind == people.CLAIM, Token.subject_id == Idea.id, Token.used_at.is_(None), Token.expires_at > now()
    )
    bare = sa.select(Idea).where(Idea.owner_id == person.id, Idea.claimed_at.is_(None), ~works)
    return [offer_claim(actor, idea) for idea in db.session.scalars(bare).all() if not status.was_taken_back(idea)]


@command(policy.may_begin_claim)
def begin_claim(actor: Actor, idea: Idea, *, email: str) -> Token:
    """Mail the claim link for an idea whose slip somebody holds.

    It goes to the address that was written down at capture, and to the one given only where there was none: a
    slip alone must not open the mailbox, the roles or the other ideas of somebody who is known already.
    """
    if idea.claimed_at is not None:
        raise Refused(("The owner of this idea has a sign-in already. Sign in to see it.",))
    if why_not := why_no_claim(idea):
        raise Refused((why_not,))
    if not idea.owner.email:
        if not email:
            raise Refused(("Write the e-mail address to which the link should go.",))
        _owner_apart(idea).email = email.strip().lower()
    return offer_claim(actor, idea)


def why_no_claim(idea: Idea) -> str:
    """Why whoever holds its slip cannot make an idea theirs; empty where they can."""
    if status.was_taken_back(idea):
        return TAKEN_BACK
    return YOUNG if is_young(idea) else ""


def is_young(idea: Idea) -> bool:
    """Was its owner under 18 when it was captured?"""
    noted = db.session.get(NoticeShown, idea.id)
    return noted is not None and noted.under_18


def _owner_apart(idea: Idea) -> Person:
    """The owner as this slip knows them: somebody of their own where the same person is named on other ideas."""
    owner = idea.owner
    owns = sa.exists().where(Idea.owner_id == owner.id, Idea.id != idea.id)
    helps = sa.exists().where(Contributor.person_id == owner.id, Contributor.ended_at.is_(None))
    if not db.session.scalar(sa.select(sa.or_(owns, helps))):
        return owner
    apart = Person(name=owner.name, phone=owner.phone, is_demo=owner.is_demo, language=owner.language)
    db.session.add(apart)
    db.session.flush()
    _move_consents(idea, apart)
    idea.owner, idea.owner_id = apart, apart.id
    relist(idea)
    return apart


def account_for(token: Token) -> Account | None:
    """The sign-in there is already for whoever the claim link was sent to."""
    person = token.person
    return person.account or (people.find_account(person.email) if person.email else None)


@command(policy.may_claim_idea)
def claim_idea(actor: Actor, token: Token, *, name: str, password: str, language: str = "") -> Account:
    """Open a sign-in for the owner named at capture; their ideas are then theirs to work on. ``language`` is the one
    in which they did it, and are told more."""
    idea = _claimable(token)
    accounts.use_token(token)
    person = token.person
    person.name = name
    person.language = language or person.language
    account = accounts.open_account(actor, person, password=password)
    for owned in _unclaimed(person):
        _mark_claimed(actor, owned)
    if idea.claimed_at is None:
        _mark_claimed(actor, idea)
    return account


@command(policy.may_adopt_idea)
def adopt_idea(actor: Actor, token: Token) -> Idea:
    """Give the idea to the person who is signed in with the address to which the link was sent."""
    idea = _claimable(token)
    account = account_for(token)
    if account is None or account.person_id != actor.person_id:
        raise Refused(("This link was sent to somebody else. Sign in with the address that it was sent to.",))
    if queries.sits_for(idea, account.person_id):
        raise Refused(("You sit on the panel that looks at this idea now. Ask the coordinator to excuse you first.",))
    accounts.use_token(token)
    if idea.owner_id != account.person_id:
        _move_consents(idea, account.person)
        idea.owner = account.person
        idea.owner_id = account.person_id
    _mark_claimed(actor, idea)
    relist(idea)
    return idea


def idea_of(token: Token) -> Idea | None:
    """The idea that a claim link leads to, as long as its owner is still who the link was sent to."""
    idea = db.session.get(Idea, token.subject_id) if token.subject_id is not None else None
    return idea if idea is not None and idea.owner_id == token.person_id else None


def _claimable(token: Token) -> Idea:
    idea = idea_of(token)
    if idea is None:
        raise Refused(("This idea has another owner now.",))
    return idea


def _unclaimed(person: Person) -> list[Idea]:
    return list(db.session.scalars(sa.select(Idea).where(Idea.owner_id == person.id, Idea.claimed_at.is_(None))))


def _mark_claimed(actor: Actor, idea: Idea) -> None:
    idea.claimed_at = now()
    record(actor, IdeaClaimed(idea.id, idea.owner_id))


def _move_consents(idea: Idea, to: Person) -> None:
    """What was agreed at capture stays agreed: it is the same human, known twice."""
    live = sa.select(Consent).where(
        Consent.idea_id == idea.id, Consent.person_id == idea.owner_id, Consent.withdrawn_at.is_(None)
    )
    for consent in db.session.scalars(live):
        consent.person_id = to.id
