"""Files of boundaries, people, postcodes and lineage sent by page or command, read and taken in. Never what is asked of areas."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views",), commands=("commands:areas",))
