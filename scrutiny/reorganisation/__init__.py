"""One change of councils across rooms: previewed, staged, undone until its day, carried out; no deed of one room alone."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views",), jobs=("jobs",), commands=("commands:reorganisation",))
