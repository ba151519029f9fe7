"""The accuracy check: each agency is shown its own extracts, corrects facts item by item, and hears what was made of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext

from scrutiny import transaction
from scrutiny.agencies import queries as agencies
from scrutiny.agencies.models import Agency
from scrutiny.audit.service import digest, note
from scrutiny.correspondence.reception import Entered
from scrutiny.extensions import db
from scrutiny.findings import delivering, letters, queries
from scrutiny.findings.delivering import due_for, working_of
from scrutiny.findings.guards import guard
from scrutiny.findings.models import AccuracyCheck, Correction, Extract, Finding
from scrutiny.findings.quoting import plain, stands_in
from scrutiny.findings.readiness import where
from scrutiny.formats import day, london_day
from scrutiny.reviews.conflicts import check_not_by, check_not_own
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import CURRENT
from scrutiny.rules.queries import method_of
from workflows.lifecycles.finding import CORRECTION
from workflows.refusals import Refused
from workflows.roles import CERTIFIER, Actor


@dataclass(frozen=True, slots=True)
class Planned:
    """What one agency would be shown: findings, each with whether its evidence is cited there and whether it is named."""

    agency: Agency
    findings: tuple[tuple[Finding, bool, bool], ...]


def planned(review: Review) -> list[Planned]:
    """What each agency would be shown today: proposed and settled findings that cite its evidence or name it in full.

    The kinds of agency to which the method gives the whole draft are shown every one of these findings.
    """
    findings = queries.of_review(review.id, queries.STANDING)
    whole = method_of(review.edition).accuracy_check.whole
    plans = []
    for agency in queries.agencies_with_part(review.id):
        about = [(finding, _cites(finding, agency), _names(finding, agency)) for finding in findings]
        shown = tuple(row for row in about if row[1] or row[2] or agency.kind in whole)
        if shown:
            plans.append(Planned(agency, shown))
    return plans


def start_accuracy_check(review: Review, *, by: Actor, at: datetime) -> list[AccuracyCheck]:
    """Show each agency its own extracts, with the day by which it may correct facts; one letter to each."""
    if review.state not in CURRENT:
        raise Refused(gettext("This review is over: its findings have been reported"))
    rounds = queries.checks_of_review(review.id)
    waiting = next((one for one in rounds if one.answered_at is None and one.due_on >= london_day(at)), None)
    if waiting is not None and waiting.received_on is None:
        raise Refused(
            gettext(
                "The accuracy check sent to %(agency)s has not reached it (%(waiting)s): send it again, or record that you "
                "posted it or handed it over",
                agency=waiting.agency.name,
                waiting=delivering.why_not_reached(waiting),
            )
        )
    if waiting is not None:
        raise Refused(
            gettext(
                "%(agency)s still has until %(due_on)s to answer the accuracy check before this one",
                agency=waiting.agency.name,
                due_on=day(waiting.due_on),
            )
        )
    plans = planned(review)
    if not plans:
        raise Refused(gettext("No proposed finding cites an agency’s evidence or names an agency: propose the findings first"))
    number = max((one.round for one in rounds), default=0) + 1
    return [_send(review, plan, number, by, at) for plan in plans]


def offer_correction(extract: Extract, *, words: str, correction: str, grounds: str = "", by: Actor, at: datetime) -> Correction:
    """An agency says which words of its extract are wrong in fact, what would be right, and on what grounds.

    Where it has an approver, the body in the lead sees the correction once the whole check is approved.
    """
    if extract.check.answered_at is not None:
        raise Refused(gettext("You have said that you have finished: write to the lead body if there is something more"))
    if extract.check.passed_at is not None:
        raise Refused(gettext("This waits for your approver: withdraw it first"))
    if not correction.strip():
        raise Refused(gettext("Say what would be right"))
    if not stands_in(words, f"{extract.title}\n{extract.text}"):
        raise Refused(gettext("These words are not in the extract. Copy them from it exactly"))
    offered = Correction(
        words=words.strip(), correction=correction.strip(), grounds=grounds.strip(), offered_by=by.reference, offered_at=at
    )
    extract.corrections.append(offered)
    db.session.flush()
    if agencies.has_certifier(extract.check.answerer, london_day(at)):
        _noted("correction_drafted", extract.check, by, at, correction=offered.id, finding=extract.finding_id)
    else:
        _send_correction(offered, by=by, at=at)
        delivering.receive(extract.check, Entered("answered", london_day(at)), by=by, at=at)
    return offered


def _send_correction(correction: Correction, *, by: Actor, at: datetime) -> None:
    """From now on the body in the lead sees it."""
    move = CORRECTION.make("offer", correction, by=by)
    db.session.flush()
    _noted(
        move.event,
        correction.extract.check,
        by,
        at,
        correction=correction.id,
        finding=correction.extract.finding_id,
        words=digest(correction.words),
        right=digest(correction.correction),
    )


def finish_accuracy_check(check: AccuracyCheck, *, by: Actor, at: datetime) -> None:
    """The agency has finished, with or without corrections; the lead body hears of it. Where it has an approver, they say so."""
    if check.answered_at is not None:
        raise Refused(gettext("You have said already that you have finished"))
    certified = agencies.has_certifier(check.answerer, london_day(at))
    if certified and not by.has(CERTIFIER):
        raise Refused(gettext("Your agency’s approver approves what is said of the facts: pass it on to the approver"))
    for correction in (one for extract in check.extracts for one in extract.corrections if one.state == "drafted"):
        _send_correction(correction, by=by, at=at)
    check.answered_at, check.passed_at, check.sent_back_why = at, None, ""
    check.approved_by = by.reference if certified else ""
    db.session.flush()
    delivering.receive(check, Entered("answered", london_day(at)), by=by, at=at)
    corrections = sum(len(extract.corrections) for extract in check.extracts)
    _noted("accuracy_check_finished", check, by, at, corrections=corrections)
    letters.accuracy_check_answered(check, corrections, at=at)


def decide_correction(
    correction: Correction,
    move: str,
    *,
    decision: str,
    text: str | None = None,
    words_stay: str = "",
    seen: int | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Make a correction, make it in part or leave the text, with the reason; `text` is the finding's text as it now reads.

    `words_stay`: why the disputed words still stand in it, kept with the decision.
    """
    if not decision.strip():
        raise Refused(gettext("Give the reason: the agency reads it"))
    check, finding = correction.extract.check, correction.extract.finding
    offered = gettext("You offered this correction for %(agency)s", agency=check.agency.name)
    check_not_by(correction.offered_by, offered, finding.review, by=by, at=at)
    check_not_own(finding.review, {check.agency_id}, by=by, at=at)
    revised = text is not None and text.strip() != finding.text
    if revised:
        transaction.check_version(finding, seen)
        _check_revision(finding, move, text or "")
    if CORRECTION.permits(move, correction.state, by):
        _check_changed(correction, move, text if revised else None, words_stay)
    before = correction.state
    made = CORRECTION.make(move, correction, by=by)
    why = [decision.strip(), words_stay.strip()] if move == "make" and words_stay.strip() else [decision.strip()]
    correction.decision, correction.decided_by, correction.decided_at = "\n".join(why), by.reference, at
    if revised:
        _revise(finding, text or "", correction, by, at)
    db.session.flush()
    _noted(
        made.event,
        correction.extract.check,
        by,
        at,
        before=before,
        after=correction.state,
        correction=correction.id,
        finding=finding.id,
        reason=digest(correction.decision),
    )
    letters.correction_decided(correction, at=at)


