"""What the one search box finds: places, agencies and the published record. Reads; keeps nothing but names in memory."""

from scrutiny.room import Room

ROOM = Room(__name__, commands=("commands:search",))
