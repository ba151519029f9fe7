"""`flask ledger load`: files of payments become pending sources; corrections replace, nothing is kept twice or half."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from scrutiny.agencies.models import Agency, AgencyCode
from scrutiny.extensions import db
from scrutiny.ledger.models import LedgerCell, LedgerSource
from scrutiny.payments.models import SpendProfile

HEADER = "Body Name,Date Paid,Transaction Number,Net,Gross,Supplier Name,Service Area\n"
APRIL = (
    f"{HEADER}Ashby District Council,01/04/2024,1,100.00,120.00,Acme Ltd,Parks\n"
    'Ashby District Council,13/04/2024,2,"1,000.50","1,200.60",Bob & Co Ltd,Parks\n'
    "Ashby District Council,14/04/2024,3,(20.00),(24.00),Acme Ltd,Housing\n"
    ',,Total,"1,080.50","1,296.60",,\n'
)


@pytest.fixture
def load(app: Flask, cast: SimpleNamespace, tmp_path: Path) -> Callable[..., tuple[int, Any, str]]:
    """Load a file by its text for Ashby District Council: the status, the JSON, and what is said besides."""
    with app.app_context():
        agency = db.session.scalars(select(Agency).where(Agency.name == "Ashby District Council")).one()
        db.session.add(AgencyCode(agency_id=agency.id, scheme="gss", code="E07900101"))
        db.session.commit()

    def run(text: str | bytes, *words: str, name: str = "april.csv", body: str = "E07900101") -> tuple[int, Any, str]:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        done = app.test_cli_runner().invoke(args=["ledger", "load", str(path), "--body", body, "--json", *words])
        return done.exit_code, json.loads(done.stdout) if done.exit_code == 0 else None, done.stderr

    return run


def test_a_file_becomes_a_pending_source_with_its_cells(app: Flask, load: Callable[..., Any]) -> None:
    """The sum to the penny, each cell led back to its first row, and every row left out told."""
    status, said, err = load(APRIL)
    assert status == 0, err
    assert (said["rows"], said["loaded"], said["pence"], said["profile"]) == (4, 3, 108_050, "ashby-district-council")
    assert [one["row"] for one in said["skipped"]] == [5]
    assert said["warnings"] == ["The file states a total of £1,080.50, and its amounts make the same."]
    with app.app_context():
        source = db.session.scalars(select(LedgerSource)).one()
        assert (source.state, source.year, source.phase, source.pence) == ("pending", 2024, "payments", 108_050)
        assert (source.rows_read, source.rows_loaded, source.rows_skipped, source.stated_pence) == (4, 3, 1, 108_050)
        cells = db.session.execute(select(LedgerCell.words, LedgerCell.pence, LedgerCell.row, LedgerCell.rows)).all()
        assert sorted(map(tuple, cells)) == [("Housing", -2_000, 4, 1), ("Parks", 110_050, 2, 2)]


def test_the_same_bytes_are_not_kept_twice_and_a_correction_replaces(app: Flask, load: Callable[..., Any]) -> None:
    """Said each time; the count holds the payments once."""
    load(APRIL)
    status, said, _ = load(APRIL, name="again.csv")
    assert (status, said["pence"]) == (0, 108_050)
    assert "This file is loaded already, as source 1. Nothing was kept again" in said["warnings"]
    status, said, _ = load(APRIL.replace("100.00,120.00", "110.00,132.00"))
    assert (status, said["pence"]) == (0, 109_050)
    assert "It corrects source 1, which was loaded before, and is not added to it" in said["warnings"]
    with app.app_context():
        standing = select(func.sum(LedgerSource.pence)).where(
            LedgerSource.state.in_(("pending", "published")), LedgerSource.replaced_by_id.is_(None)
        )
        assert db.session.scalar(standing) == 109_050


def test_how_a_file_was_read_is_used_for_the_next(app: Flask, load: Callable[..., Any]) -> None:
    """Chosen once by hand; the next month has the same header, in another order and spelling."""
    first = "Wer,Wann,Eins,Zwei\nAcme Ltd,13/04/2024,1234.56,12.30\nBob Ltd,14/04/2024,12.00,7.70\n"
    status, _, err = load(first)
    assert status == 1
    assert "Several columns could be the amount: Eins, Zwei" in err
    status, said, err = load(first, "--map", '{"amount": "Zwei", "date": "Wann", "supplier": "Wer"}')
    assert (status, said["pence"]) == (0, 2_000), err
    with app.app_context():
        assert db.session.scalars(select(SpendProfile.name)).all() == [said["profile"]]
    status, again, err = load(first.replace("12.30", "13.30").replace("04/2024", "05/2024"), name="may.csv")
    assert (status, again["pence"], again["profile"]) == (0, 2_100, said["profile"]), err
    status, named, _ = load(first.replace("12.30", "14.30"), "--profile", said["profile"], name="june.csv")
    assert (status, named["pence"]) == (0, 2_200)


def test_a_file_of_another_council_is_said(load: Callable[..., Any]) -> None:
    """By the names in its column of bodies; the chosen one's own name, shorter or by its initials, is none."""
    _, said, _ = load(APRIL.replace("Ashby District Council", "Barrow End District Council"))
    assert any(
        "says Barrow End District Council, but the body chosen is Ashby District Council" in one for one in said["warnings"]
    )
    for name in ("ASHBY DC", "ADC", "Ashby"):
        _, said, _ = load(APRIL.replace("Ashby District Council", name), name=f"{name}.csv")
        assert not any("but the body chosen" in one for one in said["warnings"])


