"""A place beside others of its kind and near it in size: what public bodies spend there for each person. Keeps no rows."""

from scrutiny.room import Room

ROOM = Room(__name__, commands=("commands:peers",))
