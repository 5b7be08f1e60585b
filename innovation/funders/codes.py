"""Code lists of funders: kinds, and the bands of an ask in rand."""

from __future__ import annotations

from innovation.ideas import codes

KINDS = (
    ("CORPORATE_CSI", "Corporate social investment"),
    ("FOUNDATION", "Foundation"),
    ("TRUST", "Trust"),
    ("GOVERNMENT", "Government"),
    ("MULTILATERAL", "Multilateral body"),
    ("SETA", "Sector training authority"),
    ("IMPACT_INVESTOR", "Impact investor"),
    ("INDIVIDUAL", "Individual"),
)
VISIBILITIES = (
    ("public", "Anybody, without a sign-in"),
    ("members", "Owners of ideas, once they sign in"),
    ("hidden", "Only its own people and the programme"),
)
"""Who finds a funder, with what its programmes look for; never whom to contact."""
BANDS = (
    (50_000_00, "Up to R50 000"),
    (250_000_00, "R50 000 to R250 000"),
    (1_300_000_00, "R250 000 to R1 300 000"),
    (5_000_000_00, "R1 300 000 to R5 000 000"),
    (10_000_000_00, "R5 000 000 to R10 000 000"),
)
LARGEST_BAND = "More than R10 000 000"
FIRST_PROGRAMME = "First programme"  # of a funder that has not named one
APPETITES = (("", "Not wanted"), ("accepted", "Accepted"), ("preferred", "Preferred"))
STATES = (
    ("shown", "Waits for the owner"),
    ("accepted", "Introduced"),
    ("declined", "Declined"),
    ("withdrawn", "Withdrawn"),
    ("expired", "Not answered in time"),
    ("ended", "Talks ended"),
)
SAY_WHY = "Say why, in a word to the funder."
RESTING = "Closed while the idea is not shared with funders"
TONES = {"shown": "recycle", "accepted": "go"} | dict.fromkeys(("declined", "withdrawn", "expired", "ended"), "hold")
INSTRUMENT_NAMES = dict(codes.INSTRUMENTS)
LEGAL_NAMES = dict(codes.LEGAL_STATUSES)


def band_of(cents: int) -> str:
    """The band that an ask belongs to, in words."""
    return next((name for limit, name in BANDS if cents <= limit), LARGEST_BAND)


def phase_keys(phases: list[str]) -> list[str]:
    """Phases by their keys, however their case was kept."""
    return [phase.lower() for phase in phases]


# From interest to money
IN_KIND = frozenset({"in_kind", "pro_bono", "access"})
CURRENCIES = ("ZAR", "USD", "EUR", "GBP", "CHF", "BWP", "NAD")  # each has two decimals
SIGNS = {"ZAR": "R"}
TALK_STATES = (
    ("talking", "In talks"),
    ("examining", "Due diligence"),
    ("committed", "Committed"),
    ("closed", "Closed"),
    ("declined", "Talks ended"),
)
TALK_TONES = {"talking": "info", "examining": "recycle", "committed": "go", "closed": "go", "declined": "hold"}
COMMITMENT_STATES = (
    ("offered", "Offered: waits for the owner"),
    ("committed", "Committed"),
    ("agreed", "Agreement recorded"),
    ("closed", "Closed"),
    ("declined", "Not accepted"),
    ("withdrawn", "Withdrawn"),
)
CUT = "Closed, the rest withdrawn"  # after a part was released
COMMITMENT_TONES = {"offered": "recycle", "committed": "go", "agreed": "go", "closed": "go"}
TRANCHE_STATES = (("planned", "Planned"), ("released", "Released"), ("cancelled", "Cancelled"))
VERDICTS = (
    ("fine", "Looked at, and fine"),
    ("not_needed", "Not needed by us"),
    ("asks", "We ask for more"),
)
DILIGENCE = (
    ("history", "History and mission", "Since when you exist, what for, and what you have done."),
    ("leadership", "Leadership and governance", "Who leads and who governs, and who would follow them."),
    ("accounts", "Audited financial statements", "Those of the last two years."),
    ("resources", "Own resources", "What you bring yourselves: people, places, money."),
    ("donors", "Other donors", "Who else pays, and how much hangs on each."),
    ("standing", "Standing in the community", "Who there can speak for you."),
    ("bank", "Proof of the bank account", "A letter of the bank; never a card or a password."),
    ("safeguarding", "Safeguarding", "Your rules, and when people were last screened; never the certificates."),
)
"""What funders check before they give, each with what is asked for."""
GOALS = (
    ("4.1", "Primary and secondary education"),
    ("4.2", "Early childhood"),
    ("4.3", "Technical, vocational and tertiary education"),
    ("4.4", "Skills for work"),
    ("4.5", "Equity"),
    ("4.6", "Literacy and numeracy of youth and adults"),
    ("4.7", "Sustainable development and citizenship"),
    ("4.a", "Places of learning"),
    ("4.b", "Scholarships"),
    ("4.c", "Teachers"),
)
"""Targets of the fourth of the Sustainable Development Goals (SDG), in short."""
REPORTS = (
    ("quarter", "Every quarter"),
    ("half", "Every half-year"),
    ("year", "Every year"),
    ("end", "Once, at the end"),
)
DILIGENCE_NAMES = {key: name for key, name, _help in DILIGENCE}
REGISTRATIONS = (
    ("npo", "NPO: registered non-profit organisation"),
    ("pbo", "PBO: public benefit organisation"),
    ("s18a", "Section 18A: donors can deduct what they give"),
    ("npc", "NPC: non-profit company"),
    ("sed", "SED: share of the value that benefits black people"),
)

# A funder's workspace
PASS_REASONS = (
    ("mandate", "Not what we fund"),
    ("place", "Not where we work"),
    ("amount", "The amount does not suit us"),
    ("time", "Not at this time"),
    ("evidence", "Too little evidence so far"),
    ("team", "Not sure that the team can carry it"),
    ("cost", "Too costly for what it reaches"),
    ("similar", "We fund something like it already"),
    ("other", "Another reason"),
)
OFTEN = (
    ("never", "No mails"),
    ("instant", "At once"),
    ("daily", "Once a day"),
    ("weekly", "Once a week"),
)
