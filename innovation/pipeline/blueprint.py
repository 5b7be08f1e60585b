"""The blueprint that the pages joining areas belong to."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("pipeline", __name__)
