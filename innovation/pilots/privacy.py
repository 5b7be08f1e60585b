"""How few learners are too few to tell of."""

from __future__ import annotations

FEWEST_LEARNERS = 10
"""What is known of fewer than this is shown to those who typed it, and nowhere that is wider: one could guess whom."""
