"""Sign-off by the method's rule, dissent in a member's own words, and the voiding of signatures that no longer hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from scrutiny.audit.service import digest, note
from scrutiny.bodies import queries as bodies
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.findings import queries as findings
from scrutiny.findings.models import Finding
from scrutiny.formats import london_day
from scrutiny.recommendations import queries as recommendations
from scrutiny.reports import letters, standing
from scrutiny.reports.models import Dissent, Signature
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import method_of
from workflows.refusals import Refused
from workflows.roles import CHAIR, LEAD_INSPECTOR, SCRUTINY_OFFICER, Actor

SIGNERS = (CHAIR, LEAD_INSPECTOR)
RULES = {
    "all-partners": "Every body of the review signs",
    "named-signatories": "The lead body signs, on behalf of all, with each partner's agreement",
    "committee-vote": "The committee votes, and its chair enters the vote",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A signature the rule asks for, and the one that stands, if any."""

    body: Body
    signature: Signature | None
    voided: Signature | None
    why: str = ""  # what changed since the one that no longer holds


def rule_of(review: Review) -> str:
    """The sign-off rule of the review's method."""
    return method_of(review.edition).sign_off.rule


def bodies_that_sign(review: Review) -> list[Body]:
    """The lead and every partner still in the review; a committee vote binds the lead committee alone."""
    parts = ("lead",) if rule_of(review) == "committee-vote" else ("lead", "partner")
    return [row.body for row in review.bodies if row.part in parts and row.to_on is None]


def today_digest(review: Review) -> str:
    """The digest of what a signature made now would cover."""
    return standing.digest_of(findings.of_review(review.id), recommendations.of_review(review.id))


def wanted(review: Review) -> list[Wanted]:
    """Who signs, who has, and whose signature was voided since."""
    rows = list(db.session.scalars(select(Signature).where(Signature.review_id == review.id).order_by(Signature.id.desc())))
    plain = standing.plain_of(findings.of_review(review.id), recommendations.of_review(review.id))
    current = standing.digest_of_plain(plain)
    found = []
    for body in bodies_that_sign(review):
        own = [row for row in rows if row.body_id == body.id]
        holds = next((row for row in own if row.voided_at is None and row.digest == current), None)
        if holds or not own:
            found.append(Wanted(body, holds, None))
        else:
            found.append(Wanted(body, None, own[0], own[0].voided_why or _why_void(own[0], plain)))
    return found


def not_ready_to_sign(review: Review) -> list[str]:
    """What must be done before anybody can sign: each in a sentence."""
    open_findings = [f for f in findings.of_review(review.id) if f.state in ("drafted", "proposed")]
    settled = [f for f in findings.of_review(review.id) if f.state == "settled"]
    # Councillors read these sentences too, and a draft is not yet for them: its number must do.
    named = [(f, f" ({f.title})" if f.state == "proposed" else "") for f in open_findings]
    said = [f"Finding {f.number}{title} is not settled: settle or withdraw it" for f, title in named]
    if not settled:
        said.append("There is no settled finding yet")
    drafts = [r for r in recommendations.of_review(review.id) if r.state == "drafted"]
    said += [f"Recommendation {r.number} is still a draft: propose or withdraw it" for r in drafts]
    return said


def lacks_signatures(review: Review) -> list[str]:
    """Whose signature is missing, each in a sentence; none when the review is signed off."""
    return [f"{row.body.name} has not signed" for row in wanted(review) if row.signature is None]


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
        raise Refused(f"{body.name} does not sign this review: {RULES[rule_of(review)].lower()}")
    own = by.body == body.id and by.has(*SIGNERS)
    for_another = by.body == review.lead.id and by.has(*SIGNERS, SCRUTINY_OFFICER) and bool(paper and name)
    if not own and not for_another:
        raise Refused(f"Only the chair or lead inspector of {body.name} may sign, or the lead body with the signed paper")
    if not own and signs_for_itself(body, london_day(at)):
        raise Refused(f"{body.name} has a chair or lead inspector here, who signs for it: ask them to")
    if rule_of(review) == "committee-vote":
        _check_vote(votes, meeting_on)
    if any(row.body.id == body.id and row.signature for row in wanted(review)):
        raise Refused(f"{body.name} has signed these findings and recommendations already")
    plain = standing.plain_of(findings.of_review(review.id), recommendations.of_review(review.id))
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
        digest=today_digest(review),
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


