"""The lifecycle of a planned review: an idea, proposed to the bodies it is shared with, agreed, announced, under way."""

from workflows.lifecycles.lifecycle import Lifecycle, move
from workflows.roles import CHAIR, LEAD_INSPECTOR, SCRUTINY_OFFICER

PLANNERS = frozenset({SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR})

PLAN = Lifecycle(
    "plan",
    {
        "idea": "Idea",
        "proposed": "Proposed",
        "agreed": "Agreed",
        "announced": "Announced",
        "under_way": "Under way",
        "dropped": "Dropped",
    },
    "idea",
    (
        move("propose", "idea", "proposed", PLANNERS, "Propose the plan", "plan_proposed"),
        move("agree", "proposed", "agreed", PLANNERS, "Agree the plan", "plan_agreed"),
        move("announce", "agreed", "announced", PLANNERS, "Announce the plan", "plan_announced"),
        move("open", "agreed announced", "under_way", PLANNERS, "Open the review", "plan_opened"),
        move("return", "proposed agreed", "idea", PLANNERS, "Make it an idea again", "plan_returned"),
        move("drop", "idea proposed agreed announced", "dropped", PLANNERS, "Drop the plan", "plan_dropped"),
    ),
)
