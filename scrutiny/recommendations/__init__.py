"""What should be done, by whom, by when; responses, progress and closure."""

from scrutiny.room import Room

ROOM = Room(
    __name__,
    views=("views", "delivery_views", "erasing_views", "chasing_views"),
    jobs=("jobs",),
    starts=("approvals",),
    waits=("waiting",),
    commands=("commands:recommendations",),
)
