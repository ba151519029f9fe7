"""Sign-off by the method's rule, its correction in the open, and the voiding of signatures that no longer hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext
from sqlalchemy import ColumnElement, and_, or_, select

from scrutiny.audit.service import digest, note
from scrutiny.bodies import queries as bodies
from scrutiny.bodies.models import Body
from scrutiny.editions import queries as editions
from scrutiny.editions.models import Edition, Report
from scrutiny.extensions import db
from scrutiny.findings import queries as findings
from scrutiny.formats import day, london_day, number
from scrutiny.recommendations import queries as recommendations
from scrutiny.reports import letters, queries
from scrutiny.reports.models import Signature
from scrutiny.requests import interests
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import method_of
from scrutiny.snapshots import signed_content
from scrutiny.snapshots.changes import Change, changes_between
from workflows.refusals import Refused
from workflows.roles import CHAIR, LEAD_INSPECTOR, SCRUTINY_OFFICER, Actor

SIGNERS = (CHAIR, LEAD_INSPECTOR)
RULES = {
    "all-partners": lazy_gettext("Every body of the review signs"),
    "named-signatories": lazy_gettext("The lead body signs, on behalf of all, with each partner's agreement"),
    "committee-vote": lazy_gettext("The committee votes, and its chair enters the vote"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A signature the rule asks for, and the one that stands, if any."""

    body: Body
    signature: Signature | None
    voided: Signature | None
    why: str = ""  # why it no longer holds, where that is not a change of what was signed
    changes: tuple[Change, ...] = ()  # what changed since the one that no longer holds


@dataclass(frozen=True, slots=True)
class Entry:
    """What is entered with a signature: the office it is given in, and where a committee voted, how and when."""

    office: str
    votes: tuple[int, int, int] | None = None
    meeting_on: date | None = None


def rule_of(review: Review) -> str:
    """The sign-off rule of the review's method."""
    return method_of(review.edition).sign_off.rule


def bodies_that_sign(review: Review) -> list[Body]:
    """The lead and every partner still in the review; a committee vote binds the lead committee alone."""
    parts = ("lead",) if rule_of(review) == "committee-vote" else ("lead", "partner")
    return [row.body for row in review.bodies if row.part in parts and row.to_on is None]


def content_of(review: Review) -> dict[str, Any]:
    """Every word that a signature made now would cover, as plain values."""
    report = editions.report_of(review.id)
    summary = report.summary if report else ""
    return signed_content.plain_of(review, summary, findings.of_review(review.id), recommendations.of_review(review.id))


def today_digest(review: Review) -> str:
    """The digest of what a signature made now would cover."""
    return signed_content.digest_of_plain(content_of(review))


def wanted(review: Review) -> list[Wanted]:
    """Who signs, who has, and whose signature no longer holds, with what changed since it was made."""
    rows = queries.signatures_of(review.id)
    plain = content_of(review)
    current = signed_content.digest_of_plain(plain)
    found = []
    for body in bodies_that_sign(review):
        own = [row for row in rows if row.body_id == body.id]
        holds = next((row for row in own if row.voided_at is None and row.digest == current), None)
        if holds or not own:
            found.append(Wanted(body, holds, None))
        else:
            found.append(Wanted(body, None, own[0], own[0].voided_why, changes_since(own[0], plain)))
    return found


def count_signed(review: Review) -> int:
    """How many of those who sign have a signature that holds; what it would cover is gathered only where there is one."""
    wanted_of = {body.id for body in bodies_that_sign(review)}
    rows = [row for row in queries.signatures_of(review.id) if row.voided_at is None and row.body_id in wanted_of]
    current = today_digest(review) if rows else ""
    return len({row.body_id for row in rows if row.digest == current})


def changes_since(row: Signature, plain: dict[str, Any]) -> tuple[Change, ...]:
    """What changed since a signature was made, word by word."""
    return tuple(changes_between(signed_content.comparable(row.signed), plain))


def covers_all(row: Signature) -> bool:
    """Whether a signature covers everything that is published; those made before it did covered findings and recommendations."""
    return row.signed.get("form") == signed_content.FORM


def entries_corrected(row: Signature) -> list[tuple[Signature, Signature]]:
    """Each entry of a signature that was put right, and the one that put it right; the first entered first."""
    found: list[tuple[Signature, Signature]] = []
    while row.corrects_id is not None:
        entry = db.session.get_one(Signature, row.corrects_id)
        found.insert(0, (entry, row))
        row = entry
    return found


@dataclass(frozen=True, slots=True)
class Unready:
    """Something to be done before anybody can sign: a sentence, and the page of the review where it is done."""

    words: str
    page: str


def not_ready_to_sign(review: Review) -> list[str]:
    """What must be done before anybody can sign: each in a sentence."""
    return [one.words for one in unready(review)]


