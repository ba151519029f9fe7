"""Each body of a joint review says whether it agrees with each finding, word for word. Never a signature or a dissent."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views",), starts=("guarding", "erasing"), waits=("waiting",))
