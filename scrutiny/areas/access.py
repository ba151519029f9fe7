"""The doors of this room: boundaries and places are public."""

from __future__ import annotations

from flask import abort

from scrutiny.areas import queries
from scrutiny.areas.models import Place


def place_to_read(slug: str) -> Place:
    """The place of that slug, for anyone; 404 where there is none."""
    return queries.place(slug) or abort(404)
