"""Reports being made: signed off, composed, sealed, printed, released, corrected; the series of area reports."""

from scrutiny.room import Room

ROOM = Room(
    __name__,
    views=("views", "sign_off_views", "interest_views", "undoing_views", "rhythm_views"),
    jobs=("jobs", "asking_signatures", "alerting"),
    commands=("commands:reports",),
    starts=("jobs", "erasing", "signature_seals"),
    waits=("waiting",),
)
