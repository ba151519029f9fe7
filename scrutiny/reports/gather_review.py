"""Read the records of a review into the snapshot of its report, once, before it is sealed or shown as a draft."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scrutiny.agencies.queries import Answering, answering, kind_label
from scrutiny.extensions import db
from scrutiny.findings import queries as findings
from scrutiny.findings.models import AccuracyCheck, Correction, Extract
from scrutiny.findings.right_of_reply import Reply, replies
from scrutiny.formats import london_day
from scrutiny.publication.service import accepted_lodgings
from scrutiny.recommendations import queries as recommendations
from scrutiny.recommendations.dating import basis_of_response
from scrutiny.recommendations.models import Recommendation
from scrutiny.reports import gather, queries, signing
from scrutiny.reports.gather_findings import evidence_index, finding_facts
from scrutiny.reports.models import Dissent, Signature
from scrutiny.requests import interests
from scrutiny.requests import queries as requests
from scrutiny.requests.interest_models import Interest
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.contact import writer_of
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import method_of
from scrutiny.snapshots import snapshot as facts
from scrutiny.snapshots.signed_content import digest_of_plain
from workflows.plain_values import to_plain

#: Decisions about a correction that are printed; one still undecided is not.
DECIDED = ("made", "made_in_part", "not_made")


@dataclass(frozen=True, slots=True)
class Sealing:
    """What a snapshot is made for: its edition, the head of the audit trail, and the day it is sealed, or none for a draft."""

    edition: facts.EditionFacts
    audit: tuple[int, str] = (0, "")
    sealed_on: date | None = None


def snapshot_of(review: Review, summary: str, sealing: Sealing, *, today: date) -> facts.Snapshot:
    """Everything the report of a review says; only what may be public by the sealing's own check."""
    covering = answering([area.id for area in review.place.areas], review.place_on)
    asked = [request for request in requests.requests_of(review) if request.is_asked]
    settled = [finding for finding in findings.of_review(review.id) if finding.state == "settled"]
    numbers, evidence = evidence_index(settled, {lodging.id for lodging in accepted_lodgings(review)})
    signatories = _signatories(review)
    return facts.Snapshot(
        form=facts.FORM,
        kind="review",
        edition=sealing.edition,
        title=review.title,
        place=_place(review),
        method=_method(review),
        bodies=_bodies(review, {row.body for row in signatories}),
        started_on=review.starts_on,
        scope=facts.ScopeFacts(review.reason, review.in_scope, review.out_of_scope),
        summary=summary,
        lines=tuple(facts.LineFacts(line.key, line.text) for line in review.lines if not line.dropped_why),
        map=gather.map_facts(review.place, covering, review.place_on),
        agencies=tuple(_agency(request, covering) for request in asked),
        findings=tuple(finding_facts(finding, review, numbers) for finding in settled),
        recommendations=tuple(
            _recommendation(row, review, today)
            for row in sorted(recommendations.of_review(review.id), key=lambda row: row.number)
            if row.state in ("proposed", "made")
        ),
        replies=tuple(_reply(reply) for reply in replies(review, today)),
        corrections=_corrections(review),
        evidence=evidence,
        signatories=signatories,
        dissent=tuple(_dissent(row) for row in queries.dissents_of(review.id)),
        signed_digest=signing.today_digest(review),
        audit=facts.AuditFacts(*sealing.audit),
        sealed_on=sealing.sealed_on,
        attribution=tuple(gather.attribution(review.place, covering, review.place_on)),
        contact=_contact(review),
        licence=gather.licence(),
    )


def draft_of(review: Review, summary: str, *, today: date) -> facts.Snapshot:
    """The report as it would come out today, never said to be sealed."""
    return snapshot_of(review, summary, Sealing(facts.EditionFacts(review.reference, 0, "")), today=today)


def _place(review: Review) -> facts.PlaceFacts:
    values = gather.place_values(review.place, review.place_on)
    return facts.PlaceFacts(**{**values, "codes": tuple(values["codes"]), "on": review.place_on})


def _method(review: Review) -> facts.MethodFacts:
    method = method_of(review.edition)
    basis = tuple(basis.source for basis in method.basis)
    return facts.MethodFacts(method.title, method.version, method.digest, basis, method.sign_off.rule)


def _contact(review: Review) -> facts.ContactFacts:
    """Whom a reader may ask: the office that its letters name, never the officer, who may have left when it is read."""
    writer = writer_of(review)
    return facts.ContactFacts(
        writer.body, writer.contact.office, writer.contact.phone, writer.mailbox or writer.contact.email, writer.heading
    )


def _bodies(review: Review, signed: set[str]) -> tuple[facts.BodyFacts, ...]:
    """The bodies of the review, each with its part and whether its signature stands."""
    rows = [row for row in review.bodies if row.to_on is None]
    return tuple(facts.BodyFacts(row.body.name, row.part, row.body.name in signed) for row in rows)


