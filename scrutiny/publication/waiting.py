"""What waits of what is to be published: notices that reached nobody."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from flask_babel import gettext
from sqlalchemy import Select, and_, or_, select, union_all
from sqlalchemy.orm import selectinload

from scrutiny.agencies.models import Agency
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.extensions import db
from scrutiny.publication.delivering import Notice, answers_of, is_told
from scrutiny.publication.models import PublicationNotice, RegisterEntry
from scrutiny.requests.models import Answer, EvidenceRequest, Item
from scrutiny.reviews.needs import Need, OfReview, Rank, Reader, address_of, read_rows
from scrutiny.reviews.queries import CURRENT


def needs(reader: Reader) -> Iterator[OfReview]:
    """Notices not delivered, for those who run the review."""
    if not reader.daily:
        return
    current = [key for key, review in reader.runs.items() if review.state in CURRENT]
    for review_id, number, agency in entries_undelivered(list(reader.runs)):
        words = gettext("The notice to %(agency)s about the register of non-response has not reached it", agency=agency)
        page = f"{address_of(reader.runs[review_id])}/requests/P{number:02d}/register/delivery"
        yield review_id, Need(Rank.NOTICE_UNDELIVERED, words, page, gettext("correct"), "late")
    for review_id, notice_id, agency in notices_undelivered(current):
        words = gettext("The email to %(agency)s about publishing its answers has not reached it", agency=agency)
        page = f"{address_of(reader.runs[review_id])}/list/{notice_id}/delivery"
        yield review_id, Need(Rank.NOTICE_UNDELIVERED, words, page, gettext("correct"), "late")


def lost_letters() -> Select[int]:
    """Letters that tell, where none reached its agency (which is said here) or nobody needs them any more."""
    entries = select(Letter.id).join(RegisterEntry, is_told(Letter, RegisterEntry))
    over = or_(RegisterEntry.received_on.is_(None), RegisterEntry.state != "noticed", RegisterEntry.reply != "")
    notices = select(Letter.id).join(PublicationNotice, is_told(Letter, PublicationNotice))
    found = union_all(entries.where(over), notices.where(PublicationNotice.received_on.is_(None))).subquery()
    return select(found.c.id)


def entries_undelivered(reviews: Collection[int]) -> list[Any]:
    """(review id, number of the request, agency) for each entry of the register whose notice reached nobody."""
    return read_rows(
        select(EvidenceRequest.review_id, EvidenceRequest.number, Agency.name)
        .join(RegisterEntry, RegisterEntry.request_id == EvidenceRequest.id)
        .join(Agency, Agency.id == EvidenceRequest.agency_id)
        .where(
            EvidenceRequest.review_id.in_(reviews),
            RegisterEntry.state == "noticed",
            RegisterEntry.reply == "",
            RegisterEntry.received_on.is_(None),
            ~_on_its_way(RegisterEntry).exists(),
        )
        .order_by(EvidenceRequest.review_id, EvidenceRequest.number)
    )


def notices_undelivered(reviews: Collection[int]) -> list[Any]:
    """(review id, notice id, agency) for each notice about answers still to be published that reached nobody."""
    rows = read_rows(
        select(EvidenceRequest.review_id, PublicationNotice.id, Agency.name)
        .join(EvidenceRequest, EvidenceRequest.id == PublicationNotice.request_id)
        .join(Agency, Agency.id == PublicationNotice.agency_id)
        .where(
            EvidenceRequest.review_id.in_(reviews),
            PublicationNotice.received_on.is_(None),
            ~_on_its_way(PublicationNotice).exists(),
        )
        .order_by(EvidenceRequest.review_id, PublicationNotice.id)
    )
    notices = {
        row.id: row for row in db.session.scalars(_with_answers().where(PublicationNotice.id.in_([row[1] for row in rows])))
    }
    return [row for row in rows if answers_of(notices[row[1]])]


def _with_answers() -> Select[PublicationNotice]:
    """Notices with the items of their requests, the answers and what they hold, in as many statements however many there are."""
    items = selectinload(PublicationNotice.request).selectinload(EvidenceRequest.items)
    return select(PublicationNotice).options(items.selectinload(Item.answers).selectinload(Answer.lodging))


def _on_its_way(table: type[Notice]) -> Select[int]:
    """The letters of a notice that wait or have been accepted."""
    rows = select(Letter.id).outerjoin(Posting, Posting.id == Letter.posting_id)
    return rows.where(and_(is_told(Letter, table), or_(Letter.posting_id.is_(None), Posting.state.in_(("waiting", "posted")))))
