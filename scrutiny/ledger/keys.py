"""The keys that rows of the ledger keep, and what each is called on a page."""

from typing import Final

from workflows.labels import labels

#: Planned, spent before audit, spent as audited, and single payments as published.
PHASES: Final = labels({"budget": "Budget", "outturn": "Outturn", "audited": "Audited accounts", "payments": "Payments"})
STREAMS: Final = labels({"revenue": "Revenue", "capital": "Capital"})
#: Who decides locally how the money is spent.
CONTROLS: Final = labels(
    {"direct": "Decided locally", "influence": "Influenced locally", "none": "Decided elsewhere", "": "Not stated"}
)
#: How a cell came to its place: spent there in fact, or apportioned by a share.
BASES: Final = labels(
    {
        "actual": "Spent there",
        "people": "Apportioned by people",
        "land": "Apportioned by land",
        "weight": "Apportioned by a stated weight",
    }
)
#: A: audited, of the year asked; B: the body's own published figures; C: apportioned or partly covered; D: an estimate.
GRADES: Final = labels(
    {
        "A": "A: audited figures of the body itself",
        "B": "B: figures the body has published",
        "C": "C: apportioned, or covers a part",
        "D": "D: an estimate",
    }
)
#: What of the body's spending a source covers, where no share is known.
COVERAGES: Final = labels(
    {
        "whole": "All of its spending",
        "over-500": "Payments over £500",
        "over-25000": "Payments over £25,000",
        "part": "A part of its spending",
        "unknown": "How much of its spending is not known",
    }
)
#: Towards whom a transfer goes: paid to the other body, or received from it.
DIRECTIONS: Final = ("", "to", "from")
