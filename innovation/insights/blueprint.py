"""The blueprint that every page about a programme's figures belongs to."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("insights", __name__)
