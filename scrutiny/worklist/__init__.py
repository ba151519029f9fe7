"""Inbox, review hub, history, outbox and audit pages, calendar feed. Reads all, writes nothing."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views", "pack_views", "delay_views", "feed_views"), starts=("hub",))
