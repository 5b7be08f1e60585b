"""What a suggestion of reviewers says of the rules that it cannot keep: which, why, and what would help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from innovation.gates.assigning import Unmet
from innovation.languages import gettext as _
from innovation.languages import ngettext
from workflows import Gate

NAMED = 3


def why(unmet: Unmet, gate: Gate, names: Mapping[int, str], *, has_panel: bool) -> str:
    """One sentence for the rule and its reason, and one for what would help."""
    if not has_panel:
        return _("No panel sits at this gate for its region. Make one, or one for the whole programme.")
    full = _listed([names[person_id] for person_id in unmet.full if person_id in names])
    if unmet.rule == "number":
        short = _("It gets %(have)d of %(need)d reviewers.", have=unmet.have, need=unmet.need)
        return f"{short} {_full(full) if full else _('Nobody else on its panel may review it. Add a member.')}"
    what = _rule(unmet, gate)
    if full:
        return f"{what} {_full(full)}"
    return f"{what} {_('The others on its panel may not review it. Add somebody to the panel who may.')}"


def _rule(unmet: Unmet, gate: Gate) -> str:
    """The rule with how many there are who could take the idea."""
    if unmet.rule == "chair":
        return _("Nobody who is free may chair it.")
    if unmet.rule == "quorum":
        need = unmet.need
        return ngettext(
            "%(have)d member is free for it, and it needs %(need)d.",
            "%(have)d members are free for it, and it needs %(need)d.",
            unmet.have,
            have=unmet.have,
            need=need,
        )
    kind = next((rule.name for rule in gate.composition if rule.kind == unmet.rule), unmet.rule)
    return _("It needs %(need)d %(kind)s, and %(have)d is free.", need=unmet.need, kind=_(kind), have=unmet.have)


def _full(names: str) -> str:
    return _("At their cap: %(names)s. Raise a cap, or add a member.", names=names)


def _listed(names: Sequence[str]) -> str:
    """Some of the names, and how many more there are."""
    if len(names) <= NAMED:
        return ", ".join(names)
    more = ngettext("%(num)d more", "%(num)d more", len(names) - NAMED)
    return f"{', '.join(names[:NAMED])}, {more}"
