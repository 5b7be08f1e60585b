"""The inbox, the post as its administrators see it, and the letters that announce decisions."""

from . import announcing, inbox
from .blueprint import bp

__all__ = ["announcing", "bp", "inbox"]
