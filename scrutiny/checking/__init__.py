"""An agency checks the facts it is shown: its corrections, its approver, that it has finished. Deciding belongs to `findings`."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views", "delivery_views"))
