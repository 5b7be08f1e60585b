"""How the ways of agreeing for a child are called."""

from __future__ import annotations

from innovation.languages import lazy_gettext

RELATION_NAMES = {
    "parent": lazy_gettext("Mother or father"),
    "guardian": lazy_gettext("Legal guardian"),
    "decides": lazy_gettext("Somebody else who may decide for the child by law"),
}
WAY_NAMES = {
    "signed": lazy_gettext("Signed on paper"),
    "in_person": lazy_gettext("Said yes in the room"),
    "phone": lazy_gettext("Said yes on the phone"),
    "message": lazy_gettext("Wrote a message"),
}