def _agency(request: EvidenceRequest, covering: list[Answering]) -> facts.AgencyFacts:
    """What one agency was asked and what came of it, in numbers."""
    share = next((agency for agency in covering if agency.agency_id == request.agency_id), None)
    states = [item.came_as for item in request.items if item.state != "withdrawn"]
    return facts.AgencyFacts(
        name=request.agency.name,
        kind=kind_label(request.agency.kind),
        share_of_people=gather.rounded(share.share_of_people) if share else None,
        share_of_land=gather.rounded(share.share_of_area) if share else None,
        asked=len(states),
        answered=states.count("submitted"),
        not_held=states.count("not_held"),
        refused=states.count("refused"),
        outstanding=sum(state in requests.OPEN or state == "with_certifier" for state in states),
        redirected=states.count("redirected"),
    )


def _recommendation(row: Recommendation, review: Review, today: date) -> facts.RecommendationFacts:
    """A recommendation, and what the law asks of the agency it names."""
    return facts.RecommendationFacts(
        number=row.number,
        text=row.text,
        measure=row.measure,
        done_by=row.done_by,
        findings=tuple(finding.number for finding in row.findings),
        agencies=tuple(
            facts.AddresseeFacts(addressee.agency.name, basis_of_response(review, addressee.agency, today).stripped().to_plain())
            for addressee in row.addressees
        ),
    )


def _reply(reply: Reply) -> facts.ReplyFacts:
    """Whether an agency could check the facts, as its rows say."""
    waiver = reply.waiver if reply.state == "waived" else None
    return facts.ReplyFacts(
        agency=reply.agency.name,
        state=reply.state,
        sent_on=reply.shown_on,
        due_on=reply.due_on,
        findings=reply.shown,
        missing=tuple(finding.number for finding in reply.missing),
        waiver=facts.WaiverFacts(waiver.name, london_day(waiver.at), waiver.reason) if waiver else None,
    )


def _corrections(review: Review) -> tuple[facts.CorrectionFacts, ...]:
    """What agencies said was wrong in the accuracy check, and what was decided."""
    rows = (
        select(Correction)
        .join(Correction.extract)
        .join(Extract.check)
        .where(AccuracyCheck.review_id == review.id, Correction.state.in_(DECIDED))
        .options(
            joinedload(Correction.extract).joinedload(Extract.check).joinedload(AccuracyCheck.agency),
            joinedload(Correction.extract).joinedload(Extract.finding),
        )
        .order_by(Correction.id)
    )
    return tuple(_correction(row) for row in db.session.scalars(rows) if row.extract.finding.state == "settled")


def _correction(row: Correction) -> facts.CorrectionFacts:
    """A correction, sealed under a digest of its own."""
    made = facts.CorrectionFacts(
        agency=row.extract.check.agency.name,
        finding=row.extract.finding.number,
        words=row.words,
        correction=row.correction,
        grounds=row.grounds,
        decided=row.state,
        why=row.decision,
    )
    return replace(made, digest=digest_of_plain(to_plain(made)))


def _interest(row: Interest) -> facts.InterestFacts:
    """An interest declared by somebody who signed."""
    return facts.InterestFacts(row.agency.name, row.words, london_day(row.declared_at))


def _signatories(review: Review) -> tuple[facts.SignatoryFacts, ...]:
    """Who signed, for whom, when, how a committee voted, and what interest they had declared."""
    declared = interests.declared_in(review)
    return tuple(
        facts.SignatoryFacts(
            body=row.body.name,
            name=row.signature.name,
            office=row.signature.office,
            on=london_day(row.signature.signed_at),
            vote=_vote(row.signature),
            paper=bool(row.signature.paper_sha256),
            corrected=tuple(_entry(entry, by) for entry, by in signing.entries_corrected(row.signature)),
            interests=tuple(_interest(one) for one in declared if one.person == row.signature.person),
        )
        for row in signing.wanted(review)
        if row.signature is not None
    )


def _vote(row: Signature) -> facts.VoteFacts | None:
    """How a committee voted, where it did."""
    if row.votes_for is None:
        return None
    return facts.VoteFacts(row.votes_for, row.votes_against or 0, row.abstained or 0, row.meeting_on)


def _entry(entry: Signature, corrected_by: Signature) -> facts.EntryFacts:
    """A signature entered wrongly, and why it was put right."""
    return facts.EntryFacts(
        entry.office, _vote(entry), corrected_by.correction_why, london_day(entry.corrected_at or corrected_by.signed_at)
    )


def _dissent(row: Dissent) -> facts.DissentFacts:
    """A disagreement, sealed under a digest of its own."""
    made = facts.DissentFacts(row.name, row.body.name, row.finding.number if row.finding else None, row.text)
    return replace(made, digest=digest_of_plain(to_plain(made)))
