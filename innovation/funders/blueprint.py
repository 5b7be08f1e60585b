"""The blueprint that every page about funders belongs to."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("funders", __name__)
