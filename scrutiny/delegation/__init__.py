"""Questions an agency's people hand to each other, several at once, with a note and a date; and back. Answers are not here."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views",))
