"""Asking: what, of whom, by when; drafting, issuing, extending, chasing; the matrix. Answering belongs to `answering`."""

from scrutiny.room import Room

ROOM = Room(
    __name__,
    views=(
        "views",
        "asking_views",
        "attending_views",
        "chasing_views",
        "delivery_views",
        "matrix_views",
        "register_views",
        "publication_views",
    ),
    jobs=("jobs",),
    starts=("legal_basis", "guests"),
    commands=("delivery_commands:requests", "chasing_commands:reminders", "register_commands:register"),
)
