"""Alerts: asked for, confirmed and stopped by whoever reads the address, and letters to those who confirmed."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import func, select

from scrutiny.adapters.keyed_hash import keyed_hash
from scrutiny.addresses import read_address
from scrutiny.audit.service import note
from scrutiny.correspondence.models import Alert, Letter
from scrutiny.correspondence.queries import alerts_for
from scrutiny.correspondence.service import Recipient, hash_of, write_letter
from scrutiny.extensions import db
from scrutiny.work.limits import Limit, Verdict, may_try
from workflows.refusals import Refused
from workflows.roles import ANYONE

CONFIRM_WITHIN = timedelta(days=7)
#: Nobody's letter-box is to be filled by somebody else asking in their name.
UNCONFIRMED_A_DAY = 5
#: Nor many letter-boxes by one: a library or a hall has one network address.
ALERTS = Limit("alert", timedelta(hours=1), of_network=10, in_all=200)


def offer_alert(about: str, named: str) -> str:
    """A signed text for the address of the page that asks for an alert, so that only what a page offered can be asked for."""
    return _offers().dumps([about, named])


def offered(offer: str) -> tuple[str, str]:
    """What an offer is about, and its name; refused where it is not ours."""
    try:
        about, named = _offers().loads(offer)
    except (BadSignature, ValueError, TypeError):
        raise Refused(
            gettext("This link to ask for an alert is not complete. Go back to the page of the place and try again")
        ) from None
    return str(about), str(named)


def _offers() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="alert-offer")


def ask_for_alert(
    address: str,
    about: str,
    at: datetime,
    *,
    named: str = "",
    language: str = "en",
    network: str | None = None,
    worked: bool = False,
) -> Verdict:
    """Write to the address to confirm an alert; whoever asks learns nothing of whether there was one, not even by the time.

    Where a letter would be one too many it is written all the same, and undone again. A `network` is limited first, less where
    a puzzle was solved (`worked`).
    """
    address = read_address(address).lower()
    verdict = may_try(ALERTS, "", network, at=at, worked=worked) if network is not None else Verdict()
    if not verdict:
        return verdict
    alert = db.session.scalar(select(Alert).where(Alert.address == address, Alert.about == about))
    one_too_many = _is_one_too_many(alert, address, at)
    with db.session.begin_nested() as attempted:
        _ask(alert, address, about, at, named, language)
        if one_too_many:
            attempted.rollback()
    return verdict


def _is_one_too_many(alert: Alert | None, address: str, at: datetime) -> bool:
    """Whether the address has this alert, was written to about it within the hour, or about too many others today."""
    recent = select(func.count(Alert.id)).where(
        Alert.address == address, Alert.confirmed_at.is_(None), Alert.asked_at > at - timedelta(days=1)
    )
    unconfirmed = db.session.scalar(recent) or 0
    if alert is not None and not alert.stopped and (alert.confirmed_at or alert.asked_at > at - timedelta(hours=1)):
        return True
    return unconfirmed >= UNCONFIRMED_A_DAY


def _ask(alert: Alert | None, address: str, about: str, at: datetime, named: str, language: str) -> None:
    """The alert, begun or begun again, and the letter that asks to confirm it."""
    if alert is None:
        alert = Alert(address=address, about=about, asked_at=at)
        db.session.add(alert)
    token = secrets.token_urlsafe(32)
    alert.named, alert.language, alert.asked_at, alert.confirm_hash = named or alert.named, language, at, hash_of(token)
    alert.confirmed_at, alert.stopped, alert.stopped_at = None, False, None
    db.session.flush()
    note("alert_asked", about=alert.reference, by=ANYONE, at=at)
    write_letter(
        "confirm_alert", to=recipient_of(alert), reference=about, at=at, occasion=at.isoformat(), secret=token, named=alert.named
    )


def confirm_alert(token: str, at: datetime) -> Alert:
    """Begin an alert whose address has been proved; the same link again changes nothing. Refused where it is out of date."""
    alert = db.session.scalar(select(Alert).where(Alert.confirm_hash == hash_of(token)))
    if alert is None or alert.stopped or (alert.confirmed_at is None and alert.asked_at + CONFIRM_WITHIN < at):
        raise Refused(gettext("This link is out of date. Ask for the alert again on the page of the place"))
    if alert.confirmed_at is None:
        alert.confirmed_at = at
        alert.stop_hash = hash_of(stop_token(alert))
        db.session.flush()
        note("alert_confirmed", about=alert.reference, by=ANYONE, at=at)
    return alert


def stop_alert(token: str, at: datetime) -> Alert:
    """End an alert; the same link again changes nothing."""
    alert = db.session.scalar(select(Alert).where(Alert.stop_hash == hash_of(token)))
    if alert is None:
        raise Refused(gettext("This link does not belong to an alert. It may be cut short: copy the whole of it from the letter"))
    if not alert.stopped:
        alert.stopped, alert.stopped_at = True, at
        db.session.flush()
        note("alert_stopped", about=alert.reference, by=ANYONE, at=at)
    return alert


def tell_alerts(
    about: str, kind: str, *, reference: str, at: datetime, occasion: str = "", within: str = "", **values: Any
) -> list[Letter]:
    """Write a letter of that kind to everyone with an alert about a place; its template has {{ named }} and, in the
    address that stops it, {{ public_url }}/alerts/stop/{{ secret }}."""
    letters = []
    for alert in alerts_for(about):
        token = stop_token(alert)
        alert.stop_hash = hash_of(token)
        letter = write_letter(
            kind,
            to=recipient_of(alert),
            reference=reference,
            at=at,
            occasion=occasion,
            within=within,
            secret=token,
            named=alert.named,
            **values,
        )
        letters.append(letter)
    return letters


def recipient_of(alert: Alert) -> Recipient:
    """Whoever reads the address; their name was never asked."""
    return Recipient(alert.reference, alert.address, "", alert.language)


def stop_token(alert: Alert) -> str:
    """The same for as long as the alert lasts, so that the link in an old letter still stops it; kept only as a hash."""
    return keyed_hash(current_app.config["SECRET_KEY"], "stop-alert", f"{alert.id}:{alert.asked_at.isoformat()}").hex()
