"""Which of somebody's own bodies and agencies a page belongs to, whatever room it is of. Never whether they may open it."""

from scrutiny.room import Room

ROOM = Room(__name__, starts=("queries",))
