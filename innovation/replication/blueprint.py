"""The blueprint that every page about playbooks and rollouts belongs to."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("replication", __name__)
