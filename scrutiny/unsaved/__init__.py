"""What was typed and could not be saved: kept for its writer alone, and put back into the form it was typed in."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views",), jobs=("jobs",), starts=("returning_views",))
