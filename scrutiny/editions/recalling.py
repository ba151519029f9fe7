"""Withdrawing what was published: what would follow, the deed, and the notice that stays in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import Text, select, type_coerce

from scrutiny.audit.service import digest, note
from scrutiny.correspondence.queries import alerts_for
from scrutiny.editions import letters, queries
from scrutiny.editions.models import Edition, Report
from scrutiny.evidence import service as evidence
from scrutiny.evidence.models import Lodging
from scrutiny.evidence.queries import lodged_with
from scrutiny.extensions import db
from scrutiny.formats import moment
from scrutiny.stored_files import stored
from scrutiny.stored_files.models import StoredFile
from workflows.lifecycles.edition import EDITION
from workflows.refusals import Refused
from workflows.roles import Actor


@dataclass(frozen=True, slots=True)
class Preview:
    """What withdrawing some editions would do: who is told, what evidence is taken back with them, where they are repeated."""

    editions: tuple[Edition, ...]
    stays: Edition | None
    people: int
    alerts: int
    evidence: tuple[Lodging, ...]
    repeated: tuple[Edition, ...]


def editions_out(report: Report, number: int | None = None) -> list[Edition]:
    """The editions of a report that anyone can read, or the one of a number."""
    return [edition for edition in report.editions if edition.state == "released" and number in (None, edition.number)]


def preview(report: Report, number: int | None = None) -> Preview:
    """What would follow, worked out by the same functions that do it."""
    going = editions_out(report, number)
    left = [edition for edition in editions_out(report) if edition not in going]
    return Preview(
        editions=tuple(going),
        stays=left[-1] if left else None,
        people=len(letters.told_of_release(going)),
        alerts=len(alerts_for(report.place.reference)),
        evidence=tuple(_public_no_longer(report, left)),
        repeated=tuple(_repeated_in(report)),
    )


def recall(report: Report, why: str, *, number: int | None = None, erase: bool = False, by: Actor, at: datetime) -> list[Edition]:
    """Withdraw every edition that is out, or one: nobody can read it any more, and a notice with the reason stays.

    What agencies sent that was public only because of what is withdrawn now, or was before, is taken back with it. With
    `erase` what the edition said is erased for ever, sealed or not: its digest and the reason stay, and checking the seals
    says so.
    """
    if not why.strip():
        raise Refused(gettext("Say why it is withdrawn: the reason is published in its place"))
    going = editions_out(report, number)
    if not going:
        raise Refused(gettext("There is no published edition to withdraw"))
    taken_back = _public_no_longer(report, [edition for edition in editions_out(report) if edition not in going])
    told = letters.told_of_release(going)
    for edition in going:
        _recall_one(edition, why.strip(), erase=erase, by=by, at=at)
    for lodging in taken_back:
        evidence.take_back(lodging, why, by=by, at=at)
    letters.report_withdrawn(report, going, told, why.strip(), at=at)
    return going


def _recall_one(edition: Edition, why: str, *, erase: bool, by: Actor, at: datetime) -> None:
    """One edition, by its lifecycle."""
    before, report = edition.state, edition.report
    made = EDITION.make("recall", edition, by=by)
    edition.recalled_at, edition.recalled_why = at, why
    if erase:
        _erase(edition, at)
    db.session.flush()
    note(
        made.event,
        about=f"report:{report.id}",
        within=f"review:{report.review_id}" if report.review_id else report.place.reference,
        by=by,
        at=at,
        before=before,
        after=edition.state,
        edition=edition.number,
        digest=edition.digest,
        why=digest(why),
        erased=erase,
    )


def _erase(edition: Edition, at: datetime) -> None:
    """Erase what an edition said and what it was printed to; the bytes go once this is kept."""
    kept = sorted(file.sha256 for file in edition.files)
    edition.snapshot, edition.files, edition.erased_at = None, [], at
    db.session.flush()
    for sha256 in kept:
        row = db.session.get(StoredFile, sha256)
        if row is not None:
            stored.let_go(row, at=at)


def _public_no_longer(report: Report, left: Sequence[Edition]) -> list[Lodging]:
    """What agencies sent that was published with any edition of a report, and on which none of those left rests.

    An edition publishes what was accepted by then, and leaves public what an earlier one published: so it rests on all that
    came out with it or before it, whichever editions have been withdrawn since.
    """
    if report.review is None:
        return []
    staying = max((edition.released_at for edition in left if edition.released_at is not None), default=None)
    moments = {edition.released_at for edition in report.editions if edition.released_at is not None}
    moments = {moment for moment in moments if staying is None or moment > staying}
    return [lodging for lodging in lodged_with(report.review) if lodging.public_from in moments]


def _repeated_in(report: Report) -> list[Edition]:
    """The area reports that are out and tell of this report; each is withdrawn by itself."""
    if report.review is None:
        return []
    rows = select(Edition).join(Report, Report.id == Edition.report_id).where(Report.kind == "area", Edition.state == "released")
    rows = rows.where(type_coerce(Edition.snapshot, Text).contains(f'"{report.reference}"', autoescape=True))
    return list(db.session.scalars(rows.order_by(Edition.id)))


def notice(edition: Edition) -> str:
    """What stands in place of a withdrawn edition; it names nothing that the edition said."""
    facts = {
        "number": edition.number,
        "reference": edition.report.reference,
        "place": edition.report.place.name,
        "released": moment(edition.released_at),
        "withdrawn": moment(edition.recalled_at),
    }
    words = gettext(
        "Edition %(number)s of report %(reference)s about %(place)s, published %(released)s, was withdrawn %(withdrawn)s.",
        **facts,
    )
    said = f"{words} " + gettext("Reason: %(why)s", why=edition.recalled_why.rstrip("."))
    return said + ". " + gettext("What it said has been erased") if edition.erased_at else said


def recalled(reference: str, number: int | None = None) -> Edition | None:
    """The newest withdrawn edition of a report, or that of a number; None where none was withdrawn."""
    report = queries.report_called(reference)
    found = [e for e in report.editions if e.state == "recalled" and number in (None, e.number)] if report else []
    return found[-1] if found else None
