"""Editions that repeat words of evidence: what is sealed keeps them, and is named to whoever erases them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask import Flask
from flask_babel import gettext
from sqlalchemy import Select, Text, false, or_, select, type_coerce

from scrutiny.editions.models import Edition, EditionFile, Report
from scrutiny.evidence.erasing import Erased, Sealed, seals_quotations
from scrutiny.evidence.models import Lodging
from scrutiny.extensions import canonical, db
from scrutiny.recommendations.erasing import seals_words
from scrutiny.snapshots import snapshot
from scrutiny.stored_files import stored


def init_app(app: Flask) -> None:
    """Editions sealed with words that are erased are named; files of an edition are in use as long as their rows are there."""
    seals_quotations(app, editions_that_quote)
    seals_words(app, editions_that_say)
    stored.counts_as_use(app, lambda: select(EditionFile.sha256))


def editions_that_quote(gone: Erased) -> list[Sealed]:
    """The sealed editions that quote a piece of evidence: it stays in each until that is withdrawn and what it says erased."""
    sha256 = digest_cited(gone)
    rows = select(Edition).join(Report, Report.id == Edition.report_id).where(Report.review_id.in_(reviews_before(gone)))
    rows = rows.where(Edition.digest != "", type_coerce(Edition.snapshot, Text).contains(sha256))
    lodgings = _lodgings(gone)
    sealed = [edition for edition in db.session.scalars(rows.order_by(Edition.id)) if _quotes(edition, sha256, lodgings)]
    return [Sealed(_called(edition), edition.state == "released") for edition in sealed]


def editions_that_say(texts: Sequence[str]) -> list[str]:
    """The published editions that repeat words of an agency or a body: each keeps them until it is withdrawn and erased."""
    held = [type_coerce(Edition.snapshot, Text).contains(canonical(one)[1:-1], autoescape=True) for one in texts]
    rows = select(Edition).where(Edition.state == "released", or_(false(), *held)).order_by(Edition.id)
    return [_called(edition) for edition in db.session.scalars(rows)]


def _called(edition: Edition) -> str:
    """What an edition is called."""
    return gettext("Edition %(number)s of report %(reference)s", number=edition.number, reference=edition.report.reference)


def _quotes(edition: Edition, sha256: str, lodgings: Collection[int]) -> bool:
    """Whether an edition holds words of what has this digest, and does not only name it; nor another lodging's."""
    said = snapshot.read(edition.snapshot or {})
    own = (None, *lodgings)
    numbers = {row.number for row in said.evidence if row.sha256 == sha256 and row.lodging in own}
    return any(row.quotation and row.evidence in numbers for finding in said.findings for row in finding.citations)


def digest_cited(gone: Erased) -> str:
    """What citations of it are pinned to."""
    return gone.file.sha256 if gone.file else gone.evidence.digest


def reviews_before(gone: Erased) -> Select[int]:
    """The reviews it is before."""
    return select(Lodging.review_id).where(Lodging.evidence_id == gone.evidence.id)


def _lodgings(gone: Erased) -> set[int]:
    """Where it was sent."""
    return set(db.session.scalars(select(Lodging.id).where(Lodging.evidence_id == gone.evidence.id)))
