"""Loading the demonstration: a programme with its people, ideas, panels and funders, as if it had run for years."""

from __future__ import annotations

import datetime as dt

import click
import sqlalchemy as sa

from innovation import chain
from innovation.accounts.queries import has_demo_accounts
from innovation.command import transaction
from innovation.db import ample_cache, db, now
from innovation.demo import aftermath, written
from innovation.demo.afterwards import leave_a_panel
from innovation.demo.bulk.load import make_ideas
from innovation.demo.cast import Cast
from innovation.demo.clinics import clinic_story
from innovation.demo.funding import (
    confirming_story,
    import_invented_awards,
    import_real_funders,
    interest_story,
    make_funders,
)
from innovation.demo.holding import at_hand
from innovation.demo.measuring import measuring_story
from innovation.demo.meetings import plan_the_next
from innovation.demo.money import money_story
from innovation.demo.relating import relate_ideas
from innovation.demo.setting import PASSWORD, cheap_passwords, make_panels, set_up
from innovation.demo.spread import playbook_story, rollout_story
from innovation.demo.stories import IdeaStory
from innovation.demo.system import home_story, round_story
from innovation.demo.telling import HERE, Telling, at, moment
from innovation.demo.versions import write_next_version
from innovation.demo.workspace import workspace_story
from innovation.funders.queries.ranking import forget_old_changes
from innovation.programmes.models import Programme
from innovation.values import dataclass
from workflows import Refused

BEFORE = dt.timedelta(days=90)
NOT_EMPTY = "This database holds a programme that is not a demonstration. Load the demonstration into an empty one."


@dataclass(frozen=True)
class SignIn:
    """A sign-in of the demonstration."""

    role: str
    email: str
    what: str


def load(ideas: int = 0, seed: int = 7) -> bool:
    """Build the world, all of it or nothing; False when it is there already, ``Refused`` beside a real programme.

    With ``ideas``, so many there are in all: those beside the written ones are made up, the same for the same seed.
    """
    if db.session.scalar(sa.select(Programme.id).limit(1)) is not None:
        if has_demo_accounts():
            return False
        raise Refused((NOT_EMPTY,))
    db.session.rollback()
    latest = now()
    with cheap_passwords(), transaction():
        with at_hand(), ample_cache():
            cast = _tell(latest)
        if ideas > len(cast.ideas):
            make_ideas(cast, ideas - len(cast.ideas), seed, latest)
    chain.seal_all()
    forget_old_changes()
    return True


def _tell(latest: dt.datetime) -> Cast:
    told = written.read(latest.astimezone(HERE).date())
    telling = Telling(latest, lambda: aftermath.react(latest))
    with at(moment(min(clinic["date"] for clinic in told.clinics) - BEFORE)):
        cast = set_up(told, telling)
        make_panels(cast)
        make_funders(cast)
        import_real_funders()
        import_invented_awards()
        aftermath.react(latest)
    for clinic in told.clinics:
        telling.begin(clinic_story(cast, clinic))
    for number, idea in enumerate(told.ideas):
        telling.begin(IdeaStory(cast, idea, number % 12).tell())
    for interest in told.interests:
        telling.begin(interest_story(cast, interest))
    telling.begin(money_story(cast, told.money))
    telling.begin(confirming_story(cast))
    telling.begin(workspace_story(cast, told.workspace))
    telling.begin(measuring_story(cast, told.readings, told.today))
    for spread in (told.spread, told.system):
        telling.begin(playbook_story(cast, spread))
        for rollout in spread["rollout"]:
            telling.begin(rollout_story(cast, spread["idea"], rollout))
    for marks in told.system["round"]:
        telling.begin(round_story(cast, marks))
    telling.begin(home_story(cast, told.system["idea"], told.system["home"]))
    telling.run()
    write_next_version(cast, latest)
    leave_a_panel(cast)
    plan_the_next(cast, latest.astimezone(HERE).date())
    relate_ideas(cast)
    aftermath.react(latest)
    aftermath.tidy_up(latest)
    return cast


def sign_ins() -> list[SignIn]:
    """Who can sign in, in the order of a tour."""
    today = now().astimezone(HERE).date()
    return [SignIn(a["name"], a["email"], a["what"]) for a in written.read(today).accounts]


def print_sign_ins() -> None:
    """Print who can sign in, with the password that they share."""
    people = sign_ins()
    width = max(len(person.role) for person in people)
    wide = max(len(person.email) for person in people)
    click.echo(f"\nThe demonstration's sign-ins. Their password is: {PASSWORD}\n")
    for person in people:
        click.echo(f"  {person.role:<{width}}  {person.email:<{wide}}  {person.what}")
    click.echo("\nOther owners of ideas sign in with the address on the page of their idea.")
