"""The count of public money: sources, words mapped to services, cells, their sums. Never how a file of payments is read."""

from scrutiny.room import Room

ROOM = Room(__name__, starts=("kept_files",), views=("views",), commands=("commands:ledger",))
