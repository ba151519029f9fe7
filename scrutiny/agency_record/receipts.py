"""The receipt of an agency: each answer it sent, each time it said that there is none, and the digest of every file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask_babel import gettext

from scrutiny.accounts.queries import names_of
from scrutiny.answering.queries import UNFINISHED, items_held, sent_answers
from scrutiny.evidence.figures import Figure
from scrutiny.evidence.markings import label
from scrutiny.evidence.presenters import figures_of, kind_of
from scrutiny.formats import day, full_stop, moment
from scrutiny.requests.models import Answer, Decline, EvidenceRequest, Item
from scrutiny.requests.ways import within
from workflows.lifecycles.item import ITEM
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One item of a receipt, in plain values."""

    number: int
    reference: str
    question: str
    state: str
    sent_at: datetime | None
    by: str
    certified_by: str
    marking: str
    digest: str
    words: str  # the whole answer as it was sent
    figures: tuple[Figure, ...]
    about: tuple[str, ...]  # its period, its day and the ground for keeping it from the public, in sentences
    files: tuple[dict[str, object], ...]
    instead: str  # why not held or refused, or who holds it
    is_wrong: bool = False  # its agency reported it as wrong, and asked for it back itself


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything an agency sent in answer to a request, in plain values."""

    reference: str
    title: str
    review: str
    agency: str
    lead: str
    asked_at: datetime | None
    last_at: datetime | None
    hours: float | None
    rows: tuple[ReceiptRow, ...]
    left: int  # items not sent yet


def receipt_of(request: EvidenceRequest, by: Actor, today: date) -> Receipt:
    """The receipt of an agency: each answer sent, also those returned and sent again, with the digest of every file."""
    items = items_held(request, by.agency, today)
    people = [one for item in items for answer in item.answers for one in (answer.by, answer.certified_by)]
    people += [one for item in items for said in item.declines for one in (said.by, said.certified_by, said.taken_back_by)]
    names = names_of(people)
    rows = [row for item in items for row in receipt_rows(item, by, names)]
    return Receipt(
        reference=request.reference,
        title=request.review.title,
        review=request.review.reference,
        agency=by.capacity.name,
        lead=request.review.lead.name,
        asked_at=request.issued_at,
        last_at=max((row.sent_at for row in rows if row.sent_at), default=None),
        hours=request.hours_spent,
        rows=tuple(rows),
        left=sum(item.state in UNFINISHED for item in items),
    )


def receipt_rows(item: Item, by: Actor, names: dict[str, str]) -> list[ReceiptRow]:
    """The answers sent to one item, and each time it was said that there is none; in the order they were sent."""
    own = [answer for answer in sent_answers(item) if answer.lodging.evidence.is_of(by.agency)]
    rows = [_receipt_row(item, answer, names) for answer in own]
    rows += [_declined_row(item, said, names) for said in item.declines_sent]
    rows = sorted(rows, key=lambda row: (row.sent_at is None, row.sent_at))
    followed = [row.sent_at for row in rows[1:]]
    return [_returned(row, item, until) for row, until in zip(rows, [*followed, None], strict=False)]


def _returned(row: ReceiptRow, item: Item, until: datetime | None) -> ReceiptRow:
    """The row, marked where the requester returned what was sent before the item was sent again (`until`)."""
    back = None if row.is_wrong or row.sent_at is None else item.returned_between(row.sent_at, until)
    if back is None:
        return row
    state = gettext("%(said)s, and returned for more on %(day)s", said=row.state, day=moment(back.at))
    return replace(row, state=state, about=(*row.about, gettext("What was missing: %(why)s", why=full_stop(back.why))))


def _declined_row(item: Item, said: Decline, names: dict[str, str]) -> ReceiptRow:
    """What was said in place of an answer, and when it was taken back."""
    state = ITEM.states[said.kind]
    if said.taken_back_at is not None:
        name = names.get(said.taken_back_by, "") or item.request.agency.name
        state = gettext("%(said)s, withdrawn on %(day)s by %(name)s", said=state, day=moment(said.taken_back_at), name=name)
    return ReceiptRow(
        number=item.number,
        reference=item.reference,
        question=item.question.text,
        state=state,
        sent_at=said.submitted_at,
        by=names.get(said.by, ""),
        certified_by=names.get(said.certified_by, ""),
        marking="",
        digest="",
        words="",
        figures=(),
        about=(),
        files=(),
        instead=f"{full_stop(said.redirected_to)} {said.ground}" if said.redirected_to else said.ground,
    )


def _receipt_row(item: Item, answer: Answer, names: dict[str, str]) -> ReceiptRow:
    """One answer that was sent."""
    evidence = answer.lodging.evidence
    files = [
        {"name": one.name, "size": one.stored.size, "pages": one.stored.pages, "sha256": one.sha256}
        | {"kind": "sheet" if kind_of(one) == "sheet" else "page"}
        for one in evidence.files
    ]
    came = "" if answer.came_by == "page" else within(answer.came_by)
    return ReceiptRow(
        number=item.number,
        reference=item.reference,
        question=item.question.text,
        state=gettext("Sent, and reported as wrong on %(moment)s", moment=moment(answer.lodging.wrong_at))
        if answer.lodging.wrong_at
        else gettext(
            "Received %(came)s by %(received_by)s, and entered by %(name)s",
            came=came,
            received_by=answer.received_by,
            name=names.get(answer.by, "") or item.request.review.lead.name,
        )
        if came
        else gettext("Sent"),
        sent_at=answer.submitted_at,
        by="" if came else names.get(answer.by, ""),
        certified_by=names.get(answer.certified_by, ""),
        marking=label(answer.lodging.marking),
        digest=evidence.digest,
        words=evidence.text,
        figures=tuple(figures_of(answer.lodging)),
        about=tuple(_about(answer)),
        files=tuple(files),
        instead="",
        is_wrong=answer.lodging.wrong_at is not None,
    )


def _about(answer: Answer) -> Iterator[str]:
    """What was said beside the words, each in a sentence."""
    lodging, evidence = answer.lodging, answer.lodging.evidence
    if evidence.erased_at is not None:
        when, why = moment(evidence.erased_at), full_stop(evidence.erased_why)
        yield gettext("The text and figures were erased %(when)s: %(why)s", when=when, why=why)
    if evidence.period:
        yield gettext("Period: %(period)s", period=full_stop(evidence.period))
    if evidence.as_at:
        yield gettext("As at %(day)s.", day=day(evidence.as_at))
    if lodging.exempt_ground:
        yield gettext("Ground for keeping it from the public: %(ground)s", ground=full_stop(lodging.exempt_ground))