def unready(review: Review) -> list[Unready]:
    """The same, each with its page."""
    open_findings = [f for f in findings.of_review(review.id) if f.state in ("drafted", "proposed")]
    settled = [f for f in findings.of_review(review.id) if f.state == "settled"]
    # Councillors read these sentences too, and a draft is not yet for them: its number must do.
    named = [(f, f" ({f.title})" if f.state == "proposed" else "") for f in open_findings]
    said = [
        Unready(
            gettext("Finding %(number)s%(title)s is not final: finalise or withdraw it", number=f.number, title=title), "findings"
        )
        for f, title in named
    ]
    if not settled:
        said.append(Unready(gettext("No finding is final yet"), "findings"))
    report = editions.report_of(review.id)
    if report is None or not report.summary.strip():
        said.append(Unready(gettext("The report has no summary yet: write one"), "report"))
    drafts = [r for r in recommendations.of_review(review.id) if r.state == "drafted"]
    said += [
        Unready(gettext("Recommendation %(number)s is still a draft: propose or withdraw it", number=r.number), "recommendations")
        for r in drafts
    ]
    return said


def lacks_signatures(review: Review) -> list[str]:
    """Whose signature is missing, each in a sentence; none when the review is signed off."""
    return [gettext("%(body)s has not signed", body=row.body.name) for row in wanted(review) if row.signature is None]


def sign(
    review: Review,
    body: Body,
    *,
    office: str,
    by: Actor,
    at: datetime,
    votes: tuple[int, int, int] | None = None,
    meeting_on: date | None = None,
    name: str = "",
    paper: str = "",
) -> Signature:
    """Sign for a body. Its chair or lead inspector signs; for a partner without people here the lead enters a signed paper."""
    blockers = not_ready_to_sign(review)
    if blockers:
        raise Refused(blockers[0])
    if body.id not in [b.id for b in bodies_that_sign(review)]:
        raise Refused(
            gettext("%(body)s does not sign this review: %(rules)s", body=body.name, rules=RULES[rule_of(review)].lower())
        )
    own = by.body == body.id and by.has(*SIGNERS)
    for_another = by.body == review.lead.id and by.has(*SIGNERS, SCRUTINY_OFFICER) and bool(paper and name)
    if not own and not for_another:
        raise Refused(
            gettext(
                "Only the chair or lead inspector of %(body)s may sign, or the lead body with the signed paper", body=body.name
            )
        )
    if not own and signs_for_itself(body, london_day(at)):
        raise Refused(gettext("%(body)s has a chair or lead inspector here, who signs for it: ask them to", body=body.name))
    if own:
        interests.check_declared(review, agencies_concerned(review), by=by, at=at)
    if rule_of(review) == "committee-vote":
        check_vote(review, body, votes, meeting_on, today=london_day(at))
    if any(row.body.id == body.id and row.signature for row in wanted(review)):
        raise Refused(gettext("%(body)s has signed this report already", body=body.name))
    plain = content_of(review)
    votes_for, votes_against, abstained = votes or (None, None, None)
    signature = Signature(
        review_id=review.id,
        body_id=body.id,
        person=by.reference,
        name=name or by.name,
        office=office,
        rule=rule_of(review),
        votes_for=votes_for,
        votes_against=votes_against,
        abstained=abstained,
        meeting_on=meeting_on,
        paper_sha256=paper,
        digest=signed_content.digest_of_plain(plain),
        signed=plain,
        signed_at=at,
    )
    db.session.add(signature)
    db.session.flush()
    note(
        "review_signed",
        about=f"review:{review.id}",
        within=f"review:{review.id}",
        by=by,
        at=at,
        body=body.reference,
        digest=signature.digest,
    )
    return signature


def agencies_concerned(review: Review) -> set[int]:
    """The agencies, by id, on whose evidence the findings rest, and those to which something is recommended."""
    found = [finding for finding in findings.of_review(review.id) if finding.state in ("proposed", "settled")]
    advised = [row for row in recommendations.of_review(review.id) if row.state in ("proposed", "made")]
    return findings.agencies_cited([finding.id for finding in found]) | {
        addressee.agency_id for row in advised for addressee in row.addressees
    }


def signs_for_itself(body: Body, on: date) -> bool:
    """Whether a body has somebody here on a day who may sign; only for one that has not does the lead enter a paper."""
    return bool(bodies.recipients(body, on, SIGNERS))


