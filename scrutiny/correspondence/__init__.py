"""Letters, the emails they are posted in, and alerts. Never decides whether a letter is due."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views", "incoming_views"), jobs=("jobs", "incoming_jobs"), commands=("incoming_commands:mail",))
