"""The blueprint that every page about pilots belongs to."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("pilots", __name__)
