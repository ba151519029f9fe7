"""Signed off, composed, sealed, printed, released, corrected."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views", "sign_off_views", "undoing_views"), jobs=("jobs",), commands=("commands:reports",))