def check_vote(review: Review, body: Body, votes: tuple[int, int, int] | None, meeting_on: date | None, *, today: date) -> None:
    """A vote was taken on a day that has come, since the review began, was carried, and by no more and no fewer than may vote."""
    if votes is None or meeting_on is None:
        raise Refused(gettext("Enter the day of the meeting and how many voted for, against and abstained"))
    if meeting_on > today:
        raise Refused(
            gettext("The meeting of %(meeting_on)s has not been held yet: enter the vote after it", meeting_on=day(meeting_on))
        )
    if meeting_on < review.starts_on:
        raise Refused(
            gettext(
                "The review began on %(starts_on)s: its report cannot have been voted on before", starts_on=day(review.starts_on)
            )
        )
    if min(votes) < 0 or votes[0] <= votes[1]:
        raise Refused(gettext("The vote must be carried: more for than against"))
    there = sum(votes)
    if body.seats is not None and there > body.seats:
        raise Refused(
            ngettext(
                "%(body)s has %(n)s seat, and %(there)s votes were entered",
                "%(body)s has %(n)s seats, and %(there)s votes were entered",
                body.seats,
                body=body.name,
                n=number(body.seats),
                there=there,
            )
        )
    if body.quorum is not None and there < body.quorum:
        raise Refused(
            gettext(
                "%(body)s needs %(quorum)s members to decide, and %(there)s votes were entered",
                body=body.name,
                quorum=body.quorum,
                there=there,
            )
        )


def entered(row: Signature) -> Entry:
    """What was entered with a signature."""
    votes = None if row.votes_for is None else (row.votes_for, row.votes_against or 0, row.abstained or 0)
    return Entry(row.office, votes, row.meeting_on)


def correct_signature(row: Signature, entry: Entry, why: str, *, by: Actor, at: datetime) -> Signature:
    """Put right a signature that was entered wrongly; both entries are kept, with who corrected it and why."""
    review = db.session.get_one(Review, row.review_id)
    if row.voided_at is not None or row.corrected_at is not None:
        raise Refused(gettext("This signature is no longer valid. Sign again instead"))
    if not (by.has(*SIGNERS, SCRUTINY_OFFICER) and by.body in (row.body_id, review.lead.id if row.paper_sha256 else None)):
        raise Refused(gettext("Only %(body)s may correct its signature", body=row.body.name))
    entry = replace(entry, office=entry.office.strip())
    if not why.strip():
        raise Refused(gettext("Say what was wrong: it is printed in the report"))
    if row.votes_for is not None:
        check_vote(review, row.body, entry.votes, entry.meeting_on, today=london_day(at))
    if entry == entered(row):
        raise Refused(gettext("Nothing is different: change what was entered wrongly"))
    votes_for, votes_against, abstained = entry.votes or (None, None, None)
    kept = ("review_id", "body_id", "name", "rule", "paper_sha256", "digest", "signed", "signed_at")
    corrected = Signature(
        **{name: getattr(row, name) for name in kept},
        person=by.reference,
        office=entry.office,
        votes_for=votes_for,
        votes_against=votes_against,
        abstained=abstained,
        meeting_on=entry.meeting_on,
        corrects_id=row.id,
        correction_why=why.strip(),
    )
    row.corrected_at = at
    db.session.add(corrected)
    db.session.flush()
    about = f"review:{review.id}"
    note("signature_corrected", about=about, within=about, by=by, at=at, signature=row.id, why=digest(why.strip()))
    return corrected


def void_stale_signatures(review: Review, *, by: Actor, at: datetime) -> list[Signature]:
    """Enter the voiding of every signature over words that have changed, and tell whoever signed what changed."""
    plain = content_of(review)
    current = signed_content.digest_of_plain(plain)
    stale = [row for row in queries.signatures_of(review.id) if row.voided_at is None and row.digest != current]
    for row in reversed(stale):
        row.voided_at = at
        note("signature_voided", about=f"review:{review.id}", within=f"review:{review.id}", by=by, at=at, signature=row.id)
        letters.signature_voided(review, row, changes_since(row, plain), digest=current, at=at)
    db.session.flush()
    return stale


def void_signatures(review: Review, why: str, *, by: Actor, at: datetime) -> list[Signature]:
    """Void every signature that stands, for a reason other than what was signed: its rule is another now."""
    fallen = [row for row in reversed(queries.signatures_of(review.id)) if row.voided_at is None]
    current = today_digest(review) if fallen else ""
    for row in fallen:
        row.voided_at, row.voided_why = at, why
        note("signature_voided", about=f"review:{review.id}", within=f"review:{review.id}", by=by, at=at, signature=row.id)
        letters.signature_voided(review, row, (), digest=current, at=at)
    db.session.flush()
    return fallen


def reviews_with_signatures() -> list[int]:
    """Signed reviews whose report, or a corrected edition of it, is still to come: their signatures may have gone stale."""
    rows = (
        select(Signature.review_id)
        .join(Review, Review.id == Signature.review_id)
        .where(Signature.voided_at.is_(None), Signature.corrected_at.is_(None), still_to_come())
        .distinct()
        .order_by(Signature.review_id)
    )
    return list(db.session.scalars(rows))


def still_to_come() -> ColumnElement[bool]:
    """Whether the report of a review, or a corrected edition of it, is still to be signed and to come out, in SQL."""
    coming = select(Report.review_id).join(Report.editions).where(Edition.state.in_(("drafted", "scheduled")))
    return or_(Review.state == "opened", and_(Review.state == "reported", Review.id.in_(coming)))
