"""People, how they sign in, and their keys. Knows no body and no agency."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views",), starts=("queries",))
