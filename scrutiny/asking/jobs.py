"""What became of letters that ask is noted as it is learnt, and by the sweep where that was missed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, and_, cast, literal, or_, select

from scrutiny.asking import delivering
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.correspondence.outcomes import sweep, when_letter
from scrutiny.extensions import db
from scrutiny.requests.delivery_models import Delivery
from scrutiny.requests.models import EvidenceRequest


@when_letter(delivering.ASKS, "posted")
def note_accepted(letter: Letter, at: datetime) -> None:
    """A request whose letter the mail server accepted is delivered."""
    delivering.note_accepted(letter, at=at)


@when_letter(delivering.ASKS, "failed")
def note_not_accepted(letter: Letter, at: datetime) -> None:
    """A request all of whose letters failed is not delivered."""
    delivering.note_not_accepted(letter, at=at)


@when_letter(delivering.ASKS, "bounced")
def note_bounced(letter: Letter, at: datetime) -> None:
    """A request whose only letter came back is not delivered."""
    delivering.note_bounced(letter, letter.posting.fault if letter.posting else "", at=at)


def sweep_deliveries(*, at: datetime) -> int:
    """Note what became of letters that ask, where a process stopped before it was noted; how many. Part of the sweep."""
    unnoted = or_(
        and_(Delivery.state == "waiting", Posting.state.in_(("posted", "failed", "bounced"))),
        and_(
            Delivery.state == "delivered",
            Delivery.how == "email",
            Posting.state == "bounced",
            EvidenceRequest.opened_at.is_(None),
        ),
    )
    asks = (
        select(Letter.id)
        .join(Posting, Posting.id == Letter.posting_id)
        .join(Delivery, Letter.reference == literal("request:") + cast(Delivery.request_id, String))
        .join(EvidenceRequest, EvidenceRequest.id == Delivery.request_id)
        .where(Letter.kind == delivering.ASKS, EvidenceRequest.state == "issued", unnoted)
    )
    deeds = {"posted": note_accepted, "bounced": note_bounced, "failed": note_not_accepted}
    return sweep(db.session.scalars(asks.order_by(Letter.id)).all(), deeds, at=at)