def signs_for_itself(body: Body, on: date) -> bool:
    """Whether a body has somebody here on a day who may sign; only for one that has not does the lead enter a paper."""
    return bool(bodies.recipients(body, on, SIGNERS))


def _check_vote(votes: tuple[int, int, int] | None, meeting_on: date | None) -> None:
    """A vote has a meeting, and more for than against."""
    if votes is None or meeting_on is None:
        raise Refused("Enter the day of the meeting and how many voted for, against and abstained")
    if min(votes) < 0 or votes[0] <= votes[1]:
        raise Refused("The vote must be carried: more for than against")


def dissent(review: Review, body: Body, *, text: str, finding: Finding | None, by: Actor, at: datetime) -> Dissent:
    """A body's or a member's disagreement, printed with the report as it was written."""
    if by.body != body.id or body.id not in [row.body_id for row in review.bodies if row.part != "observer"]:
        raise Refused("Only members of the bodies of this review may dissent from it")
    if review.state != "opened":
        raise Refused("This review has been reported: a correction can still be asked for, dissent can not")
    row = Dissent(
        review_id=review.id,
        finding_id=finding.id if finding else None,
        body_id=body.id,
        person=by.reference,
        name=by.name,
        text=text,
        at=at,
    )
    db.session.add(row)
    db.session.flush()
    note("dissent_written", about=f"review:{review.id}", within=f"review:{review.id}", by=by, at=at, text=digest(text))
    return row


def take_back_dissent(row: Dissent, *, by: Actor, at: datetime) -> None:
    """The person who dissented, and nobody else, may take it back before the report."""
    if row.person != by.reference:
        raise Refused("Only the person who wrote a dissent may take it back")
    row.taken_back_at = at
    note("dissent_taken_back", about=f"review:{row.review_id}", within=f"review:{row.review_id}", by=by, at=at)


def void_stale_signatures(review: Review, *, by: Actor, at: datetime) -> list[Signature]:
    """Enter the voiding of every signature whose findings or recommendations have changed, and say what changed."""
    current = today_digest(review)
    rows = select(Signature).where(Signature.review_id == review.id, Signature.voided_at.is_(None))
    stale = [row for row in db.session.scalars(rows.order_by(Signature.id)) if row.digest != current]
    plain = standing.plain_of(findings.of_review(review.id), recommendations.of_review(review.id))
    for row in stale:
        row.voided_at = at
        row.voided_why = _why_void(row, plain)
        note("signature_voided", about=f"review:{review.id}", within=f"review:{review.id}", by=by, at=at, signature=row.id)
        letters.signature_voided(review, row, at=at)
    db.session.flush()
    return stale


def void_signatures(review: Review, why: str, *, by: Actor, at: datetime) -> list[Signature]:
    """Void every signature that stands, for a reason other than what was signed: its rule is another now."""
    rows = select(Signature).where(Signature.review_id == review.id, Signature.voided_at.is_(None))
    fallen = list(db.session.scalars(rows.order_by(Signature.id)))
    for row in fallen:
        row.voided_at, row.voided_why = at, why
        note("signature_voided", about=f"review:{review.id}", within=f"review:{review.id}", by=by, at=at, signature=row.id)
        letters.signature_voided(review, row, at=at)
    db.session.flush()
    return fallen


def _why_void(row: Signature, plain: dict[str, Any]) -> str:
    """What changed since a signature was made, in a sentence without its full stop."""
    return f"Since it was signed, {standing.difference(row.signed, plain)}"


def reviews_with_signatures() -> list[int]:
    """Reviews under way that somebody has signed: the ones whose signatures may have gone stale."""
    rows = (
        select(Signature.review_id)
        .join(Review, Review.id == Signature.review_id)
        .where(Signature.voided_at.is_(None), Review.state == "opened")
        .distinct()
        .order_by(Signature.review_id)
    )
    return list(db.session.scalars(rows))
