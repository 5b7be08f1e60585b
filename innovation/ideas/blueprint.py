"""The blueprint that every page about ideas belongs to."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("ideas", __name__)
