"""Deeds on a whole review across rooms: withdraw it, move its dates, take up a newer method, erase what was said in it."""

from scrutiny.room import Room

ROOM = Room(
    __name__,
    views=("views", "erasing_views", "reminding_views"),
    jobs=("jobs",),
    commands=("commands:reviews",),
    waits=("waiting",),
)
