"""Writing a public statement; every wording stays."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext
from sqlalchemy import func, select

from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.statements.models import Statement
from scrutiny.statements.queries import PAGES
from scrutiny.transaction import take_turn
from scrutiny.typed_text import clean
from workflows.refusals import Refused, Stale
from workflows.roles import Actor

LONGEST = 50_000


def write_statement(page: str, text: str, *, seen: int | None, by: Actor, at: datetime) -> Statement | None:
    """Let a page say this from now on; None where it says so already. Stale where somebody wrote it since wording `seen`."""
    if page not in PAGES:
        raise Refused(gettext("There is no page “%(page)s”. Choose one of %(pages)s", page=page, pages=", ".join(PAGES)))
    text = clean(text).strip()
    if len(text) > LONGEST:
        raise Refused(gettext("Use %(most)s characters or fewer", most=f"{LONGEST:,}"))
    take_turn(f"statement:{page}")
    newest = db.session.scalar(select(func.max(Statement.id)).where(Statement.page == page)) or 0
    if seen is not None and seen != newest:
        raise Stale(gettext("Somebody else has changed this page since you opened it"))
    before = db.session.get(Statement, newest)
    if text == (before.text if before is not None else ""):
        return None
    row = Statement(page=page, text=text, written_by=by.reference, written_at=at)
    db.session.add(row)
    db.session.flush()
    note("statement_written", about=row.plain, by=by, at=at, page=page)
    return row
