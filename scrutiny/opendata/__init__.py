"""The read-only API: the published record for all; with a key, what `access` lets that person see."""

from scrutiny.room import Room

ROOM = Room(__name__, starts=("views",))
