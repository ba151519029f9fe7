"""The agency's side: fields to fill in, the team, approving, sending, correcting, receipts. Asking belongs to `requests`."""

from scrutiny.room import Room

ROOM = Room(
    __name__,
    views=(
        *("views", "sending_views", "attendance_views", "declining_views"),
        *("discarding_views", "reusing_views", "register_views"),
    ),
)
