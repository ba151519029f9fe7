"""Which public statements there are, what each says now and said before."""

from __future__ import annotations

from flask_babel import lazy_gettext
from sqlalchemy import select

from scrutiny.extensions import db
from scrutiny.statements.models import Statement

#: The pages that may be written here, and what each is called.
PAGES = {
    "accessibility": lazy_gettext("Accessibility statement"),
    "privacy": lazy_gettext("Privacy notice"),
    "press": lazy_gettext("Press contact"),
}


def current(page: str) -> Statement | None:
    """The wording that counts; None where none was written, and the page says its default text."""
    newest = db.session.scalar(select(Statement).where(Statement.page == page).order_by(Statement.id.desc()).limit(1))
    return newest if newest is not None and newest.text else None


def history(page: str) -> list[Statement]:
    """Every wording of a page, the newest first."""
    return list(db.session.scalars(select(Statement).where(Statement.page == page).order_by(Statement.id.desc())))
