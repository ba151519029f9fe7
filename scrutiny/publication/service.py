"""What of the answers may become public, and when: only what was accepted last, marked open, as its agency was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from scrutiny.evidence import service as evidence
from scrutiny.evidence.markings import BEFORE_REPORT
from scrutiny.evidence.models import Evidence, Lodging
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.publication import delivering
from scrutiny.publication.delivering import DAYS
from scrutiny.publication.models import PublicationNotice
from scrutiny.requests.models import Answer, EvidenceRequest, Item
from scrutiny.requests.queries import holders
from scrutiny.reviews import service as reviews
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import calendars_in_force
from workflows.refusals import Refused
from workflows.roles import Actor
from workflows.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing the list would make public, and what it would not, item by item."""

    requests: tuple[EvidenceRequest, ...]
    publish: tuple[Item, ...]
    #: accepted, marked open, and their agency was told that the list may be published before the report
    with_report: tuple[Item, ...]
    #: accepted and marked open, but promised to stay private until the report
    not_accepted: tuple[Item, ...]
    not_open: tuple[Item, ...]
    to_be_told: tuple[Item, ...]
    #: to be published, once the letter that tells their agency has arrived
    notices: tuple[PublicationNotice, ...]
    #: those letters
    public_on: date

    @property
    def token(self) -> str:
        """What the person saw, so that the deed is refused where it has changed since."""
        seen = ",".join(str(item.answer_accepted.lodging_id) for item in self.publish if item.answer_accepted)
        return sha256(f"{seen}|{len(self.requests)}|{self.public_on}".encode()).hexdigest()[:32]


def accepted_items(review: Review) -> list[Item]:
    """The items of a review with an accepted answer, by request and number; a constant number of statements."""
    return [item for item in _items(review) if item.answer_accepted is not None]


def accepted_lodgings(review: Review) -> list[Lodging]:
    """What may become public with a report: the answer accepted last of each item that is not withdrawn, oldest first."""
    return [item.answer_accepted.lodging for item in _items(review) if item.answer_accepted is not None]


def preview(review: Review, *, on: date) -> Preview:
    """Who is asked, what would be published, and what stays private for which reason."""
    items = _items(review)
    accepted = [item for item in items if item.answer_accepted is not None]
    unopened = [item for item in accepted if not _answer(item).lodging.may_come_out]
    notices = delivering.not_received(review.id)
    told = {lodging_id for notice in notices for lodging_id in notice.lodgings}
    closed = [item for item in accepted if item not in unopened and _answer(item).lodging.public_from is None]
    waiting = [item for item in closed if _answer(item).lodging_id not in told]
    return Preview(
        requests=tuple(dict.fromkeys(item.request for item in items)),
        publish=tuple(item for item in waiting if _answer(item).lodging.promise == BEFORE_REPORT),
        with_report=tuple(item for item in waiting if _answer(item).lodging.promise != BEFORE_REPORT),
        not_accepted=tuple(item for item in items if item.answers and item.answer_accepted is None),
        not_open=tuple(unopened),
        to_be_told=tuple(item for item in closed if _answer(item).lodging_id in told),
        notices=tuple(notices),
        public_on=_calendar(items).after(on, DAYS),
    )


def publish_list(review: Review, token: str, *, by: Actor, at: datetime) -> Preview:
    """Publish what was asked from today, and tell the agencies of the answers that may be public; the day of these is set
    once their agency has the letter."""
    shown = preview(review, on=london_day(at))
    if token != shown.token:
        raise Refused(gettext("Something has changed since you looked. Check the list again, then publish it"))
    if review.list_released_on is None:
        reviews.release_list(review, london_day(at), by=by, at=at)
    for (_, agency_id), items in _by_agency(shown.publish, london_day(at)).items():
        delivering.tell_of_answers(agency_id, items, shown.public_on, by=by, at=at)
    return shown


def take_back(item: Item, why: str, *, by: Actor, at: datetime) -> None:
    """An answer that is no longer the one accepted last leaves the public at once; what a released report sealed stays there."""
    for answer in item.answers:
        if answer.lodging.public_from is not None and item.request.review.reported_at is None:
            evidence.take_back(answer.lodging, why, by=by, at=at)


def _items(review: Review) -> list[Item]:
    """Every item asked of anybody in a review and not withdrawn, with its answers."""
    lodged = selectinload(Item.answers).joinedload(Answer.lodging)
    rows = (
        select(Item)
        .join(EvidenceRequest, EvidenceRequest.id == Item.request_id)
        .where(EvidenceRequest.review_id == review.id, EvidenceRequest.is_asked, Item.state != "withdrawn")
        .options(
            joinedload(Item.request).joinedload(EvidenceRequest.agency),
            joinedload(Item.question),
            lodged.joinedload(Lodging.evidence).selectinload(Evidence.files),
        )
        .order_by(EvidenceRequest.number, Item.number)
    )
    return list(db.session.scalars(rows).unique())


def _calendar(items: list[Item]) -> Calendar:
    """The working days that notice is counted in: those of the requests."""
    nations = sorted({item.nation for item in items} - {"uk-any"})
    return calendars_in_force().by_division[nations[0] if nations else "england-and-wales"]


def _answer(item: Item) -> Answer:
    """The answer accepted last."""
    assert item.answer_accepted is not None
    return item.answer_accepted


def _by_agency(items: Iterable[Item], on: date) -> dict[tuple[EvidenceRequest, int], list[Item]]:
    """The items of each request, by the agency that holds them: the one asked, or a successor."""
    found: dict[tuple[EvidenceRequest, int], list[Item]] = {}
    for item in items:
        found.setdefault((item.request, holders(item.request, on)[item.id]), []).append(item)
    return found
