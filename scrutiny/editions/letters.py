"""The letters about a withdrawal, and who was told that an edition was out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from scrutiny.accounts import queries as accounts
from scrutiny.correspondence.alerts import tell_alerts
from scrutiny.correspondence.queries import letters_about
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.editions.models import Edition, Report


def told_of_release(editions: Sequence[Edition]) -> list[Recipient]:
    """Everybody who was sent word that one of these editions was out, but for those with an alert; each once."""
    sent = [one for edition in editions for one in letters_about(f"edition:{edition.id}") if one.kind == "report_released"]
    people = {one.person: one for one in sent if one.address}
    found = accounts.people_named([int(key.split(":")[1]) for key in people if key.startswith("person:")])
    names = {f"person:{key}": name for key, name in found.items()}
    return [Recipient(key, one.address, names.get(key, ""), one.language) for key, one in sorted(people.items())]


def report_withdrawn(report: Report, editions: Sequence[Edition], told: Sequence[Recipient], why: str, *, at: datetime) -> None:
    """To everybody who was told that it was out, and everyone with an alert for the place: it is withdrawn, and why."""
    values: dict[str, Any] = {"report": report, "place": report.place.name, "why": why, "address": f"/reports/{report.reference}"}
    about = f"edition:{editions[-1].id}"
    within = f"review:{report.review.id}" if report.review else ""
    for recipient in told:
        write_letter("report_withdrawn", to=recipient, reference=about, at=at, within=within, **values)
    tell_alerts(report.place.reference, "report_withdrawn_alert", reference=about, at=at, **values)
