"""What is published as data, told in the formats that data portals read: a catalogue (DCAT-AP), and a package for each source."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views",), commands=("commands:datasets",))
