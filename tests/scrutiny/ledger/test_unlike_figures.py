"""What is no part of the same sum is not added, matched or compared: streams, phases, years, bodies; and nothing vanishes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from scrutiny.areas.models import Area
from scrutiny.extensions import db
from scrutiny.ledger import service
from scrutiny.ledger.counting import Count, count
from scrutiny.ledger.models import LedgerCell, LedgerSource
from scrutiny.ledger.plain import as_plain, parts_of
from scrutiny.ledger.sums import PAID, RECEIVED, Figure, net
from tests.conftest import NOW
from tests.scrutiny.ledger.sources import keep
from tests.scrutiny.reviews.acting import acting
from workflows.refusals import Refused

pytestmark = pytest.mark.usefixtures("context")
COUNTY = "E10900001"


def kept(
    cast: SimpleNamespace, pence: int, year: int = 2024, *, phase: str = "outturn", stream: str = "", cells_of: int = 0
) -> LedgerSource:
    """A published source of the county council with one figure, of another year than its own where that is given."""
    source = LedgerSource(
        agency_id=cast.county_council,
        body_id=cast.committee,
        title=f"{phase} {stream}",
        publisher="",
        year=year,
        phase=phase,
        stream=stream,
        coverage="whole",
        confidence="B",
    )
    cell = LedgerCell(
        agency_id=cast.county_council,
        words="other",
        year=cells_of or year,
        phase=phase,
        stream=stream or "revenue",
        rows=1,
        pence=pence,
    )
    service.store(source, service.Rows.of([cell]), by=acting("officer"), at=NOW)
    service.publish(source, by=acting("officer"), at=NOW)
    return source


def counted(year: int) -> Count:
    """The count of the county in a year."""
    areas = list(db.session.scalars(select(Area).where(Area.code == COUNTY)))
    found = count("Loamshire", areas, year, on=NOW.date(), by=acting("officer"))
    assert found is not None
    return found


def test_payments_of_another_year_are_counted_with_the_payments_of_that_year_alone(cast: SimpleNamespace) -> None:
    kept(cast, 100_000, 2023, phase="audited")
    kept(cast, 50_000, 2024, phase="payments", cells_of=2023)
    assert counted(2023).net == 100_000, "audited accounts hold those payments already"
    assert as_plain(counted(2023), [COUNTY])["netted"] == 100_000
    kept(cast, 70_000, 2022, phase="payments")
    kept(cast, 5_000, 2024, phase="payments", cells_of=2022)
    found = counted(2022)
    assert found.net == 75_000
    assert len(list(parts_of(found))) == 2


def test_revenue_as_audited_does_not_hide_capital_of_the_outturn(cast: SimpleNamespace) -> None:
    kept(cast, 100_000, phase="audited", stream="revenue")
    kept(cast, 40_000, phase="outturn", stream="capital")
    kept(cast, 7_000, phase="outturn", stream="revenue")
    assert counted(2024).net == 140_000


def test_unlike_figures_of_two_years_are_not_compared(cast: SimpleNamespace) -> None:
    kept(cast, 100_000, 2023, phase="audited")
    kept(cast, 40_000, 2024, phase="payments")
    assert counted(2024).before is None
    kept(cast, 90_000, 2024, phase="audited")
    assert counted(2024).before == 100_000


def test_capital_is_never_matched_with_revenue() -> None:
    told = [Figure(1, 1, 2024, 500, PAID, 2, "capital"), Figure(2, 2, 2024, 500, RECEIVED, 1, "revenue")]
    assert net(told, 2024).pence == 0


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("other,10.00,E99999999,", "no area here has the code “E99999999”"),
        ("other,10.00,,Loamshire County Council", "a transfer names the other body, and this is the same"),
    ],
)
def test_what_would_be_in_no_count_is_refused(cast: SimpleNamespace, row: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        keep(cast.county_council, f"service,amount,area_code,transfer_to\n{row}\n")


def test_a_correction_is_of_the_same_body_and_a_chain_holds_when_its_middle_goes(cast: SimpleNamespace) -> None:
    police = keep(cast.police, "service,amount\nother,1.00\n", body_id=cast.committee)

    def correct(replaces: LedgerSource, pence: int) -> LedgerSource:
        source = LedgerSource(
            agency_id=cast.county_council,
            body_id=cast.committee,
            title="again",
            publisher="",
            year=2024,
            phase="outturn",
            coverage="whole",
            confidence="B",
        )
        cell = LedgerCell(
            agency_id=cast.county_council, words="other", year=2024, phase="outturn", stream="revenue", rows=1, pence=pence
        )
        return service.store(source, service.Rows.of([cell], replaces=replaces), by=acting("officer"), at=NOW)

    with pytest.raises(Refused, match="is of another body"):
        correct(police, 2_000)
    first = kept(cast, 1_000)
    middle = correct(first, 2_000)
    last = correct(middle, 3_000)
    service.withdraw(middle, "Wrong file", by=acting("officer"), at=NOW)
    service.publish(last, by=acting("officer"), at=NOW)
    assert (first.state, last.state, counted(2024).net) == ("replaced", "published", 3_100), "with the pound of the police"
