"""Chasing what is late: reminders by the ladder, letters a chair approves, everyone silent at once."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views",), jobs=("jobs",), commands=("commands:reminders",), waits=("waiting",))
