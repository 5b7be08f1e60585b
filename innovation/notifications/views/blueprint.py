"""The blueprint to which the pages of messages are bound."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("notifications", __name__)
