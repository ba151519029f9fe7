"""Which areas somebody means who typed a name, a code, a postcode or a point: one, or many at once; whether a postcode straddles.

Here belong the index of names, what is read as a place, and lists of postcodes. Never here: the rows of areas (areas), and what
lies there besides areas (agencies, search).
"""

from scrutiny.room import Room

ROOM = Room(__name__, commands=("commands:areas",))
