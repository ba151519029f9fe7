"""By when: the day an item is due and why, what starts and stops its clock, and what moves it. Asking belongs to `asking`."""

from scrutiny.room import Room

ROOM = Room(__name__, commands=("commands:requests",))
