"""What is shown as sealed is what was sealed: looked at when it is read, and all of it by `flask audit verify`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import abort, current_app
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from scrutiny.audit import held, queries
from scrutiny.editions.models import Edition
from scrutiny.extensions import db
from scrutiny.formats import moment
from scrutiny.snapshots.signed_content import digest_of_plain


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
    return gettext("Edition %(number)s of report %(reference)s", number=edition.number, reference=edition.report.reference)


@held.anchors
def anchors() -> Iterator[held.Anchor]:
    """Where the trail stood when each edition was sealed."""
    rows = select(Edition).where(Edition.audit_number.is_not(None), Edition.audit_digest != "")
    for edition in db.session.scalars(rows.options(joinedload(Edition.report)).order_by(Edition.id)):
        yield held.Anchor(_called(edition), edition.audit_number or 0, edition.audit_digest, edition.sealed_at)


@held.seals
def seals() -> Iterator[held.Seal]:
    """Every edition that was sealed: whole, changed, or erased with its reason."""
    erased = {(about, fields.get("edition")) for about, fields in queries.noted("edition_recalled") if fields.get("erased")}
    ids = select(Edition.id).where(Edition.digest != "").order_by(Edition.id)
    yield from held.each(list(db.session.scalars(ids)), lambda some: _seals_of(some, erased), lambda one: f"edition:{one}")


def _seals_of(ids: list[int], erased: set[tuple[str, Any]]) -> list[held.Seal]:
    """The seals of some editions; `erased` are those that a deed erased, by report and number."""
    rows = select(Edition).where(Edition.id.in_(ids)).options(undefer(Edition.snapshot), joinedload(Edition.report))
    return [_seal_of(edition, erased) for edition in db.session.scalars(rows.order_by(Edition.id))]


def _seal_of(edition: Edition, erased: set[tuple[str, Any]]) -> held.Seal:
    """The seal of one."""
    called = _called(edition)
    if edition.erased_at is not None and edition.snapshot is None:
        if (f"report:{edition.report_id}", edition.number) not in erased:
            return held.Seal(called, gettext("%(what)s is marked as erased, and no deed erased it", what=called), "")
        gap = gettext(
            "%(edition)s was erased %(erased_at)s: %(recalled_why)s",
            edition=called,
            erased_at=moment(edition.erased_at),
            recalled_why=edition.recalled_why,
        )
        return held.Seal(called, "", gap)
    whole = is_whole(edition)
    return held.Seal(called, "" if whole else gettext("%(edition)s has changed since it was sealed", edition=called), "")
