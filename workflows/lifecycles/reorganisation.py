"""The lifecycle of a reorganisation: prepared, staged for its day, undone until then, carried out on it."""

from workflows.lifecycles.lifecycle import Lifecycle, move
from workflows.roles import ADMINISTRATOR, OPERATOR, TIMETABLE

KEEPERS = frozenset({ADMINISTRATOR, OPERATOR})
CLOCK = frozenset({TIMETABLE, OPERATOR})

REORGANISATION = Lifecycle(
    "reorganisation",
    {"drafted": "Being prepared", "staged": "Staged for its day", "carried_out": "Carried out", "dropped": "Dropped"},
    "drafted",
    (
        move("stage", "drafted", "staged", KEEPERS, "Stage it for its day", "reorganisation_staged"),
        move("undo", "staged", "drafted", KEEPERS, "Undo the staging", "reorganisation_undone"),
        move("carry_out", "staged", "carried_out", CLOCK, "Carry it out", "reorganisation_carried_out"),
        move("drop", "drafted", "dropped", KEEPERS, "Drop it", "reorganisation_dropped"),
    ),
)
