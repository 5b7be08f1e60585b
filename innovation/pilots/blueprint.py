"""The blueprint that every page about pilots belongs to."""

from __future__ import annotations

from flask import Blueprint

from innovation.pilots.reading_texts import shown
from innovation.pilots.saying import figure, term_name

bp = Blueprint("pilots", __name__)
bp.add_app_template_global(term_name)
bp.add_app_template_global(figure)
bp.add_app_template_global(shown, "as_typed")
