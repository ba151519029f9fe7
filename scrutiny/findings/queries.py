"""Reading findings with their lines and citations; accuracy checks with extracts and corrections; evidence by line."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from scrutiny.agencies.models import Agency
from scrutiny.evidence.models import Evidence, EvidenceFile, Lodging
from scrutiny.extensions import db
from scrutiny.findings.models import AccuracyCheck, AccuracyWaiver, Citation, Correction, Extract, Finding, PrivateNote
from scrutiny.requests.models import Answer, EvidenceRequest, Item
from scrutiny.reviews.models import Line, Question, Review
from scrutiny.reviews.queries import in_order
from scrutiny.transaction import take_turn

#: States in which a finding is before everybody who works on the review, not only its writers.
STANDING = ("proposed", "settled")


def _whole() -> Select[Finding]:
    """Findings with their lines, citations and what each citation rests on, in a constant number of statements."""
    return select(Finding).options(
        selectinload(Finding.lines),
        selectinload(Finding.citations).options(
            joinedload(Citation.file), joinedload(Citation.lodging).joinedload(Lodging.evidence).joinedload(Evidence.agency)
        ),
    )


def of_review(review_id: int, states: Sequence[str] | None = None) -> list[Finding]:
    """The findings of a review in their order, lines and citations loaded; a withdrawn one only when asked for."""
    rows = _whole().where(Finding.review_id == review_id).order_by(Finding.number)
    return list(db.session.scalars(rows.where(Finding.state.in_(states)) if states else rows.where(Finding.state != "withdrawn")))


def finding_by_number(review_id: int, number: int) -> Finding | None:
    """One finding of a review, withdrawn or not."""
    return db.session.scalar(_whole().where(Finding.review_id == review_id, Finding.number == number))


def next_number(review_id: int) -> int:
    """The number the next finding of a review takes, which others who take one wait for; a withdrawn one keeps its own."""
    take_turn(f"number of a finding in review:{review_id}")
    return max(db.session.scalars(select(Finding.number).where(Finding.review_id == review_id)), default=0) + 1


def notes_of(review_id: int, person_id: int, lodging_id: int | None = None) -> list[PrivateNote]:
    """One person's own notes on a review, the newest first; of one lodging where it is named. Nobody else's, ever."""
    rows = select(PrivateNote).where(PrivateNote.review_id == review_id, PrivateNote.person_id == person_id)
    if lodging_id is not None:
        rows = rows.where(PrivateNote.lodging_id == lodging_id)
    return list(db.session.scalars(rows.order_by(PrivateNote.at.desc(), PrivateNote.id.desc())))


def _checks() -> Select[AccuracyCheck]:
    """Accuracy checks with extracts, the findings they are of and the corrections offered, in a constant number of statements."""
    return select(AccuracyCheck).options(
        joinedload(AccuracyCheck.agency),
        joinedload(AccuracyCheck.review),
        selectinload(AccuracyCheck.extracts).options(joinedload(Extract.finding), selectinload(Extract.corrections)),
    )


def check(check_id: int) -> AccuracyCheck | None:
    """One accuracy check with all it holds, whoever asks; pages go through `access`."""
    return db.session.scalar(_checks().where(AccuracyCheck.id == check_id))


def checks_of_review(review_id: int) -> list[AccuracyCheck]:
    """The accuracy checks of a review: the latest round first, then by agency."""
    rows = _checks().join(AccuracyCheck.agency).where(AccuracyCheck.review_id == review_id)
    return list(db.session.scalars(rows.order_by(AccuracyCheck.round.desc(), Agency.name, AccuracyCheck.id)))


def checks_of_agency(agency_id: int, *, only_open: bool = False) -> list[AccuracyCheck]:
    """What an agency was shown to correct, the earliest due first; only what it has not answered, where asked."""
    rows = _checks().where(func.coalesce(AccuracyCheck.keeper_id, AccuracyCheck.agency_id) == agency_id)
    if only_open:
        under_way = select(Review.id).where(Review.state != "withdrawn")
        rows = rows.where(AccuracyCheck.answered_at.is_(None), AccuracyCheck.review_id.in_(under_way))
    return list(db.session.scalars(rows.order_by(AccuracyCheck.due_on, AccuracyCheck.id)))


def waivers_of(review_id: int) -> list[AccuracyWaiver]:
    """The agencies whose check of the facts the bodies of a review went on without, each with the reason."""
    rows = select(AccuracyWaiver).where(AccuracyWaiver.review_id == review_id).options(joinedload(AccuracyWaiver.agency))
    return list(db.session.scalars(rows.order_by(AccuracyWaiver.id)))


def correction(correction_id: int) -> Correction | None:
    """One correction with its extract, finding and check, whoever asks; pages go through `access`."""
    return db.session.scalar(
        select(Correction)
        .where(Correction.id == correction_id)
        .options(
            joinedload(Correction.extract).joinedload(Extract.finding),
            joinedload(Correction.extract).joinedload(Extract.check).joinedload(AccuracyCheck.agency),
        )
    )


def corrections_undecided(review_id: int) -> int:
    """How many corrections offered in a review wait for a decision."""
    rows = select(func.count()).select_from(Correction).join(Correction.extract).join(Extract.check)
    return db.session.scalar(rows.where(AccuracyCheck.review_id == review_id, Correction.state == "offered")) or 0


def undecided_of(finding_id: int) -> int:
    """How many corrections offered to a finding wait for a decision."""
    rows = select(func.count()).select_from(Correction).join(Correction.extract)
    return db.session.scalar(rows.where(Extract.finding_id == finding_id, Correction.state == "offered")) or 0


def lodgings_by_line(review_id: int) -> list[tuple[int | None, Lodging]]:
    """What is lodged with a review, each under the line of enquiry it answers (None where it answers no question).

    In the order of lines, agencies and lodging; a piece that answers two lines stands under both. It permits nothing:
    who may open which is for `access`.
    """
    rows = (
        select(Line.id, Lodging)
        .select_from(Lodging)
        .join(Lodging.evidence)
        .join(Evidence.agency)
        .outerjoin(Answer, Answer.lodging_id == Lodging.id)
        .outerjoin(Item, Item.id == Answer.item_id)
        .outerjoin(Question, Question.id == Item.question_id)
        .outerjoin(Line, Line.id == Question.line_id)
        .where(Lodging.review_id == review_id, Lodging.lodged_at.is_not(None))
        .options(
            contains_eager(Lodging.evidence).contains_eager(Evidence.agency),
            contains_eager(Lodging.evidence).selectinload(Evidence.files).joinedload(EvidenceFile.stored),
        )
        .order_by(Line.position, Agency.name, Lodging.id)
    )
    found = {(line, lodging.id): lodging for line, lodging in db.session.execute(rows).unique()}
    return [(line, lodging) for (line, _), lodging in found.items()]


def questions_answered(lodging_id: int) -> list[Question]:
    """The questions a lodging answers, with their lines."""
    items = select(Item.question_id).join(Answer, Answer.item_id == Item.id).where(Answer.lodging_id == lodging_id)
    rows = select(Question).where(Question.id.in_(items)).options(joinedload(Question.line))
    return list(db.session.scalars(rows.order_by(*in_order())))


def agencies_with_part(review_id: int) -> list[Agency]:
    """The agencies that were asked in a review or have lodged something with it, by name."""
    asked = select(EvidenceRequest.agency_id).where(EvidenceRequest.review_id == review_id, EvidenceRequest.is_asked)
    lodged = select(Evidence.agency_id).join(Lodging, Lodging.evidence_id == Evidence.id)
    lodged = lodged.where(Lodging.review_id == review_id, Lodging.lodged_at.is_not(None))
    rows = select(Agency).where(or_(Agency.id.in_(asked), Agency.id.in_(lodged)))
    return list(db.session.scalars(rows.order_by(Agency.name, Agency.id)))


def agencies_cited(finding_ids: Collection[int]) -> set[int]:
    """The agencies, by id, on whose evidence findings rest: those that gave it and those that keep it; one statement."""
    rows = (
        select(Evidence.agency_id, Evidence.keeper_id)
        .join(Lodging, Lodging.evidence_id == Evidence.id)
        .join(Citation, Citation.lodging_id == Lodging.id)
        .where(Citation.finding_id.in_(finding_ids))
        .distinct()
    )
    return {agency_id for row in db.session.execute(rows) for agency_id in row if agency_id is not None}


def count_in(review_id: int, states: Collection[str]) -> int:
    """How many findings of a review are in these states."""
    rows = select(func.count()).where(Finding.review_id == review_id, Finding.state.in_(states))
    return db.session.scalar(rows) or 0


def numbers_of(ids: Collection[int]) -> dict[int, int]:
    """The numbers of findings within their review, by id."""
    return dict(db.session.execute(select(Finding.id, Finding.number).where(Finding.id.in_(ids)).order_by(Finding.id)).all())
