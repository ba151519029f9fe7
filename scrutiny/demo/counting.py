"""The count of Loamshire: invented accounts of twelve bodies over three years, loaded and published as an operator would.

Their files lie in count/, one for each body and year. Grants between the bodies stand on both sides; one only the fire authority
records, one the two sides give different amounts of, and one the other side has in another year.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from scrutiny.agencies.models import Agency
from scrutiny.bodies.models import Body
from scrutiny.extensions import db
from scrutiny.ledger import figures, service
from scrutiny.ledger.models import LedgerSource, ServiceMapping
from workflows.roles import OPERATOR_ACTOR
from workflows.spending import financial_year

FOLDER = Path(__file__).parent / "count"
#: The year whose accounts of the city its officers have not published yet.
NOT_PUBLISHED = ("city", 2024)


def load_accounts(agencies: Mapping[str, Agency], bodies: Mapping[str, Body], at: datetime) -> None:
    """Load every file, and publish all but one."""
    county = agencies["county"].id
    mapping = {"service": "01.1", "division": "central", "control": "direct", "decided_by": OPERATOR_ACTOR.reference}
    words = figures.folded("Corporate contingency and other items")
    db.session.add(ServiceMapping(agency_id=county, field="service", words=words, decided_at=at, **mapping))
    db.session.flush()
    for path in sorted(FOLDER.glob("*.csv")):
        key, _, year = path.stem.rpartition("-")
        source = _loaded(path, agencies[key], int(year), bodies["joint" if key == "city" else "osc"].id, at)
        if (key, int(year)) != NOT_PUBLISHED:
            service.publish(source, by=OPERATOR_ACTOR, at=at)


def _loaded(path: Path, agency: Agency, year: int, body_id: int, at: datetime) -> LedgerSource:
    """One file as a source, pending."""
    source = LedgerSource(
        agency_id=agency.id,
        body_id=body_id,
        title=f"{agency.name}: accounts {financial_year(year)}",
        publisher=agency.name,
        citation="Invented for the demonstration",
        licence="OGL-UK-3.0",
        file_name=path.name,
        year=year,
        phase="outturn",
        coverage="whole",
        confidence="B",
    )
    content = path.read_bytes()
    read = figures.read_table(content, path.name, source)
    source.stated_pence, source.rows_read = read.stated_pence, read.rows
    return service.store(source, service.Rows.of(read.cells, read.skipped, content=content), by=OPERATOR_ACTOR, at=at)
