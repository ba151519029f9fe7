"""What answering asks of agencies: counted from requests as they stand, for whoever may see them. Reads; keeps no rows."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views",), commands=("commands:burden",))
