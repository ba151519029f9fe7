"""What whoever runs the instance says of it in public: accessibility, privacy, press. Never what a review says."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views",), commands=("commands:statements",))
