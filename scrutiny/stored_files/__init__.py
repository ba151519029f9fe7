"""Files that were sent and are kept: received, scanned, kept once under their digest, looked at, and gone with their last use.
Never what a file is used for, by whom, or who may read it: each room that keeps files says which bytes it uses.
"""

from scrutiny.room import Room

ROOM = Room(__name__, jobs=("jobs",))
