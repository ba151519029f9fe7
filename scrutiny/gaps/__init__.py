"""Where nobody holds a service to account: nobody looked for years, nobody may, or nobody answers. Never who is to blame."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views", "acting_views", "register_views"), commands=("commands:gaps",))
