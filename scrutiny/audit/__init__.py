"""What happened: every move with who, in which capacity, when, before and after, chained by digest. Never personal text."""

from scrutiny.room import Room

ROOM = Room(__name__, commands=("commands:audit",))
