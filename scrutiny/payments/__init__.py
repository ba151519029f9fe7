"""Files of payments loaded into the count: sent, read in a child, looked at, kept as a source with its cells; how a publisher's
files are read is saved for the next. Never the count itself, and never what a cell of a file means."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views",), commands=("commands:ledger",))
