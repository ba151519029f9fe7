"""Bodies that answer: where, for what, who of them may act. Never what they were asked."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views", "register_views"), jobs=("jobs",), commands=("commands:agencies",))
