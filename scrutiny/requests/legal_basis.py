"""The legal basis of what a review asks or recommends: the one way to it for requests, items, letters, reports and exports.

Stored as values (`to_plain`); said by `scrutiny.legal_words`, the same on every surface.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from flask import Flask

from scrutiny import legal_words
from scrutiny.agencies.models import Agency
from scrutiny.legal_words import Days, due_sentence, request_sentences
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.reviews.enquiry import ATTENDANCE, DOCUMENT
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import method_of, rules
from workflows.legal_basis import Asking, Caution, LegalBasis, find_basis, why_not
from workflows.old_legal_basis import read_basis
from workflows.powers import ATTEND, SUPPLY, Power
from workflows.refusals import Refused

#: Committees of which the kind already tells what they ask about.
SUBJECT_OF_BODY: Final = {"health-committee": "health", "crime-committee": "crime"}


def init_app(app: Flask) -> None:
    """Give templates the one way to say a legal basis: `legal.sentence(basis, audience, agency)`, of `row | legal_basis`."""
    app.jinja_env.globals["legal"] = legal_words
    app.jinja_env.filters["legal_basis"] = stored_basis


def stored_basis(plain: Mapping[str, Any] | None) -> LegalBasis:
    """A basis as it was kept, of whatever version; where none was, nothing is known to be owed."""
    return read_basis(plain or {}) or LegalBasis(SUPPLY, None, unsettled=True)


def subject_of(review: Review) -> str | None:
    """What a review is about, where that decides the law: by its method, as chosen for it, or by the kind of committee."""
    return method_of(review.edition).subject or review.subject or SUBJECT_OF_BODY.get(review.lead.kind)


def asking_of(review: Review, agency: Agency, on: date, *, personal: bool = False) -> Asking:
    """Who asks whom in a review, on a day: the body in the lead asks the agency."""
    lead = review.lead
    return Asking(
        body_kind=lead.kind,
        agency_kind=agency.kind,
        on=on,
        own_council=lead.host_agency_id is not None and lead.host_agency_id == agency.id,
        subject=subject_of(review),
        host_kind=lead.host_agency.kind if lead.host_agency else None,
        nation=agency.nation,
        body_nation=lead.nation,
        personal=personal,
        acting=method_of(review.edition).subject is not None,
    )


def basis_of(asking: Asking, asked: str = SUPPLY, *, named: str = "") -> LegalBasis:
    """What an agency must do when it is asked one thing, by today's file of powers."""
    return find_basis(rules().powers, asking, asked, named=named)


def basis_of_item(item: Item, asking: Asking) -> LegalBasis:
    """The basis of one item: of attending, of the power the method names for it, or of the whole request."""
    if item.question.kind == ATTENDANCE:
        return basis_of(asking, ATTEND)
    return basis_of(_asking_for([item], asking), named=item.power_key)


def basis_of_whole(items: Iterable[Item], asking: Asking) -> LegalBasis:
    """The basis of a request as a whole: a power over documents alone leads only where a document is asked for."""
    questions = [item for item in items if item.question.kind != ATTENDANCE]
    return basis_of(_asking_for(questions, asking) if questions else asking)


def _asking_for(items: Sequence[Item], asking: Asking) -> Asking:
    """The same asking, told whether any of these items asks for a document."""
    return replace(asking, document=any(item.question.kind == DOCUMENT for item in items))


def cautions_of_item(item: Item, asking: Asking, basis: LegalBasis) -> tuple[Caution, ...]:
    """Where an item was to rest on a power that may not be used here: why, and what it rests on instead."""
    power = power_named(item.power_key) if item.question.kind != ATTENDANCE else None
    barred = why_not(power, _asking_for([item], asking)) if power else None
    if barred is None:
        return ()
    return (Caution("item-barred", {"item": item.number, "why": barred.to_plain(), "instead": basis.law}),)


def request_basis(request: EvidenceRequest) -> LegalBasis:
    """The basis of a request as it was worked out and kept; where nothing was, nothing is known to be owed."""
    return stored_basis(request.legal_basis)


def item_basis(item: Item) -> LegalBasis:
    """The basis of an item as it was kept; that of its request where it has none of its own."""
    return read_basis(item.legal_basis) or request_basis(item.request)


def law_of(items: Iterable[Item], audience: str, agency: str = "", *, wished: bool = False) -> list[str]:
    """What the law says of some items, each duty in one sentence: for a letter, the agency's pages and the public's.

    `wished`: the letter has said by then what we would like, and by when.
    """
    asked = [item for item in items if item.state != "withdrawn"]
    ask_by = min((item.due_on for item in asked if item.due_on), default=None)
    return request_sentences([item_basis(item) for item in asked], audience, agency, ask_by, wished=wished)


def due_of(item: Item) -> str:
    """By when an item is wanted, as its agency is told: "must" only with the law's own day."""
    moved = item.first_due_on is not None and item.due_on is not None and item.due_on > item.first_due_on
    return due_sentence(item_basis(item), Days(item.due_on, item.statutory_due_on, agreed=moved))


def power_of(basis: LegalBasis) -> Power | None:
    """The power a basis rests on, as today's file has it."""
    return power_named(basis.power_key) if basis.binds else None


def power_named(key: str) -> Power | None:
    """The power with a key, or None where there is none (any more)."""
    try:
        return rules().powers.by_key(key) if key else None
    except Refused:
        return None
