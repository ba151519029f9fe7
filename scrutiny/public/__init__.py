"""Front page, place pages and what the public sees. Reads all, writes only alerts and error reports through their rooms."""

from scrutiny.room import Room

ROOM = Room(
    __name__,
    views=(
        *("export_views", "codes_views", "apportion_views", "views", "table_views", "bulk_views", "web_views"),
        *("count_views", "count_year_views", "peer_views", "burden_views"),
    ),
)
