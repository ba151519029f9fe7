"""Loamshire: an invented county with agencies, bodies, people and reviews, made only through the services of other rooms.

Nothing real ever belongs here, and no other room may lean on it.
"""

from scrutiny.room import Room

ROOM = Room(__name__, commands=("commands:demo",))
