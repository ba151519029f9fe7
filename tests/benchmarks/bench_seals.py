"""What sealing costs: a deed the same however much there is elsewhere, and the check of the night in proportion to its rows."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import insert

from scrutiny.audit import verifying
from scrutiny.audit.models import AuditEntry, AuditSeal
from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.ledger.models import LedgerSource
from scrutiny.transaction import run, writes_now
from tests.conftest import NOW
from tests.scrutiny.ledger.sources import keep
from tests.written_at_once import written
from workflows.roles import OPERATOR_ACTOR

pytestmark = pytest.mark.bench
MANY = 100_000


def of_one_deed(source_id: int) -> tuple[float, int]:
    """Milliseconds and statements of a deed that changes one sealed row: the middle of twenty."""
    took, most = [], 0
    for at in range(20):

        def deed(at: int = at) -> None:
            db.session.get_one(LedgerSource, source_id).citation = f"Page {at}"
            note("ledger_source_loaded", about=f"ledger_source:{source_id}", by=OPERATOR_ACTOR, at=NOW)

        with written() as found:
            run(deed)
        took.append(found.longest * 1000)
        most = max(most, found.most_statements)
    return sorted(took)[10], most


def test_a_deed_costs_the_same_however_long_the_trail(
    app: Flask, context: None, cast: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    with writes_now():
        source_id = keep(cast.ashby_council, "service,amount,stream\n09,100.00,revenue\n").id
    few, statements = of_one_deed(source_id)
    base = {"at": NOW, "by": "operator", "capacity": "none", "event": "x", "within": "", "before": "", "after": "", "fields": {}}
    with writes_now():
        rows = [{**base, "number": -at, "about": f"x:{at}", "previous": "", "digest": f"{at}"} for at in range(1, MANY)]
        db.session.execute(insert(AuditEntry), rows)
        db.session.execute(
            insert(AuditSeal), [{"entry": -at, "about": f"x:{at}", "salt": "", "digest": ""} for at in range(1, MANY)]
        )
    many, as_many = of_one_deed(source_id)
    with capsys.disabled():
        print(f"\none deed: {few:.1f} ms in {statements} statements; with {MANY:,} rows of the trail {many:.1f} ms in {as_many}")
    assert as_many == statements
    assert many < few * 2 + 2


@pytest.mark.parametrize("rows", [2_000, 20_000])
def test_the_check_reads_each_row_once(
    app: Flask, context: None, cast: SimpleNamespace, capsys: pytest.CaptureFixture[str], rows: int
) -> None:
    table = "service,amount,stream\n" + "".join(f"09,{at}.00,revenue\n" for at in range(rows))
    with writes_now():
        keep(cast.ashby_council, table)
    begun = time.thread_time()
    found = verifying.verify()
    took = time.thread_time() - begun
    with capsys.disabled():
        print(f"\n{rows:,} figures and {found.number} rows of the trail looked at: {took:.2f} s of processor")
    assert took < 0.5 + rows / 10_000
