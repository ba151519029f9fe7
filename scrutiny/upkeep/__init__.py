"""Backup, restore, health, job runs and the administrator's machine page."""

from scrutiny.room import Room

ROOM = Room(
    __name__,
    views=("views", "holiday_views", "setup_views", "method_views"),
    jobs=("jobs",),
    starts=("views",),
    commands=("commands:backup", "commands:restore", "commands:setup"),
)
