"""The letters by which an agency passes a check of facts round among its own people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from scrutiny.accounts.models import Person
from scrutiny.agencies import queries as agencies
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.findings.models import AccuracyCheck
from scrutiny.formats import london_day
from workflows.roles import CERTIFIER, Actor


def to_approve(check: AccuracyCheck, by: Actor, *, at: datetime) -> None:
    """To the approvers: what is said of the facts waits for their approval."""
    _write("check_to_approve", check, _approvers(check, by, at), by, at, corrections=_corrections(check))


def taken_back(check: AccuracyCheck, by: Actor, *, at: datetime) -> None:
    """To the approvers: it waits no longer."""
    _write("check_taken_back", check, _approvers(check, by, at), by, at)


def sent_back(check: AccuracyCheck, by: Actor, *, at: datetime) -> None:
    """To whoever passed it on: what must change."""
    members = agencies.members(check.answerer.id, london_day(at))
    theirs = [one for one in members if one.reference == check.passed_by]
    _write("check_sent_back", check, theirs or members, by, at, why=check.sent_back_why)


def _approvers(check: AccuracyCheck, by: Actor, at: datetime) -> list[Person]:
    """The approvers of the agency, but for whoever acts."""
    return [one for one in agencies.members(check.answerer.id, london_day(at), CERTIFIER) if one.reference != by.reference]


def _corrections(check: AccuracyCheck) -> int:
    """How many corrections there are."""
    return sum(len(extract.corrections) for extract in check.extracts)


def _write(kind: str, check: AccuracyCheck, people: Iterable[Person], by: Actor, at: datetime, **values: Any) -> None:
    """The same to each of these people of the agency."""
    for person in people:
        write_letter(
            kind,
            to=Recipient(person.reference, person.email, person.name, person.language),
            reference=check.reference,
            at=at,
            within=f"review:{check.review_id}",
            occasion=at.isoformat(),
            title=check.review.title,
            review=check.review.reference,
            lead=check.review.lead.name,
            agency=check.answerer.name,
            due_on=check.due_on,
            by_name=by.name,
            address=f"/accuracy/{check.id}",
            **values,
        )
