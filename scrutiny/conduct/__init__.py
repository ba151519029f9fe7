"""Deeds on a whole review across rooms: withdraw it, move its dates, take up a newer method. Previewed first, then done."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views",), commands=("commands:reviews",))
