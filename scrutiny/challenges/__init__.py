"""What the public challenges of what is published: sent, checked, answered, supported. Never the correction itself."""

from scrutiny.room import Room

ROOM = Room(
    __name__,
    views=("views", "confirming_views", "desk_views", "referral_views"),
    jobs=("jobs",),
    commands=("commands:challenges",),
    starts=("approvals",),
)
