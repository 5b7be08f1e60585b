"""The pages of ideas."""

from flask import Flask

from innovation import errors
from innovation.ideas import capture_views, claim_views, import_views
from innovation.ideas.blueprint import bp
from innovation.ideas.store import StoreAway
from innovation.ideas.views import canvas, journey, papers, sharing, team

__all__ = [
    "bp",
    "canvas",
    "capture_views",
    "claim_views",
    "import_views",
    "journey",
    "papers",
    "setup",
    "sharing",
    "team",
]


def setup(app: Flask) -> None:
    """Answer with a page while the store for files is away."""
    app.register_error_handler(StoreAway, errors.store_trouble)
