"""What a review waits for beside answers and responses: checks of the facts, signatures, replies to invitations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from scrutiny.agencies.models import Agency
from scrutiny.bodies import queries as bodies
from scrutiny.bodies.models import Body
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.queries import letters_about
from scrutiny.correspondence.service import Recipient
from scrutiny.extensions import db
from scrutiny.findings.models import AccuracyCheck, AccuracyWaiver
from scrutiny.formats import listed, london_day
from scrutiny.reports.asking_signatures import WANTS
from scrutiny.reports.signing import SIGNERS, unready, wanted
from scrutiny.requests.letters import answering_in
from scrutiny.reviews.letters import PLANNERS
from scrutiny.reviews.models import Invitation, Review
from scrutiny.rules.queries import damage_of

CHECK: Final = "check"
SIGNATURE: Final = "signature"
INVITATION: Final = "invitation"
#: States of a finding that may still be corrected.
OPEN_FINDINGS: Final = ("drafted", "proposed")
#: How long after it was asked a signature, or a reply to an invitation, may be reminded of; how long between two reminders.
APART: Final = timedelta(days=7)
#: The letter that reminds of each by hand, and the one that goes by the clock before the day of a check.
REMINDERS: Final = {CHECK: "accuracy_check_overdue", SIGNATURE: "signature_reminder", INVITATION: "invitation_reminder"}
BEFORE: Final = "accuracy_check_reminder"


@dataclass(frozen=True, slots=True)
class Awaited:
    """One thing that is awaited: from whom, since when it may be reminded of, and what its letters name."""

    kind: str
    key: int  # of the check, of the body that signs, of the invitation
    review: Review
    whom: Agency | Body
    asked_on: date
    due_on: date | None
    reference: str
    occasion: str
    signed_by: str = ""

    @property
    def late_since(self) -> date:
        """The first day on which it may be reminded of by hand."""
        return self.due_on + timedelta(days=1) if self.due_on else self.asked_on + APART


def awaited(review: Review, kind: str, key: int) -> Awaited | None:
    """What is awaited under a kind and a key in a review under way; None where it is not, or no longer."""
    if kind == CHECK:
        check = db.session.get(AccuracyCheck, key)
        return of_check(check) if check is not None and check.review_id == review.id else None
    if kind == INVITATION:
        invitation = db.session.get(Invitation, key)
        return of_invitation(invitation) if invitation is not None and invitation.review_id == review.id else None
    return _of_signature(review, key) if kind == SIGNATURE else None


def of_check(check: AccuracyCheck) -> Awaited | None:
    """A check of findings that are not final, which an agency has received and not finished, and is not gone on without."""
    review = check.review
    if check.answered_at is not None or check.received_on is None or review.state != "opened" or _is_waived(check):
        return None
    if not any(extract.finding.state in OPEN_FINDINGS for extract in check.extracts):
        return None  # what is final is checked no longer
    return Awaited(CHECK, check.id, review, check.answerer, check.received_on, check.due_on, check.reference, f"{check.id}")


def of_invitation(invitation: Invitation) -> Awaited | None:
    """An invitation that nobody has answered."""
    review = invitation.review
    if invitation.state != "invited" or review.state not in ("planned", "opened"):
        return None
    asked = london_day(invitation.at)
    return Awaited(INVITATION, invitation.id, review, invitation.body, asked, None, review.plain, f"{invitation.id}")


def _of_signature(review: Review, body_id: int) -> Awaited | None:
    """A signature that was asked for by letter, and is missing still."""
    if review.state not in ("opened", "reported") or damage_of(review.edition) or unready(review):
        return None
    rows = wanted(review)
    row = next((one for one in rows if one.body.id == body_id and one.signature is None), None)
    if row is None:
        return None
    key = row.body.reference.split(":")
    asked = [one for one in letters_about(review.plain) if one.kind == WANTS and one.occasion.split(":")[:2] == key]
    if not asked:
        return None
    signed = listed([one.body.name for one in rows if one.signature is not None])
    first = london_day(max(one.written_at for one in asked))
    return Awaited(SIGNATURE, body_id, review, row.body, first, None, review.plain, row.body.reference, signed)


def receivers(found: Awaited, at: datetime) -> list[Recipient]:
    """Whom a reminder goes to: those who were asked."""
    if isinstance(found.whom, Agency):
        return answering_in(found.review, found.whom, at)
    return bodies.recipients(found.whom, london_day(at), SIGNERS if found.kind == SIGNATURE else PLANNERS)


def written(found: Awaited) -> list[Letter]:
    """The reminders of it, oldest first."""
    kinds = (REMINDERS[found.kind], BEFORE)
    rows = [one for one in letters_about(found.reference) if one.kind in kinds and one.occasion.startswith(f"{found.occasion}:")]
    return sorted(rows, key=lambda one: one.id)


def _is_waived(check: AccuracyCheck) -> bool:
    """Whether the findings go on without this check."""
    rows = select(AccuracyWaiver.id).where(AccuracyWaiver.review_id == check.review_id)
    return db.session.scalar(rows.where(AccuracyWaiver.agency_id == check.agency_id)) is not None
