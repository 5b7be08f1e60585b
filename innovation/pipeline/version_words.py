"""What the history says when an idea changes to another version of its process, or back again."""

from __future__ import annotations

from innovation.languages import gettext as _


def changed_version(place: str, *, is_back: bool) -> str:
    if is_back:
        return str(_("The change of version was undone: the idea goes on under the one before, at %(p)s.", p=place))
    return str(_("The idea goes on under another version of its process, at %(place)s.", place=place))
