"""The count of a place: loaded by command, netted, apportioned, carried along the lineage of codes, and who sees it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from scrutiny.agencies.models import Agency, AgencyCode, Footprint
from scrutiny.areas.models import AreaLineage
from scrutiny.audit.models import AuditEntry
from scrutiny.extensions import db
from scrutiny.ledger.models import LedgerCell, LedgerSource
from scrutiny.stored_files.stored import unused

COUNTY = "E10900001"

COUNCIL = """service,amount,transfer_to,transfer_from,control
adult-social-care,"£1,000.00",,,direct
education,500.50,,,influence
public-health,200.00,Loamshire Police,,direct
Mystery heading,33.33,,,
"""
POLICE = """service,amount,transfer_to,transfer_from,control
03.1,900.00,,,direct
03.1,200.00,,Loamshire County Council,
"""


@pytest.fixture
def command(app: Flask, tmp_path: Path) -> Callable[..., Any]:
    """Run a command, given files by their text; its result."""

    def run(*arguments: str, **files: str) -> Any:
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        given = [str(tmp_path / argument) if argument.endswith(".csv") else argument for argument in arguments]
        return app.test_cli_runner().invoke(args=list(given))

    return run


@pytest.fixture
def coded(cast: SimpleNamespace, app: Flask) -> None:
    """The cast, with codes to be loaded by."""
    with app.app_context():
        for name, code in (("Loamshire County Council", "LCC"), ("Loamshire Police", "POL"), ("Ashby District Council", "ASH")):
            agency = db.session.scalars(select(Agency).where(Agency.name == name)).one()
            db.session.add(AgencyCode(agency_id=agency.id, scheme="gb-lae", code=code))
        db.session.commit()


def _load(command: Callable[..., Any], code: str, text: str, *more: str, year: int = 2024) -> dict[str, Any]:
    result = command("ledger", "figures", f"{code}.csv", "--body", code, "--year", str(year), "--json", *more, **{code: text})
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)  # type: ignore[no-any-return]


def _count(command: Callable[..., Any], place: str = COUNTY, year: int = 2024) -> dict[str, Any]:
    result = command("ledger", "count", place, "--year", str(year), "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)  # type: ignore[no-any-return]


@pytest.fixture
def loaded(coded: None, command: Callable[..., Any]) -> SimpleNamespace:
    """A council and the police of 2024, with a grant both record."""
    return SimpleNamespace(council=_load(command, "LCC", COUNCIL), police=_load(command, "POL", POLICE))


def test_the_net_total_is_the_sum_of_the_sources_less_the_matched_transfers(
    loaded: SimpleNamespace, command: Callable[..., Any]
) -> None:
    found = _count(command)
    assert loaded.council["pence"] == 173_383
    assert loaded.police["pence"] == 110_000
    received = 20_000
    assert found["pence"] == loaded.council["pence"] + loaded.police["pence"] - received
    assert (found["matched"], found["netted"]) == (20_000, found["pence"] - 20_000)
    assert found["pence"] == sum(cell["pence"] for cell in found["cells"])
    assert found["netted"] == sum(row["pence"] for row in found["services"])
    assert [one["standing"] for one in found["transfers"]] == ["agree"]


def test_what_nobody_has_placed_is_kept_and_named(loaded: SimpleNamespace, command: Callable[..., Any]) -> None:
    found = _count(command)
    assert [row for row in found["services"] if not row["service"]] == [{"service": "", "title": "", "pence": 3_333}]
    (cell,) = [cell for cell in found["cells"] if not cell["service"]]
    assert (cell["words"], cell["row"]) == ("Mystery heading", 5)


def test_every_figure_leads_to_its_source_and_row(loaded: SimpleNamespace, command: Callable[..., Any], app: Flask) -> None:
    cells = _count(command)["cells"]
    assert {(cell["source"], cell["row"]) for cell in cells} >= {(loaded.council["source"], 2), (loaded.police["source"], 2)}
    with app.app_context():
        source = db.session.get_one(LedgerSource, loaded.council["source"])
        held = db.session.scalars(select(LedgerCell.pence).where(LedgerCell.source_id == source.id)).all()
        assert source.pence == sum(held)
        assert source.sha256
        assert source.sha256 not in unused()
        noted = db.session.scalars(
            select(AuditEntry).where(AuditEntry.event == "ledger_source_loaded").order_by(AuditEntry.number)
        ).all()
        assert [entry.about for entry in noted] == [f"ledger_source:{one}" for one in (source.id, loaded.police["source"])]


def test_a_body_of_the_whole_county_is_apportioned_to_a_district_by_people(
    loaded: SimpleNamespace, command: Callable[..., Any]
) -> None:
    """The parts of the three districts add up to the whole, to the penny, and say how they came about."""
    parts = [_count(command, code) for code in ("E07900001", "E07900002", "E07900003")]
    whole = _count(command)
    for at, cell in enumerate(whole["cells"]):
        assert abs(sum(part["cells"][at]["pence"] for part in parts) - cell["pence"]) <= 2
    cell = parts[0]["cells"][0]
    assert cell["basis"] == "people"
    assert 0 < cell["share"] < 1


def test_only_one_side_and_differences_are_named(coded: None, command: Callable[..., Any]) -> None:
    _load(command, "LCC", "service,amount,transfer_to\nother,100,Loamshire Police\nother,50,Ashby District Council\n")
    _load(command, "POL", "service,amount,transfer_from\n03.1,300,\n03.1,80,Loamshire County Council\n")
    result = command("ledger", "count", COUNTY, "--year", "2024")
    assert "records £100.00 paid to Loamshire Police, which records £80.00 received. £80.00 is taken off" in result.stderr
    assert "records £50.00 paid to Ashby District Council, of which nothing is counted for this year" in result.stderr
    assert "Spent, each pound once: £370.00" in result.stdout


def test_old_councils_are_carried_to_their_successors(cast: SimpleNamespace, command: Callable[..., Any], app: Flask) -> None:
    """Spending of a council that ended is part of the count of the council its area became."""
    with app.app_context():
        old = Agency(name="Old Ashby Council", kind="district", to_on=date(2025, 3, 31))
        old.codes = [AgencyCode(scheme="gb-lae", code="OLD")]
        old.footprint = [Footprint(area_kind="district", area_code="E07800001", to_on=date(2025, 3, 31))]
        link = AreaLineage(
            load_id=1,
            old_code="E07800001",
            new_code="E07900001",
            old_name="Old Ashby",
            new_name="Ashby",
            on=date(2020, 4, 1),
            type="recode",
            share_of_people=1.0,
            share_of_area=1.0,
        )
        db.session.add_all([old, link])
        db.session.commit()
    _load(command, "OLD", "service,amount\nenvironmental,75\n")
    found = _count(command, "E07900001")
    assert [(row["name"], row["netted"]) for row in found["coverage"]["counted"]] == [("Old Ashby Council", 7_500)]


def test_the_same_file_and_a_year_given_twice_are_refused(loaded: SimpleNamespace, command: Callable[..., Any]) -> None:
    again = command("ledger", "figures", "LCC.csv", "--body", "LCC", "--year", "2024", LCC=COUNCIL)
    assert (again.exit_code, "This file is loaded already, as source 1" in again.stderr) == (1, True)
    other = command("ledger", "figures", "x.csv", "--body", "LCC", "--year", "2024", x=COUNCIL.replace("33.33", "33.34"))
    assert other.exit_code == 1
    assert "If this is a correction, say that it replaces that source" in other.stderr
    assert _count(command)["pence"] == 263_383


def test_a_correction_replaces_what_it_corrects_and_doubles_nothing(
    loaded: SimpleNamespace, command: Callable[..., Any], app: Flask
) -> None:
    assert command("ledger", "publish", "1").exit_code == 0
    corrected = COUNCIL.replace("33.33", "44.44")
    fixed = _load(command, "LCC", corrected, "--replaces", str(loaded.council["source"]))
    assert _count(command)["pence"] == 264_494  # seen before it is published, in place of what it corrects
    result = command("ledger", "publish", str(fixed["source"]))
    assert "It replaces source 1" in result.stdout
    assert _count(command)["pence"] == 264_494
    with app.app_context():
        assert db.session.get_one(LedgerSource, loaded.council["source"]).state == "replaced"


def test_what_is_withdrawn_leaves_the_count_and_its_reason_stays(
    loaded: SimpleNamespace, command: Callable[..., Any], app: Flask
) -> None:
    result = command("ledger", "withdraw", "2", "--why", "The police found a mistake in it")
    assert result.exit_code == 0
    found = _count(command)
    assert found["matched"] == 0
    assert [one["standing"] for one in found["transfers"]] == ["payer-only"]
    with app.app_context():
        assert db.session.get_one(LedgerSource, 2).withdrawn_why == "The police found a mistake in it"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("service,amount\nother,12.345\n", "is finer than can be apportioned"),
        ("service,amount\nother,many\n", "line 2: “many” is not a number"),
        ("service,amount\n", "has no figures"),
        ("service,cost\nother,1\n", "name the columns service, amount"),
        ("service,amount,transfer_to\nother,1,Nobody Council\n", "line 2: “Nobody Council” is not one body known here"),
        ("service,amount,basis\nother,1,guess\n", "line 2: “guess” is no basis known here"),
        ("service,amount\nother,1\nTotal,2\n", "says its total is £2.00, but its rows add up to £1.00"),
        ("service,amount,base_year\nother,1,last\n", "write base_year in four figures"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_and_nothing_is_stored(
    coded: None, command: Callable[..., Any], app: Flask, text: str, said: str
) -> None:
    result = command("ledger", "figures", "x.csv", "--body", "LCC", "--year", "2024", x=text)
    assert result.exit_code == 1
    assert said in result.stderr
    with app.app_context():
        assert db.session.scalars(select(LedgerSource)).all() == []


def test_a_body_that_did_not_exist_then_and_a_place_nothing_is_counted_of(
    coded: None, command: Callable[..., Any], app: Flask
) -> None:
    with app.app_context():
        db.session.scalars(select(Agency).where(Agency.name == "Loamshire Police")).one().from_on = date(2026, 4, 1)
        db.session.commit()
    early = command("ledger", "figures", "x.csv", "--body", "POL", "--year", "2024", x=POLICE)
    assert "Loamshire Police did not exist in 2024 to 2025" in early.stderr
    nothing = command("ledger", "count", COUNTY, "--year", "2024")
    assert (nothing.exit_code, "Nothing is counted for Loamshire yet" in nothing.stderr) == (1, True)


def test_a_row_without_an_amount_is_named_and_the_total_of_the_file_is_no_figure(
    coded: None, command: Callable[..., Any], app: Flask
) -> None:
    _load(command, "LCC", "service,amount\neducation,10\nhousing,\nTotal,10\n")
    with app.app_context():
        (source,) = db.session.scalars(select(LedgerSource)).all()
        assert [(row.row, row.reason) for row in source.skipped] == [(3, "empty"), (4, "total")]
        assert (source.rows_read, source.rows_loaded, source.rows_skipped) == (3, 1, 2)
        assert source.stated_pence == source.pence == 1_000
