"""How an idea's history tells of disclosures, talks, money and milestones."""

from __future__ import annotations

from collections.abc import Callable

from innovation.languages import gettext as _
from innovation.pipeline.pilot_told import OF_READINGS

OF_MONEY: dict[str, Callable[[str], str]] = {
    "introduction_ended": lambda funder: _("The introduction to %(funder)s ended, with a reason.", funder=funder),
    "interest_invited": lambda funder: _("The owner said that %(funder)s may show interest again.", funder=funder),
    "field_disclosed": lambda funder: _("The owner opened a confidential field to %(funder)s.", funder=funder),
    "disclosure_revoked": lambda funder: _("The owner closed a confidential field to %(funder)s.", funder=funder),
    "disclosed_read": lambda funder: _("%(funder)s read what was disclosed to it.", funder=funder),
    "talks_begun": lambda funder: _("%(funder)s is in talks with the owner.", funder=funder),
    "diligence_begun": lambda funder: _("%(funder)s began its due diligence.", funder=funder),
    "check_settled": lambda funder: _("%(funder)s looked at a point of its due diligence.", funder=funder),
    "talks_declined": lambda funder: _("The talks with %(funder)s ended, with a reason.", funder=funder),
    "talks_closed": lambda funder: _("%(funder)s closed its part: all of it is released or withdrawn.", funder=funder),
    "commitment_offered": lambda funder: _("%(funder)s offered to fund the idea.", funder=funder),
    "commitment_accepted": lambda funder: _("The owner accepted what %(funder)s offered.", funder=funder),
    "commitment_declined": lambda funder: _("The owner did not accept what %(funder)s offered.", funder=funder),
    "commitment_withdrawn": lambda funder: _("%(funder)s withdrew a commitment, with a reason.", funder=funder),
    "agreement_recorded": lambda funder: _("The agreement with %(funder)s was recorded.", funder=funder),
    "commitment_closed": lambda funder: _("A commitment of %(funder)s was released in full.", funder=funder),
    "tranche_planned": lambda funder: _("%(funder)s planned a tranche.", funder=funder),
    "tranche_cancelled": lambda funder: _("A tranche of %(funder)s was taken out of the plan.", funder=funder),
    "tranche_released": lambda funder: _("%(funder)s released a tranche.", funder=funder),
    "commitment_arranged": lambda funder: _(
        "%(funder)s said until when to sign, and whether it is named.", funder=funder
    ),
}
"""About one funder, by the kind of event."""
BESIDE_MONEY: dict[str, Callable[[], str]] = {
    "paper_handed_in": lambda: _("A paper for due diligence was handed in, once for all funders."),
    "registration_recorded": lambda: _("A registration was recorded with its dates."),
    "pilot_planned": lambda: _("The plan of the pilot was begun from what the panel approved."),
    "pilot_ended": lambda: _("The pilot ended."),
    "pilot_amended": lambda: _("The plan of the pilot was amended, with a reason."),
    **OF_READINGS,
    "milestone_planned": lambda: _("A milestone was planned."),
    "milestone_shown": lambda: _("The team says that a milestone is reached."),
    "milestone_file_added": lambda: _("A file was added that shows that a milestone is reached."),
    "milestone_file_removed": lambda: _("A file that showed that a milestone is reached was taken away."),
    "milestone_accepted": lambda: _("A milestone was accepted."),
    "milestone_returned": lambda: _("A milestone was returned with a reason."),
    "report_begun": lambda: _("A report to all funders was begun."),
    "report_handed_in": lambda: _("A report to all funders was handed in."),
    "report_returned": lambda: _("A report to all funders was returned with a reason."),
    "report_released": lambda: _("A report to all funders was released."),
}
"""About the idea itself."""
