"""The agenda of a place, a body or an agency, and reviews that are planned. Never how a review is done."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views", "plan_views"), commands=("commands:agenda",))
