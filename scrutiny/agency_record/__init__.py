"""Everything an agency was ever asked, and what it sent: for those who act for it. Reads; notes only that a copy was taken."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views", "receipt_views"))
