"""What is shown as sealed is what was sealed: looked at when it is read, and all of it by `flask audit verify`."""

from __future__ import annotations

from collections.abc import Iterator

from flask import abort, current_app
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from scrutiny.audit import held
from scrutiny.extensions import db
from scrutiny.formats import moment
from scrutiny.reports.models import Edition
from scrutiny.reports.signed_content import digest_of_plain


def is_whole(edition: Edition) -> bool:
    """Whether what an edition says has the digest it was sealed with."""
    return edition.snapshot is not None and digest_of_plain(edition.snapshot) == edition.digest


def check(edition: Edition) -> None:
    """Show nothing as sealed that is not: whoever reads is told so plainly, and whoever looks after the machine too."""
    if not is_whole(edition):
        alarm(edition)
        abort(503, gettext("This report is not shown, because its record has changed since it was sealed. We have been told"))


def alarm(edition: Edition) -> None:
    """Say that a seal is broken, in the log and to the health check."""
    current_app.logger.error("edition %d of %s has changed since it was sealed", edition.number, edition.report.reference)
    broken: set[str] = current_app.extensions.setdefault("broken_seals", set())
    broken.add(_called(edition))


def _called(edition: Edition) -> str:
    """How an edition is named to whoever looks after the machine."""
    return f"Edition {edition.number} of report {edition.report.reference}"


@held.anchors
def anchors() -> Iterator[held.Anchor]:
    """Where the trail stood when each edition was sealed."""
    rows = select(Edition).where(Edition.audit_number.is_not(None), Edition.audit_digest != "")
    for edition in db.session.scalars(rows.options(joinedload(Edition.report)).order_by(Edition.id)):
        yield held.Anchor(_called(edition), edition.audit_number or 0, edition.audit_digest, edition.sealed_at)


@held.seals
def seals() -> Iterator[held.Seal]:
    """Every edition that was sealed: whole, changed, or erased with its reason."""
    rows = select(Edition).where(Edition.digest != "").options(undefer(Edition.snapshot), joinedload(Edition.report))
    for edition in db.session.scalars(rows.order_by(Edition.id).execution_options(yield_per=50)):
        gap = ""
        if edition.erased_at is not None and edition.snapshot is None:
            gap = f"{_called(edition)} was erased {moment(edition.erased_at)}: {edition.recalled_why}"
        fault = "" if gap or is_whole(edition) else f"{_called(edition)} has changed since it was sealed"
        yield held.Seal(_called(edition), fault, gap)
