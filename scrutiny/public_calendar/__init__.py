"""Days that concern many at once: polls, school holidays, year-ends, blackouts, agreed loads. Never a review or a plan."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views",), commands=("commands:agenda",))
