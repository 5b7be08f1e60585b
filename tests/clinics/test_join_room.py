"""People join an open clinic by its code, capture without a sign-in, and nothing of theirs is kept that they withheld."""

from __future__ import annotations
