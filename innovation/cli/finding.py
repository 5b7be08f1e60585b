"""What ``gatehouse doctor`` says of one thing."""

from __future__ import annotations

from innovation.values import dataclass

OK, ATTENTION, FAULT = "ok", "attention", "fault"


@dataclass(frozen=True)
class Finding:
    """How one thing stands: ok, attention (works, could be better) or fault, and what to do."""

    name: str
    state: str
    text: str
    advice: str = ""
