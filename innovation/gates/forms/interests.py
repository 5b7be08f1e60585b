"""What is said of interests: the flags in words, and the form of a ruling."""

from __future__ import annotations

import wtforms

from innovation.forms import Form, at_most, required
from innovation.gates.forms.words import options, trimmed
from innovation.gates.interests import Flag
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext

FLAG_WORDS = {
    ("owner", "idea"): lazy_gettext("Owns this idea"),
    ("contributor", "idea"): lazy_gettext("Contributes to this idea"),
    ("captured", "idea"): lazy_gettext("Wrote this idea down"),
    ("facilitator", "idea"): lazy_gettext("Facilitates at its clinic: %(what)s"),
    ("school", "idea"): lazy_gettext("Belongs to the same place as the idea: %(what)s"),
    ("school", "owner"): lazy_gettext("Same place as the owner: %(what)s"),
    ("school", "contributor"): lazy_gettext("Same place as a contributor: %(what)s"),
    ("organisation", "owner"): lazy_gettext("Same organisation as the owner: %(what)s"),
    ("organisation", "contributor"): lazy_gettext("Same organisation as a contributor: %(what)s"),
    ("domain", "owner"): lazy_gettext("Same e-mail domain as the owner: %(what)s"),
    ("domain", "contributor"): lazy_gettext("Same e-mail domain as a contributor: %(what)s"),
    ("district", "idea"): lazy_gettext("An interest in its district: %(what)s"),
    ("funder", "idea"): lazy_gettext("Belongs to a funder interested in it: %(what)s"),
    ("relative", "owner"): lazy_gettext("The owner has the name of a relative in the register"),
    ("relative", "contributor"): lazy_gettext("A contributor has the name of a relative in the register"),
}
LEVEL_NAMES = {
    "none": lazy_gettext("No interest"),
    "declare": lazy_gettext("Declared an interest"),
    "recuse": lazy_gettext("Stepped back"),
    "accepted": lazy_gettext("Accepted"),
    "refused": lazy_gettext("Refused: recused"),
    "admitted": lazy_gettext("Overruled: admitted again"),
    "removed": lazy_gettext("Overruled: removed"),
}


def flag_words(flag: Flag) -> str:
    """A flag as people read it, whoever reads it; it names no person."""
    words = str(FLAG_WORDS[flag.rule, flag.behind]) % {"what": flag.what}
    return _("Through a relative: %(what)s", what=words) if flag.relative and flag.rule != "relative" else words


class RulingForm(Form):
    """The chair admits a recused member, or removes one, with a reason."""

    answer = wtforms.RadioField(
        lazy_gettext("What is decided?"),
        required(lazy_gettext("Choose whether this member takes part.")),
        choices=options(
            [("admitted", lazy_gettext("Takes part again")), ("removed", lazy_gettext("Takes no part any more"))]
        ),
    )
    reason = wtforms.TextAreaField(lazy_gettext("Why"), [*required(), at_most(1500)], filters=[trimmed])
