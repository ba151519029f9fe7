"""Items and files kept, checked, marked and citable. Never what was concluded from them."""

from scrutiny.room import Room

ROOM = Room(
    __name__,
    views=("views", "file_views", "restricting_views", "naming_views"),
    jobs=("jobs", "seals"),
    commands=("commands:evidence",),
    starts=("approvals", "jobs"),
    waits=("waiting",),
)
