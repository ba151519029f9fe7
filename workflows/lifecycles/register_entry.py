"""The lifecycle of an entry in the register of non-response: the agency is told before anybody else, then it may be published."""

from workflows.lifecycles.lifecycle import Lifecycle, move
from workflows.roles import CHAIR, LEAD_INSPECTOR, SCRUTINY_OFFICER

LEADERS = frozenset({SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR})

REGISTER_ENTRY = Lifecycle(
    "register entry",
    {"noticed": "The agency has been told", "published": "Published", "withdrawn": "Withdrawn"},
    "noticed",
    (
        move("publish", "noticed", "published", LEADERS, "Publish it in the register", "non_response_published"),
        move("withdraw", "noticed published", "withdrawn", LEADERS, "Withdraw it", "non_response_withdrawn"),
    ),
)
