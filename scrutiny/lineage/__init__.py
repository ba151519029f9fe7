"""What became of codes: files of lineage, shares worked out, history, areas staged for a day to come. Never a loading page."""

from scrutiny.room import Room

ROOM = Room(__name__, commands=("commands:areas",))
