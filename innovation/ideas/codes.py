"""Code lists of ideas: instruments, legal statuses, purposes of consent, and how phases are kept."""

from __future__ import annotations

INSTRUMENTS = (
    ("grant", "Grant"),
    ("match_grant", "Matching grant"),
    ("reimbursable", "Reimbursable grant"),
    ("loan", "Loan"),
    ("guarantee", "Guarantee"),
    ("equity", "Equity"),
    ("outcome", "Payment by outcome"),
    ("prize", "Prize"),
    ("in_kind", "Goods"),
    ("pro_bono", "Skills and time"),
    ("access", "Access: places, data, free use"),
    ("co_fund", "Pooled fund"),
)
LEGAL_STATUSES = (
    ("pbo", "PBO: public benefit organisation"),
    ("s18a", "Section 18A: donors can deduct what they give"),
    ("npo", "NPO: registered non-profit organisation"),
    ("npc", "NPC: non-profit company"),
    ("b-bbee", "B-BBEE: certificate or affidavit of its level"),
)
PURPOSES = ("contact", "public_name", "photo", "share_with_funders")
SHARE = "share_with_funders"


def phase_codes(keys: list[str]) -> list[str]:
    """The codes of phases as ideas, asks and mandates keep them, from the keys of a canvas answer."""
    return [key.lower() for key in keys]


def label(codes: tuple[tuple[str, str], ...], key: str) -> str:
    """What a code is called; the code itself when the list does not know it."""
    return dict(codes).get(key, key)
