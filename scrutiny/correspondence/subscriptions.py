"""Alerts that a deed of another room begins: their address proved by that room's own link, and erased when that room says."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update

from scrutiny.correspondence.alerts import recipient_of, stop_token
from scrutiny.correspondence.models import Alert, Letter, Posting
from scrutiny.correspondence.service import Recipient, hash_of
from scrutiny.extensions import db


def reserve(address: str, about: str, at: datetime, *, language: str) -> Alert:
    """An alert whose address is not proved yet: it is told of nothing. The same again is the same one, not begun."""
    alert = db.session.scalar(select(Alert).where(Alert.address == address, Alert.about == about))
    if alert is None:
        alert = Alert(address=address, about=about, language=language, asked_at=at)
        db.session.add(alert)
        db.session.flush()
    return alert


def begin(alert_id: int, named: str, at: datetime) -> None:
    """Begin an alert whose address has been proved, unless it was erased."""
    alert = db.session.get(Alert, alert_id)
    if alert is None:
        return
    alert.named = named or alert.named
    if alert.confirmed_at is None:
        alert.confirmed_at, alert.stop_hash = at, hash_of(stop_token(alert))
    db.session.flush()


def reader_of(alert_id: int | None) -> Recipient | None:
    """Whoever reads the address of an alert, unless it was stopped or erased."""
    alert = db.session.get(Alert, alert_id) if alert_id is not None else None
    return recipient_of(alert) if alert is not None and not alert.stopped else None


def move(alert_id: int | None, about: str, named: str) -> int | None:
    """Let an alert tell of another thing from now on; the id of the one that does, which may be one that was there."""
    alert = db.session.get(Alert, alert_id) if alert_id is not None else None
    if alert is None:
        return None
    there = db.session.scalar(select(Alert).where(Alert.address == alert.address, Alert.about == about))
    if there is None:
        alert.about, alert.named = about, named
        db.session.flush()
        return alert.id
    forget([alert.id])
    return there.id


def forget(alert_ids: Collection[int]) -> int:
    """Erase these alerts, and their addresses from letters and emails that went to them; how many."""
    letters = Letter.person.in_([f"alert:{one}" for one in alert_ids])
    postings = select(Letter.posting_id).where(letters, Letter.posting_id.is_not(None))
    db.session.execute(
        update(Posting).where(Posting.id.in_(postings)).values(address="").execution_options(synchronize_session=False)
    )
    db.session.execute(update(Letter).where(letters).values(address="", sealed=None).execution_options(synchronize_session=False))
    return int(db.session.execute(delete(Alert).where(Alert.id.in_(alert_ids))).rowcount)  # type: ignore[attr-defined]  # a delete gives a CursorResult, which has it
