"""Sources of the count for tests, kept by an officer of the committee."""

from __future__ import annotations

from scrutiny.agencies.models import Agency
from scrutiny.extensions import db
from scrutiny.ledger import figures, service
from scrutiny.ledger.models import LedgerSource
from tests.conftest import NOW
from tests.scrutiny.reviews.acting import acting


def keep(agency_id: int, text: str, year: int = 2024, *, body_id: int | None = None, title: str = "Accounts") -> LedgerSource:
    """A source of a body's spending, kept by an officer and not published."""
    source, rows = prepared(agency_id, text, year, body_id=body_id, title=title)
    return service.store(source, rows, by=acting("officer"), at=NOW)


def prepared(
    agency_id: int, text: str, year: int = 2024, *, body_id: int | None = None, title: str = "Accounts"
) -> tuple[LedgerSource, service.Rows]:
    """A source of a body's spending and its rows, before anything of it is kept."""
    source = LedgerSource(
        agency_id=agency_id,
        body_id=body_id,
        title=title,
        publisher=db.session.get_one(Agency, agency_id).name,
        year=year,
        phase="outturn",
        stream="revenue",
        coverage="whole",
        confidence="B",
        file_name="accounts.csv",
    )
    read = figures.read_table(text.encode(), "accounts.csv", source)
    source.stated_pence, source.rows_read = read.stated_pence, read.rows
    return source, service.Rows.of(read.cells, read.skipped, content=text.encode())
