"""The lifecycle of a source of the count: entered in pieces, looked at, published, then replaced or withdrawn."""

from workflows.lifecycles.lifecycle import Lifecycle, move
from workflows.roles import LEAD_INSPECTOR, OPERATOR, SCRUTINY_OFFICER

KEEPERS = frozenset({SCRUTINY_OFFICER, LEAD_INSPECTOR, OPERATOR})

LEDGER_SOURCE = Lifecycle(
    "source",
    {
        "entering": "Being loaded",
        "pending": "Not published",
        "published": "Published",
        "replaced": "Replaced",
        "withdrawn": "Withdrawn",
    },
    "entering",
    (
        move("complete", "entering", "pending", KEEPERS, "Complete the source", "ledger_source_loaded"),
        move("publish", "pending", "published", KEEPERS, "Publish the source", "ledger_source_published"),
        move("replace", "pending published", "replaced", KEEPERS, "Replace the source", "ledger_source_replaced"),
        move("withdraw", "pending published", "withdrawn", KEEPERS, "Withdraw the source", "ledger_source_withdrawn"),
    ),
)
