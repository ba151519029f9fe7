"""Everything an agency was ever asked, what it sent and what that cost: for those who act for it. It writes only the cost, and
notes that a copy was taken."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views", "receipt_views", "effort_views"))
