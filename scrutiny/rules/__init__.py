"""Files of config/ read and checked once at start; editions kept as rows. Never decides anything itself."""

from scrutiny.room import Room

ROOM = Room(
    __name__,
    commands=(
        "commands:methods",
        "ladder_commands:ladders",
        "lifecycle_commands:lifecycles",
        "commands:deadlines",
        "commands:holidays",
    ),
)
