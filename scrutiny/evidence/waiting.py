"""What waits in evidence: that nobody is named to open what is for named people only."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext

from scrutiny.evidence.access import may_name
from scrutiny.evidence.named import without_readers
from scrutiny.reviews.needs import Need, OfReview, Rank, Reader, address_of


def needs(reader: Reader) -> Iterator[OfReview]:
    """Reviews that ask for such material or hold it, for those who may name people."""
    runs = {key: review for key, review in reader.runs.items() if reader.daily and may_name(review, reader.by)}
    for review_id in sorted(without_readers(list(runs))):
        words = gettext("Nobody is named to open what agencies mark for named people only")
        yield review_id, Need(Rank.NOBODY_NAMED, words, f"{address_of(runs[review_id])}/named-readers", gettext("name people"))
