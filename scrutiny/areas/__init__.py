"""Dated areas: boundaries, what they share, who lives in them, postcodes and places.

Here belong the rows of areas, what they share, look-ups by point, postcode or code, and exports. Never here: pure
geometry (geography), what somebody means who types a place (place_lookup), figures (apportioning), what became of codes
(lineage), who answers for an area (agencies), or anything of a review.
"""

from scrutiny.room import Room

ROOM = Room(__name__, commands=("commands:areas", "export_commands:areas"))
