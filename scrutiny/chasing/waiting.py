"""What waits of chasing: letters that somebody has to send in their own name, and items overdue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy import func, select

from scrutiny.agencies.models import Agency
from scrutiny.bodies import queries as bodies
from scrutiny.chasing.models import Escalation
from scrutiny.formats import listed
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import OPEN, issued_in
from scrutiny.reviews.needs import Need, OfReview, Rank, Reader, address_of, read_rows
from workflows.lifecycles.escalation import SIGNERS
from workflows.lifecycles.item import READERS

#: More agencies late than this in one review are one line, with one page to chase them all.
MOST_LATE_ONE_BY_ONE = 3


def needs(reader: Reader) -> Iterator[OfReview]:
    """Letters of the ladder to approve, and what is overdue."""
    yield from _letters_to_approve(reader)
    if reader.daily:
        yield from _late(reader)


def _letters_to_approve(reader: Reader) -> Iterator[OfReview]:
    """Letters that somebody has to send in their own name: to decide for those who may, and for the others whom they wait for."""
    for review_id, number, agency in letters_to_approve(list(reader.runs)):
        review = reader.runs[review_id]
        page = f"{address_of(review)}/reminders/{number}"
        if reader.by.has(*SIGNERS):
            words = gettext("The letter to %(agency)s about late answers needs your approval", agency=agency)
            yield review_id, Need(Rank.LETTER_TO_APPROVE, words, page, gettext("decide"))
            continue
        names = [one.name for one in bodies.recipients(review.lead, reader.today, sorted(SIGNERS))]
        whom = listed(names) if names else gettext("a chair or lead inspector: your body has none")
        words = gettext("The letter to %(agency)s about late answers waits for %(whom)s", agency=agency, whom=whom)
        yield review_id, Need(Rank.LETTER_TO_APPROVE, words, page, tone="quiet")


def _late(reader: Reader) -> Iterator[OfReview]:
    """Items overdue: agency by agency where they are few, else in one line."""
    reviews, runs = reader.runs or (reader.works if reader.by.has(*READERS) else {}), reader.runs
    late = defaultdict(list)
    for review_id, *row in overdue(list(reviews), reader.today):
        late[review_id].append(row)
    for review_id, rows in late.items():
        at = address_of(reviews[review_id])
        if len(rows) > MOST_LATE_ONE_BY_ONE:
            words = gettext(
                "%(agencies)s overdue with %(items)s, the longest by %(days)s",
                agencies=ngettext("%(num)s agency", "%(num)s agencies", len(rows)),
                items=ngettext("%(num)s item", "%(num)s items", sum(count for _, _, count, _, _ in rows)),
                days=ngettext("%(num)s day", "%(num)s days", (reader.today - min(since for _, _, _, since, _ in rows)).days),
            )
            to_chase = review_id in runs and not all(chased for *_, chased in rows)
            page, deed = (f"{at}/chase", gettext("chase them all")) if to_chase else (f"{at}/matrix", "")
            yield review_id, Need(Rank.OVERDUE, words, page, deed, "late")
            continue
        for number, agency, count, since, chased in rows:
            words = gettext(
                "%(agency)s: %(items)s overdue by %(days)s",
                agency=agency,
                items=ngettext("%(num)s item", "%(num)s items", count),
                days=ngettext("%(num)s day", "%(num)s days", (reader.today - since).days),
            )
            deed = gettext("chase") if review_id in runs and not chased else ""
            yield review_id, Need(Rank.OVERDUE, words, f"{at}/requests/P{number:02d}", deed, "late")


def overdue(reviews: Collection[int], today: date) -> list[Any]:
    """(review id, number of the request, agency, items late, since when, chased today) for each request with something late."""
    chased = select(Escalation.id).where(
        Escalation.request_id == EvidenceRequest.id, Escalation.reached_on == today, Escalation.letter == "request_chased"
    )
    counted = (func.count(Item.id), func.min(Item.due_on), chased.exists())
    return read_rows(
        select(EvidenceRequest.review_id, EvidenceRequest.number, Agency.name, *counted)
        .join(Item, Item.request_id == EvidenceRequest.id)
        .join(Agency, Agency.id == EvidenceRequest.agency_id)
        .where(issued_in(reviews), Item.state.in_(OPEN), Item.is_late(today))
        .group_by(EvidenceRequest.id, EvidenceRequest.review_id, EvidenceRequest.number, Agency.name)
        .order_by(func.min(Item.due_on), EvidenceRequest.review_id, EvidenceRequest.number)
    )


def letters_to_approve(reviews: Collection[int]) -> list[Any]:
    """(review id, id of the escalation, agency) for each letter of the ladder that waits for a chair or lead inspector."""
    return read_rows(
        select(EvidenceRequest.review_id, Escalation.id, Agency.name)
        .join(Escalation, Escalation.request_id == EvidenceRequest.id)
        .join(Agency, Agency.id == Escalation.agency_id)
        .where(issued_in(reviews), Escalation.state == "proposed")
        .order_by(Escalation.id)
    )
