"""One person's work in a body or agency given to another at once. Never what is theirs alone: notes, grants, signatures."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views",), commands=("commands:people",))
