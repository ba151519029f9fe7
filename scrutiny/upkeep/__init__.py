"""Backup, restore, health, job runs and the administrator's machine page."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views", "holiday_views"), jobs=("jobs",), commands=("commands:backup", "commands:restore"))
