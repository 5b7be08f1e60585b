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
BANDS = (
    (50_000_00, "Up to R50 000"),
    (250_000_00, "R50 000 to R250 000"),
    (1_300_000_00, "R250 000 to R1 300 000"),
    (5_000_000_00, "R1 300 000 to R5 000 000"),
    (10_000_000_00, "R5 000 000 to R10 000 000"),
)
LARGEST_BAND = "More than R10 000 000"
APPETITES = (("", "Not wanted"), ("accepted", "Accepted"), ("preferred", "Preferred"))
STATES = (
    ("shown", "Waits for the owner"),
    ("accepted", "Introduced"),
    ("declined", "Declined"),
    ("withdrawn", "Withdrawn"),
)
RESTING = "Closed while the idea is not shared with funders"
TONES = {"shown": "recycle", "accepted": "go", "declined": "hold", "withdrawn": "hold"}
INSTRUMENT_NAMES = dict(codes.INSTRUMENTS)
LEGAL_NAMES = dict(codes.LEGAL_STATUSES)


def band_of(cents: int) -> str:
    """The band that an ask belongs to, in words."""
    return next((name for limit, name in BANDS if cents <= limit), LARGEST_BAND)


def phase_keys(phases: list[str]) -> list[str]:
    """Phases by their keys, however their case was kept."""
    return [phase.lower() for phase in phases]
