"""Figures of one kind of area apportioned to another, or carried to another day: by people, land or weights, and nothing lost.
Never the boundaries themselves (areas), and no figure is kept.
"""

from scrutiny.room import Room

ROOM = Room(__name__, commands=("commands:areas",))
