"""Bodies that ask, their members and roles; who an actor is. Never what they ask."""

from scrutiny.room import Room

ROOM = Room(
    __name__,
    views=("views", "letterhead_views", "people_views"),
    commands=("commands:bodies", "commands:people"),
    starts=("by_role",),
)
