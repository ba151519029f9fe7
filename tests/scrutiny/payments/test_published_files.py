"""Each real and messy file of SHARED_DATA by `flask ledger load`, with the columns it proposes, then by its saved profile."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from scrutiny.agencies.models import Agency, AgencyCode
from scrutiny.extensions import db
from scrutiny.ledger.models import LedgerCell, LedgerSource
from scrutiny.spend_files.words import pounds
from tests.scrutiny.spend_files.own_sums import own_sum

SHARED = Path(os.environ.get("SHARED_DATA", "../shared/data"))
REAL, MESSY = SHARED / "real" / "spend", SHARED / "messy"
#: Whose the files are, by the beginning of their names.
BODIES = {
    "cabinetoffice": "Cabinet Office",
    "calderdale": "Calderdale Metropolitan Borough Council",
    "darlington": "Darlington Borough Council",
    "gateshead": "Gateshead Council",
    "leeds": "Leeds City Council",
    "london": "Greater London Authority",
    "manchester": "Manchester City Council",
    "newcastle": "Newcastle City Council",
    "northtyneside": "North Tyneside Council",
    "oxford": "Oxford City Council",
    "salford": "Salford City Council",
    "tfl": "Transport for London",
    "wakefield": "Wakefield Metropolitan District Council",
    "bradford": "City of Bradford Metropolitan District Council",
}
#: Files that name the bodies of a group, so that most rows have another name than the group's.
SEVERAL = ("cabinetoffice", "london", "tfl")
pytestmark = [
    pytest.mark.data,
    pytest.mark.slow,
    pytest.mark.skipif(not REAL.is_dir(), reason=f"there is no {REAL}: set SHARED_DATA to the folder of real and messy files"),
]


@pytest.fixture
def load(app: Flask) -> Callable[..., tuple[int, Any, str]]:
    """Load a file for a body by the code it has here: the status, the JSON and what is said besides."""
    with app.app_context():
        for code, name in BODIES.items():
            agency = Agency(name=name, kind="unitary")
            db.session.add(agency)
            agency.codes.append(AgencyCode(scheme="test", code=code))
        db.session.commit()

    def run(path: Path, body: str, *words: str) -> tuple[int, Any, str]:
        done = app.test_cli_runner().invoke(args=["ledger", "load", str(path), "--body", body, "--json", *words])
        return done.exit_code, json.loads(done.stdout) if done.exit_code == 0 else None, done.stderr

    return run


def test_each_real_file_is_kept_to_the_penny_and_read_again_by_its_profile(app: Flask, load: Callable[..., Any]) -> None:
    """One line each; the cells of its source add up to the same; loaded again by its profile, nothing doubles."""
    told, wrong = [], []
    for path in sorted(REAL.glob("*.csv*")):
        body = path.name.split("_")[0]
        status, said, err = load(path, body)
        assert status == 0, f"{path.name}: {err}"
        rows, pence = own_sum(path)
        with app.app_context():
            source = db.session.scalars(select(LedgerSource).order_by(LedgerSource.id.desc())).first()
            assert source is not None
            kept = db.session.scalar(select(func.sum(LedgerCell.pence)).where(LedgerCell.source_id == source.id))
        is_equal = (said["loaded"], said["pence"], kept) == (rows, pence, pence)
        status, again, err = load(path, body, "--profile", said["profile"])
        is_once = status == 0 and again["pence"] == said["pence"] and "loaded already" in again["warnings"][-1]
        is_doubted = any("but the body chosen" in one for one in said["warnings"])
        assert not is_doubted or body in SEVERAL, path.name
        wrong += [] if is_equal and is_once else [path.name]
        total = pounds(said["pence"])
        told.append(
            f"{path.name:32} {said['rows']:7,} {said['loaded']:7,} {len(said['skipped']):4} {total:>18} {is_equal} {is_once}"
        )
    print("file, rows, loaded, skipped, pounds, equal to its own sum, once", *told, sep="\n")
    assert wrong == []
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LedgerSource)) == len(told)


def test_messy_files_by_the_command(load: Callable[..., Any]) -> None:
    """What the command says of those that only it can: another council, lost dates, no header."""
    status, said, _ = load(next(MESSY.glob("m50_*")), "bradford")
    assert (status, said["loaded"]) == (0, 14)
    assert any("Leeds City Council" in one and "Bradford" in one for one in said["warnings"])
    status, said, _ = load(next(MESSY.glob("m32_*")), "oxford")
    assert (status, said["loaded"], said["pence"]) == (0, 24, 3_901_197)
    assert any("24 rows have no usable date" in one for one in said["warnings"])
    no_header = next(MESSY.glob("m40_*"))
    status, _, err = load(no_header, "leeds")
    assert (status, "No header row was recognised" in err) == (1, True)
    columns = '{"body": 1, "date": 2, "transaction": 3, "amount": 4, "supplier": 5}'
    status, said, err = load(no_header, "leeds", "--map", columns)
    assert (status, said["loaded"], said["pence"]) == (0, 2, 314_880), err
