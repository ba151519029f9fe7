"""Words that powers, kinds and services share: the subjects of law, and how sure it is that something ends."""

from typing import Final

from workflows.labels import labels

SUBJECTS: Final = labels(
    {"crime": "crime and disorder", "health": "health and care", "flood": "flood risk", "joint-area": "a joint area inspection"}
)
#: How sure it is that something ends: said by government, before Parliament, or enacted (though not perhaps in force).
ENDS: Final = {"announced": "announced", "bill": "in a Bill before Parliament", "law": "enacted"}