def _check_changed(correction: Correction, move: str, revised: str | None, words_stay: str) -> None:
    """A correction is made only where the finding, as it will read, no longer says what the agency said was wrong.

    Where the words stand in it still, it is made in part, or somebody says why they stay.
    """
    if move == "decline":
        return
    extract = correction.extract
    will_read = f"{extract.finding.title}\n{extract.finding.text if revised is None else revised}"
    stand = stands_in(correction.words, will_read)
    if _plain(will_read) == _plain(f"{extract.title}\n{extract.text}") or (stand and revised is None):
        raise Refused(
            gettext("The finding still says what the agency says is wrong: change its text below, or say that it stays as it is")
        )
    if move == "make" and stand and not words_stay.strip():
        raise Refused(
            gettext(
                "These words are still in the finding: change them below, say that the correction is made in part, or say "
                "why the words stay"
            )
        )


def _plain(text: str) -> str:
    """A text without differences of spacing, which correct nothing."""
    return " ".join(plain(text).split())


def _check_revision(finding: Finding, move: str, text: str) -> None:
    """A finding's words change only where a correction is made, and never to nothing."""
    if move == "decline":
        raise Refused(gettext("You have changed the finding’s text: say that the correction is made, or leave the text as it is"))
    if not text.strip():
        raise Refused(gettext("The finding would say nothing: write its text as it should now read"))
    if finding.state == "withdrawn":
        raise Refused(gettext("This finding is withdrawn: its text stays as it is"))


