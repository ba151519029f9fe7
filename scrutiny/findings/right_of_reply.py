"""Each agency's right of reply: whether it was shown what the findings say of it, whether it answered, and who waived it.

Settling a finding and releasing a report ask here; the report says what these rows say, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext, ngettext

from scrutiny.agencies.models import Agency
from scrutiny.audit.service import digest, note
from scrutiny.extensions import db
from scrutiny.findings import delivering, letters, queries
from scrutiny.findings.accuracy import planned
from scrutiny.findings.models import AccuracyCheck, AccuracyWaiver, Finding
from scrutiny.formats import day, listed, london_day
from scrutiny.reviews.conflicts import check_not_own
from scrutiny.reviews.models import Review
from workflows.lifecycles.finding import LEADERS
from workflows.refusals import Refused
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Reply:
    """Where one agency's right of reply stands: answered, silent, running, not_reached, not_shown or waived."""

    agency: Agency
    state: str
    checks: tuple[AccuracyCheck, ...]  # the latest first
    missing: tuple[Finding, ...]  # findings it should have been shown and was not: never sent, or their letters reached nobody
    waiver: AccuracyWaiver | None

    @property
    def shown(self) -> tuple[int, ...]:
        """The numbers of the findings it was shown."""
        return tuple(sorted({extract.finding.number for check in self.received for extract in check.extracts}))

    @property
    def received(self) -> tuple[AccuracyCheck, ...]:
        """The checks that reached it, the latest first."""
        return tuple(check for check in self.checks if check.received_on is not None)

    @property
    def shown_on(self) -> date | None:
        """The day on which it was first shown extracts."""
        return min((check.received_on for check in self.checks if check.received_on is not None), default=None)

    @property
    def undelivered(self) -> AccuracyCheck | None:
        """The latest check that has not reached it, where that is what the findings wait for."""
        return next((row for row in self.checks if row.received_on is None), None) if self.state == "not_reached" else None

    @property
    def due_on(self) -> date | None:
        """The last day of its latest check."""
        return max((check.due_on for check in self.received), default=None)

    @property
    def holds(self) -> bool:
        """Whether the findings have to wait for it."""
        return self.state in ("running", "not_reached", "not_shown")


def replies(review: Review, today: date) -> list[Reply]:
    """Every agency that the findings are about or that was shown any of them, by name, with where its right of reply stands."""
    wanted = {plan.agency.id: plan for plan in planned(review)}
    checks: dict[int, list[AccuracyCheck]] = {}
    agencies = {plan.agency.id: plan.agency for plan in wanted.values()}
    for check in queries.checks_of_review(review.id):
        checks.setdefault(check.agency_id, []).append(check)
        agencies.setdefault(check.agency_id, check.agency)
    waivers = {row.agency_id: row for row in queries.waivers_of(review.id)}
    rows = []
    for agency in sorted(agencies.values(), key=lambda agency: (agency.name, agency.id)):
        own = tuple(checks.get(agency.id, ()))
        shown = {extract.finding_id for check in own if check.received_on is not None for extract in check.extracts}
        about = [finding for finding, _, _ in wanted[agency.id].findings] if agency.id in wanted else []
        missing = tuple(finding for finding in about if finding.id not in shown)
        waiver = waivers.get(agency.id)
        if not about and not shown:  # what was sent of it reached nobody, and no finding is about it any more
            continue
        rows.append(Reply(agency, _state(own, missing, waiver, today), own, missing, waiver))
    return rows


def is_running(check: AccuracyCheck, today: date) -> bool:
    """Whether an agency still has time to check its facts."""
    return check.received_on is not None and check.answered_at is None and check.due_on >= today


def check_settled(finding: Finding, *, at: datetime) -> None:
    """Refuse to settle a finding over a right of reply that has not been given, or still runs."""
    today = london_day(at)
    for reply in replies(finding.review, today):
        if not reply.holds:
            continue
        if reply.undelivered is not None and finding.id in {missing.id for missing in reply.missing}:
            raise Refused(gettext("%(reply)s. Or say on its page why you go on without it", reply=in_words(reply)))
        if finding.id in {missing.id for missing in reply.missing}:
            raise Refused(
                gettext(
                    "%(agency)s has not been shown this finding: send the accuracy check first, or say on its page why you go on "
                    "without it",
                    agency=reply.agency.name,
                )
            )
        running = [check for check in reply.checks if is_running(check, today)]
        if any(extract.finding_id == finding.id for check in running for extract in check.extracts):
            raise Refused(
                gettext(
                    "%(agency)s has until %(due_on)s to check the facts of this finding",
                    agency=reply.agency.name,
                    due_on=day(reply.due_on),
                )
            )


def in_words(reply: Reply) -> str:
    """What an agency's right of reply still keeps from happening, in a sentence without its full stop."""
    if reply.undelivered is not None:
        why = delivering.why_not_reached(reply.undelivered)
        return gettext(
            "The accuracy check sent to %(agency)s has not reached it (%(why)s): send it again, or record that you "
            "posted it or handed it over",
            agency=reply.agency.name,
            why=why,
        )
    if reply.missing:
        numbers = listed([str(finding.number) for finding in reply.missing])
        return ngettext(
            "%(agency)s has not been shown finding %(numbers)s: send it the accuracy check",
            "%(agency)s has not been shown findings %(numbers)s: send it the accuracy check",
            len(reply.missing),
            agency=reply.agency.name,
            numbers=numbers,
        )
    return gettext("%(agency)s has until %(due_on)s to check the facts", agency=reply.agency.name, due_on=day(reply.due_on))


def waive(review: Review, agency: Agency, reason: str, *, by: Actor, at: datetime) -> AccuracyWaiver:
    """Go on without an agency's check of the facts; the name and the reason are printed, and a check under way is called off."""
    if not by.has(*LEADERS):
        raise Refused(gettext("Only the chair, a lead inspector or a scrutiny officer may go on without an accuracy check"))
    check_not_own(review, {agency.id}, by=by, at=at)
    if not reason.strip():
        raise Refused(gettext("Say why: the reason is printed in the report"))
    reply = next((row for row in replies(review, london_day(at)) if row.agency.id == agency.id), None)
    if reply is None or not reply.holds:
        raise Refused(gettext("No accuracy check of %(agency)s is missing or running", agency=agency.name))
    row = next((row for row in queries.waivers_of(review.id) if row.agency_id == agency.id), None)
    if row is None:
        row = AccuracyWaiver(review_id=review.id, agency=agency)
        db.session.add(row)
    row.reason, row.person, row.name, row.at = reason.strip(), by.reference, by.name, at
    db.session.flush()
    note(
        "accuracy_waived",
        about=f"review:{review.id}",
        within=f"review:{review.id}",
        by=by,
        at=at,
        agency=agency.id,
        reason=digest(row.reason),
    )
    for check in reply.checks:
        if is_running(check, london_day(at)):
            letters.accuracy_waived(check, row, at=at)
    return row


def _state(checks: tuple[AccuracyCheck, ...], missing: tuple[Finding, ...], waiver: AccuracyWaiver | None, today: date) -> str:
    """Where one agency's right of reply stands."""
    running = any(is_running(check, today) for check in checks)
    if waiver and (missing or running):
        return "waived"
    if missing:
        sent = {extract.finding_id for check in checks for extract in check.extracts}
        return "not_reached" if all(finding.id in sent for finding in missing) else "not_shown"
    if running:
        return "running"
    return "answered" if any(check.answered_at for check in checks) else "silent"