def test_a_body_that_did_not_exist_then_and_none_at_all_are_refused(app: Flask, load: Callable[..., Any]) -> None:
    """And nothing is kept, no profile neither."""
    with app.app_context():
        agency = db.session.scalars(select(Agency).where(Agency.name == "Ashby District Council")).one()
        agency.legal_from = agency.from_on = date(2025, 4, 1)
        db.session.commit()
    status, _, err = load(APRIL)
    assert (status, "did not exist in 2024" in err) == (1, True)
    status, _, err = load(APRIL, body="nobody")
    assert (status, "No body here has the code “nobody”" in err) == (1, True)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LedgerSource)) == 0
        assert db.session.scalar(select(func.count()).select_from(SpendProfile)) == 0


def test_payments_without_a_year_wait_for_somebody_who_says_it(app: Flask, load: Callable[..., Any]) -> None:
    """Neither this year nor 1900; the year said later replaces, and the name of a file may say it too."""
    lost = "Supplier,Paid Date,Amount\nAcme Ltd,00:00:00,12.00\nBob Ltd,00:00:00,13.00\n"
    status, said, err = load(lost, name="payments.csv")
    assert (status, said["loaded"]) == (0, 2), err
    assert any("which year its payments are of" in one for one in said["warnings"])
    assert any(one.startswith("2 rows have no usable date") for one in said["warnings"])
    load(lost, "--year", "2023", name="payments.csv")
    load(lost.replace("13.00", "14.00"), name="apr-jun-2024.csv")
    with app.app_context():
        rows = select(LedgerSource.year).where(LedgerSource.replaced_by_id.is_(None)).order_by(LedgerSource.year)
        assert db.session.scalars(rows).all() == [2023, 2024]


def test_payments_of_two_years_are_counted_each_in_its_own(app: Flask, load: Callable[..., Any]) -> None:
    """And it is said."""
    _, said, _ = load("Supplier,Date,Amount\nAcme Ltd,31/03/2024,1.00\nAcme Ltd,01/04/2024,2.00\nAcme Ltd,13/04/2024,4.00\n")
    assert any("1 payment is of another financial year than 2024/25" in one for one in said["warnings"])
    with app.app_context():
        assert sorted(db.session.execute(select(LedgerCell.year, LedgerCell.pence)).all()) == [(2023, 100), (2024, 600)]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--map", "{"), "--map is not JSON"),
        (("--map", '{"amount": "Nett"}'), "There is no column “Nett”"),
        (("--map", '{"colour": "Wanted"}'), "is not something a column can hold"),
        (("--profile", "nobody's"), "There is no profile called"),
    ],
)
def test_a_wrong_option_is_told_in_a_sentence(load: Callable[..., Any], words: tuple[str, ...], says: str) -> None:
    """With what can be used."""
    status, _, err = load(APRIL, *words)
    assert (status, says in err) == (1, True), err
