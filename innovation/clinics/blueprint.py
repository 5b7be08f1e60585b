"""The blueprint that every page of clinics belongs to."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("clinics", __name__)
