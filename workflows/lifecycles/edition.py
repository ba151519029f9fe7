"""The lifecycle of an edition of a report: composed, sealed, printed, released; recalled where it must not stay public."""

from workflows.lifecycles.lifecycle import Lifecycle, move
from workflows.roles import CHAIR, LEAD_INSPECTOR, OPERATOR, SCRUTINY_OFFICER, TIMETABLE

LEADERS = frozenset({SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR})
CLOCK = frozenset({TIMETABLE})

EDITION = Lifecycle(
    "report",
    {
        "drafted": "Draft",
        "scheduled": "Scheduled",
        "sealed": "Sealed",
        "printed": "Printed",
        "released": "Released",
        "withdrawn": "Withdrawn",
        "recalled": "Withdrawn after publication",
    },
    "drafted",
    (
        move("schedule", "drafted", "scheduled", LEADERS | CLOCK, "Schedule the report", "report_scheduled"),
        move("unschedule", "scheduled", "drafted", LEADERS | CLOCK, "Take the report off the schedule", "report_unscheduled"),
        move("seal", "scheduled", "sealed", CLOCK, "Seal the report", "report_sealed"),
        move("print", "sealed", "printed", CLOCK, "Print the report", "report_printed"),
        move("release", "printed", "released", CLOCK, "Release the report", "report_released"),
        move("withdraw", "drafted scheduled sealed printed", "withdrawn", LEADERS, "Withdraw the report", "report_withdrawn"),
        move("recall", "released", "recalled", LEADERS | {OPERATOR}, "Withdraw the published edition", "edition_recalled"),
    ),
)
