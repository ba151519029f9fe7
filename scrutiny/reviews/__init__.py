"""A method applied to a place over a period, with its lines and questions. Never what an agency answered."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("opening_views", "inviting_views", "views"), waits=("waiting",))
