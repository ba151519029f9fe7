"""Asking: drafting, issuing, delivery, and judging what comes back. Answering belongs to `answering`."""

from scrutiny.room import Room

ROOM = Room(
    __name__,
    views=("views", "issued_views", "attending_views", "delivery_views", "lettering_views", "matrix_views"),
    jobs=("jobs",),
    commands=("delivery_commands:requests",),
    waits=("waiting",),
)
