"""What becomes public of requests before a report: the list with its answers, and the register of non-response."""

from scrutiny.room import Room

ROOM = Room(
    __name__,
    views=("views", "register_views", "delivery_views"),
    jobs=("jobs",),
    commands=("commands:register",),
    waits=("waiting",),
    starts=("line_approvals",),
)
