"""The letters about a response, or about what was promised: before its day, after it, the chair's; and as a preview."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from scrutiny.bodies.letterheads import Correspondent
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.queries import letters_about
from scrutiny.correspondence.service import Recipient
from scrutiny.correspondence.wording import formal_name
from scrutiny.formats import london_day
from scrutiny.legal_words import AGENCY, sentence
from scrutiny.recommendations.models import Addressee
from scrutiny.requests.legal_basis import stored_basis
from scrutiny.requests.letter_values import OwnWords
from scrutiny.requests.letters import Preview, answering_in, previewed
from scrutiny.reviews.contact import write_for_lead, writer_of
from workflows.roles import CHAIR, LABELS, LEAD_INSPECTOR, Actor

REMINDER: Final = "response_reminder"
CHASED: Final = "response_chased"
CHAIRS: Final = "response_chairs_letter"
TO_ESCALATE: Final = "response_to_escalate"


@dataclass(frozen=True, slots=True)
class LateLetter:
    """A letter about what is late: of whom, what, since when, the words somebody adds, and who writes."""

    addressee: Addressee
    progress: bool
    since: date
    words: OwnWords
    by: Actor


def occasion_of(addressee: Addressee, on: date) -> str:
    """What tells one letter about an addressee from another: whose, and the day it is about or goes."""
    return f"addressee-{addressee.id}:{on.isoformat()}"


def reminder(addressee: Addressee, *, at: datetime) -> list[Letter]:
    """To the agency: its response is due soon."""
    assert addressee.due_on is not None
    occasion = occasion_of(addressee, addressee.due_on)
    said = {"at": at, "occasion": occasion, "law": sentence(stored_basis(addressee.legal_basis), AGENCY, wished=True)}
    return [_write(REMINDER, addressee, to, **said, **_about(addressee)) for to in _receivers(addressee, at)]


def write_late(kind: str, late: LateLetter, *, at: datetime, not_before: datetime | None) -> list[Letter]:
    """To the agency: what is late, in the name of the body, or of whoever signs it."""
    said = {"occasion": occasion_of(late.addressee, london_day(at)), "at": at, "not_before": not_before} | _values(kind, late)
    return [_write(kind, late.addressee, to, **said) for to in _receivers(late.addressee, at)]


def previews(kind: str, late: LateLetter, *, at: datetime, public_url: str) -> list[Preview]:
    """The same letters, word for word, to be read before they go."""
    review = late.addressee.recommendation.review
    values = _values(kind, late) | {"review": review, "us": writer_of(review)}
    return [previewed(kind, to, public_url, values) for to in _receivers(late.addressee, at)]


def to_escalate(late: LateLetter, to: Iterable[Recipient], *, at: datetime) -> list[Letter]:
    """To those who may sign: somebody asks them to write to the agency."""
    said = {"occasion": occasion_of(late.addressee, london_day(at)), "at": at, "by_name": late.by.name} | _values(
        TO_ESCALATE, late
    )
    return [_write(TO_ESCALATE, late.addressee, one, **said) for one in to]


def _receivers(addressee: Addressee, at: datetime) -> list[Recipient]:
    """Who is written to for the agency that answers now."""
    return answering_in(addressee.recommendation.review, addressee.answerer, at)


def _about(addressee: Addressee) -> dict[str, object]:
    """What each of these letters names, beside the review."""
    return {"recommendation": addressee.recommendation, "addressee": addressee, "agency": addressee.answerer.name}


def _values(kind: str, late: LateLetter) -> dict[str, object]:
    """What a letter about something late says."""
    basis = stored_basis(late.addressee.legal_basis)
    return _about(late.addressee) | {
        "progress": late.progress,
        "partly": late.addressee.state == "partly_accepted",
        "since": late.since,
        "noted": not late.progress and late.addressee.state == "noted",
        "asked": late.addressee.agency.name,
        "law": "" if late.progress else sentence(basis, AGENCY, wished=True),
        "signer": _signer(late) if kind == CHAIRS else writer_of(late.addressee.recommendation.review),
        "reminded": [day for day in map(_went, _reminders(late.addressee)) if day > late.since],
        "opening": late.words.opening,
        "closing": late.words.closing,
    }


def _reminders(addressee: Addressee) -> list[Letter]:
    """The letters by hand about one addressee, oldest first."""
    found, key = letters_about(addressee.recommendation.reference), f"addressee-{addressee.id}:"
    days = {one.occasion: one for one in found if one.kind == CHASED and one.occasion.startswith(key)}
    return sorted(days.values(), key=lambda one: one.id)


def _went(letter: Letter) -> date:
    """The day a letter went, or goes where it still waits."""
    posted = letter.posting.posted_at if letter.posting is not None else None
    return london_day(posted or letter.not_before or letter.written_at)


def _signer(late: LateLetter) -> Correspondent:
    """Who signs the chair's letter: whoever sends it, where they may; before that, the chair by office."""
    us = writer_of(late.addressee.recommendation.review)
    role = next((role for role in (CHAIR, LEAD_INSPECTOR) if late.by.has(role)), None)
    return replace(us, signatory=formal_name(late.by.name), office=LABELS[role]) if role else us


def _write(kind: str, addressee: Addressee, to: Recipient, /, **said: Any) -> Letter:
    """One letter in the name of the body in the lead."""
    recommendation = addressee.recommendation
    return write_for_lead(
        kind, recommendation.review, to=to, reference=recommendation.reference, review=recommendation.review, **said
    )
