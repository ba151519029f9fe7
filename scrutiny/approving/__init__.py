"""What one person wrote in an agency's name waits here for its approver; the room it belongs to shows it and carries it out."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views",))
