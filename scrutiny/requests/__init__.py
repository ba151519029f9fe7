"""Requests as they are kept and read: items, answers, holders, legal basis, the matrix. Deeds belong to the rooms above."""

from scrutiny.room import Room

ROOM = Room(__name__, starts=("legal_basis", "guests", "joining", "lettering", "ways"))
