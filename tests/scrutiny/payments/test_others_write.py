"""While a file of payments is read nobody waits to write, and its loading is one short transaction however many rows it has."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from scrutiny.agencies.models import Agency, AgencyCode
from scrutiny.extensions import db, writing
from scrutiny.ledger.models import LedgerCell, LedgerSkipped, LedgerSource, ServiceMapping
from scrutiny.payments import commands
from scrutiny.payments.lanes import COMMAND, PAGE
from scrutiny.transaction import run
from scrutiny.work.claims import Progress
from tests.conftest import NOW
from tests.scrutiny.payments.test_pages import chosen, send
from tests.written_at_once import written

SignedIn = Callable[..., FlaskClient]
HEADER = "Supplier,Date,Amount,Service Area\n"


def file_of(rows: int) -> bytes:
    """So many payments, each for a service of its own, and as many rows that are none."""
    paid = "".join(f"Acme {at} Ltd,13/04/2024,{at}.25,Service {at}\n" for at in range(1, rows + 1))
    return (HEADER + paid + "Bob Ltd,31/04/2024,1.00,Parks\n" * rows).encode()


def as_chosen(button: str) -> dict[str, str]:
    """The form of its columns."""
    return chosen(header_row="1", supplier="1", date="2", amount="3", service="4", **{button: "1"})


def one_writes() -> None:
    """Somebody else writes a row."""
    db.session.add(Progress(kind="other", title="", doing="", task={}, state="done", started_by="somebody", started_at=NOW))


@pytest.mark.parametrize("button", ["show", "load"])
def test_somebody_else_writes_while_a_large_file_is_read(
    app: Flask, cast: SimpleNamespace, signed_in: SignedIn, button: str
) -> None:
    """A file of 60,000 rows kept everybody from signing in for half a minute."""
    client = signed_in("officer")
    page = send(client, cast.ashby_council, file_of(4_000))
    done = threading.Thread(target=lambda: client.post(page, data=as_chosen(button)))
    done.start()
    while PAGE._free._value and done.is_alive():
        time.sleep(0.01)
    assert done.is_alive(), "nothing was read in a child"
    with app.app_context():
        run(one_writes)
        assert done.is_alive(), "the other writer waited for the file"
    done.join()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LedgerCell)) == (4_000 if button == "load" else 0)


def test_a_load_is_one_short_transaction_of_as_many_statements(
    app: Flask, cast: SimpleNamespace, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no child works while one is open; what is read before it is whole in it."""
    client, seen, real = signed_in("officer"), [], PAGE.run

    def looked_at(*args: Any, **values: Any) -> Any:
        seen.append((writing.get(), db.session().in_transaction()))
        return real(*args, **values)

    monkeypatch.setattr(PAGE, "run", looked_at)
    most = []
    for rows in (3, 400):
        page = send(client, cast.ashby_council, file_of(rows), f"{rows}.csv")
        with app.app_context(), written() as counted:
            assert client.post(page, data=as_chosen("show")).status_code == 200
            assert client.post(page, data=as_chosen("load")).status_code == 302
        most.append(counted.most_statements)
    assert 5 < most[1] <= most[0]
    assert seen == [(False, False)] * 4
    with app.app_context():
        source = db.session.scalars(select(LedgerSource).order_by(LedgerSource.id.desc())).first()
        assert source is not None
        assert (source.rows_loaded, source.rows_skipped, source.pence) == (400, 400, 8_030_000)
        sums = select(func.count(), func.sum(LedgerCell.pence)).where(LedgerCell.source_id == source.id)
        assert tuple(db.session.execute(sums).one()) == (400, 8_030_000)
        assert len(source.skipped) == 400
        assert db.session.scalar(select(func.count()).select_from(LedgerSkipped)) == 403


def test_the_command_reads_outside_and_looks_again_at_what_words_mean(
    app: Flask, cast: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words that are placed by somebody while the file is read are placed so."""
    with app.app_context():
        agency = db.session.scalars(select(Agency).where(Agency.name == "Ashby District Council")).one()
        db.session.add(AgencyCode(agency_id=agency.id, scheme="gss", code="E07900101"))
        db.session.commit()
        agency_id = agency.id
    read, ready, path = COMMAND.run, commands.prepare, tmp_path / "april.csv"
    path.write_bytes(file_of(3))

    def looked_at(*args: Any, **values: Any) -> Any:
        assert (writing.get(), db.session().in_transaction()) == (False, False)
        return read(*args, **values)

    def mapped_meanwhile(*args: Any, **values: Any) -> Any:
        made = ready(*args, **values)
        said = {"agency_id": agency_id, "field": "cost_centre", "words": "service 2", "service": "09"}
        run(lambda: db.session.add(ServiceMapping(**said, decided_by="somebody", decided_at=NOW)))
        return made

    monkeypatch.setattr(COMMAND, "run", looked_at)
    monkeypatch.setattr(commands, "prepare", mapped_meanwhile)
    done = app.test_cli_runner().invoke(args=["ledger", "load", str(path), "--body", "E07900101"])
    assert done.exit_code == 0, done.stderr
    with app.app_context():
        rows = db.session.execute(select(LedgerCell.words, LedgerCell.service).order_by(LedgerCell.row)).all()
        assert list(map(tuple, rows)) == [("Service 1", ""), ("Service 2", "09"), ("Service 3", "")]
