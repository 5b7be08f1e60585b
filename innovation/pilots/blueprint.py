"""The blueprint that every page about pilots belongs to."""

from __future__ import annotations

from flask import Blueprint

from innovation.pilots.saying import term_name

bp = Blueprint("pilots", __name__)
bp.add_app_template_global(term_name)