def _revise(finding: Finding, text: str, correction: Correction, by: Actor, at: datetime) -> None:
    """Change the words of the finding, settled or not: any signature over them no longer holds."""
    before, finding.text = digest(finding.text), text.strip()
    db.session.flush()
    note(
        "finding_revised",
        about=finding.reference,
        within=f"review:{finding.review_id}",
        by=by,
        at=at,
        text=digest(finding.text),
        text_before=before,
        correction=correction.id,
    )
    guard().heed_words(finding, by=by, at=at)


def _send(review: Review, plan: Planned, number: int, by: Actor, at: datetime) -> AccuracyCheck:
    """One agency's check: its extracts as they read now, its due date with the working, its letter."""
    worked = due_for(review, plan.agency, london_day(at))
    if worked.due is None:
        raise Refused(gettext("The method sets no number of days for the accuracy check, so no day can be given"))
    check = AccuracyCheck(
        review=review,
        agency=plan.agency,
        round=number,
        sent_at=at,
        due_on=worked.due,
        clock=str(worked.clock),
        due_working=working_of(worked),
        extracts=[_extract(finding, plan.agency) for finding, _, _ in plan.findings],
    )
    db.session.add(check)
    db.session.flush()
    findings = [extract.finding_id for extract in check.extracts]
    _noted("accuracy_check_started", check, by, at, agency=plan.agency.id, findings=findings, due_on=check.due_on.isoformat())
    letters.accuracy_check(check, at=at)
    return check


def _extract(finding: Finding, agency: Agency) -> Extract:
    """A finding as one agency may see it: its words, and quotations of that agency's own evidence only."""
    own = [one for one in finding.citations if one.lodging.evidence.agency_id == agency.id]
    quotations = [
        {"evidence": c.lodging.evidence.title, "where": where(c), "quotation": c.quotation, "lodging": c.lodging_id} for c in own
    ]
    return Extract(finding=finding, title=finding.title, text=finding.text, quotations=quotations)


def _cites(finding: Finding, agency: Agency) -> bool:
    """Whether a finding quotes an agency's evidence."""
    return any(one.lodging.evidence.agency_id == agency.id for one in finding.citations)


def _names(finding: Finding, agency: Agency) -> bool:
    """Whether a finding names an agency, by its full name."""
    said = " ".join(plain(f"{finding.title}\n{finding.text}").split()).casefold()
    return " ".join(plain(agency.name).split()).casefold() in said


def _noted(
    event: str, check: AccuracyCheck, by: Actor, at: datetime, *, before: str = "", after: str = "", **fields: Any
) -> None:
    """Into the audit trail, within the review."""
    note(event, about=check.reference, within=f"review:{check.review_id}", by=by, at=at, before=before, after=after, **fields)
