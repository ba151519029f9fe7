"""The lifecycle of a review."""

from workflows.lifecycles.lifecycle import Lifecycle, move
from workflows.roles import CHAIR, LEAD_INSPECTOR, OPERATOR, SCRUTINY_OFFICER, TIMETABLE

LEADERS = frozenset({SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR})

REVIEW = Lifecycle(
    "review",
    {"planned": "Planned", "opened": "Under way", "reported": "Reported", "closed": "Closed", "withdrawn": "Withdrawn"},
    "planned",
    (
        move("open", "planned", "opened", LEADERS | {OPERATOR}, "Open the review", "review_opened"),
        move("report", "opened", "reported", LEADERS | {TIMETABLE}, "Report the review", "review_reported"),
        move("close", "reported", "closed", LEADERS, "Close the review", "review_closed"),
        move("withdraw", "planned opened", "withdrawn", LEADERS, "Withdraw the review", "review_withdrawn"),
    ),
)
