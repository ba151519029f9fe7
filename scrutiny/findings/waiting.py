"""What waits of findings: those to finalise, corrections to decide, and accuracy checks that reached nobody."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy import Select, String, cast, func, literal, or_, select

from scrutiny.agencies.models import Agency
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.findings.access import DRAFT_READERS
from scrutiny.findings.delivering import ASKS as CHECKS
from scrutiny.findings.guards import guard
from scrutiny.findings.models import AccuracyCheck, AccuracyWaiver, Correction, Extract, Finding
from scrutiny.reviews.needs import DayReader, Deadline, Need, OfReview, Rank, Reader, address_of, read_rows
from scrutiny.reviews.queries import CURRENT
from workflows.lifecycles.finding import LEADERS

#: What a letter about an accuracy check has as its reference.
_NAMED = literal("accuracy:") + cast(AccuracyCheck.id, String)


def needs(reader: Reader) -> Iterator[OfReview]:
    """Checks not delivered for those who run the review; the rest for those who may finalise."""
    if reader.daily:
        yield from _checks_not_delivered(reader)
        if reader.by.has(*LEADERS):
            yield from _to_finalise(reader)


def lost_letters() -> Select[int]:
    """Letters that ask to check the facts, where none reached its agency (which is said here) or it has answered since."""
    rows = select(Letter.id).join(AccuracyCheck, Letter.reference == _NAMED).where(Letter.kind == CHECKS)
    return rows.where(or_(AccuracyCheck.received_on.is_(None), AccuracyCheck.answered_at.is_not(None)))


def _checks_not_delivered(reader: Reader) -> Iterator[OfReview]:
    """Accuracy checks that reached nobody."""
    for review_id, check_id, agency in checks_undelivered(
        [key for key, review in reader.runs.items() if review.state in CURRENT]
    ):
        words = gettext("The accuracy check sent to %(agency)s has not reached it", agency=agency)
        page = f"{address_of(reader.runs[review_id])}/accuracy/{check_id}/delivery"
        yield review_id, Need(Rank.CHECK_UNDELIVERED, words, page, gettext("correct"), "late")


def _to_finalise(reader: Reader) -> Iterator[OfReview]:
    """Findings proposed, and corrections offered to them; of findings that bodies agree, their guard says what waits."""
    for review_id, count in proposed_findings([key for key, review in reader.works.items() if not guard().is_joint(review)]):
        words = ngettext("%(num)s finding to finalise", "%(num)s findings to finalise", count)
        yield review_id, Need(Rank.FINDING, words, f"{address_of(reader.works[review_id])}/findings")
    for review_id, count in corrections(list(reader.works)):
        words = ngettext("%(num)s correction to decide", "%(num)s corrections to decide", count)
        yield review_id, Need(Rank.CORRECTION, words, f"{address_of(reader.works[review_id])}/accuracy")


def checks_undelivered(reviews: Collection[int]) -> list[Any]:
    """(review id, check id, agency) for each accuracy check of a review under way that reached nobody and was not waived.

    One whose letter is still on its way is left out.
    """
    on_its_way = select(Letter.id).outerjoin(Posting, Posting.id == Letter.posting_id)
    on_its_way = on_its_way.where(
        Letter.kind == CHECKS,
        Letter.reference == _NAMED,
        or_(Letter.posting_id.is_(None), Posting.state.in_(("waiting", "posted"))),
    )
    waived = select(AccuracyWaiver.id).where(
        AccuracyWaiver.review_id == AccuracyCheck.review_id, AccuracyWaiver.agency_id == AccuracyCheck.agency_id
    )
    return read_rows(
        select(AccuracyCheck.review_id, AccuracyCheck.id, Agency.name)
        .join(Agency, Agency.id == AccuracyCheck.agency_id)
        .where(
            AccuracyCheck.review_id.in_(reviews),
            AccuracyCheck.received_on.is_(None),
            AccuracyCheck.answered_at.is_(None),
            ~on_its_way.exists(),
            ~waived.exists(),
        )
        .order_by(AccuracyCheck.review_id, AccuracyCheck.id)
    )


def proposed_findings(reviews: Collection[int]) -> list[Any]:
    """(review id, how many findings are proposed and not settled)."""
    return read_rows(
        select(Finding.review_id, func.count())
        .where(Finding.review_id.in_(reviews), Finding.state == "proposed")
        .group_by(Finding.review_id)
        .order_by(Finding.review_id)
    )


def corrections(reviews: Collection[int]) -> list[Any]:
    """(review id, how many corrections agencies have offered that nobody has decided)."""
    return read_rows(
        select(AccuracyCheck.review_id, func.count())
        .join(Extract, Extract.check_id == AccuracyCheck.id)
        .join(Correction, Correction.extract_id == Extract.id)
        .where(AccuracyCheck.review_id.in_(reviews), Correction.state == "offered")
        .group_by(AccuracyCheck.review_id)
        .order_by(AccuracyCheck.review_id)
    )


def deadlines(reader: DayReader) -> Iterator[Deadline]:
    """The days by which agencies check the facts: councillors hear of the day, the corrections are for those who read drafts."""
    page = "/accuracy" if reader.by.has(*DRAFT_READERS) else ""
    for check_id, review_id, day, agency in _checks(list(reader.works)):
        words = gettext("Accuracy check due from %(agency)s", agency=agency)
        yield Deadline(review_id, day, words, f"{address_of(reader.works[review_id])}{page}", f"accuracy-{check_id}")


def _checks(reviews: Collection[int]) -> list[Any]:
    """Accuracy checks not answered yet."""
    return read_rows(
        select(AccuracyCheck.id, AccuracyCheck.review_id, AccuracyCheck.due_on, Agency.name)
        .join(Agency, Agency.id == AccuracyCheck.agency_id)
        .where(AccuracyCheck.review_id.in_(reviews), AccuracyCheck.answered_at.is_(None), AccuracyCheck.received_on.is_not(None))
        .order_by(AccuracyCheck.due_on, AccuracyCheck.id)
    )
