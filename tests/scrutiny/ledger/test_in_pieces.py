"""A source of many rows is entered in pieces: nothing is seen before the last, nothing is left of what was broken off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from scrutiny.agencies.models import Agency, AgencyCode
from scrutiny.audit.service import seal_the_rest
from scrutiny.extensions import db, writing
from scrutiny.ledger import entered, in_pieces, service
from scrutiny.ledger.models import LedgerCell, LedgerSkipped, LedgerSource
from scrutiny.transaction import run
from scrutiny.upkeep.jobs import sweep
from tests.conftest import NOW
from tests.scrutiny.ledger.sources import prepared
from tests.scrutiny.reviews.acting import acting
from tests.written_at_once import written
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

SignIn = Callable[..., FlaskClient]
ROWS = 55


@pytest.fixture(autouse=True)
def pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of ten rows, so that a few make many."""
    monkeypatch.setattr(entered, "PIECE", 10)
    monkeypatch.setattr(in_pieces, "PIECE", 10)
    monkeypatch.setattr(in_pieces, "BETWEEN_DEEDS", 0)


@pytest.fixture
def spender(app: Flask, cast: SimpleNamespace) -> int:
    """A body with a code; every row of the trail is sealed."""
    with app.app_context():
        run(lambda: seal_the_rest(by=OPERATOR_ACTOR, at=NOW))
        run(lambda: db.session.add(AgencyCode(agency_id=cast.ashby_council, scheme="gss", code="E07900101")))
    found: int = cast.ashby_council
    return found


def table(rows: int) -> str:
    """So many figures, and as many rows that are left out."""
    return "service,amount,stream\n" + "".join(f"09,{at}.00,revenue\nParks,,\n" for at in range(rows))


def kept(agency_id: int, rows: int) -> int:
    """A source of so many figures, as the command and the page keep one; its number."""
    source, made = prepared(agency_id, table(rows), body_id=acting("officer").body)
    db.session.rollback()

    def deed() -> tuple[LedgerSource, in_pieces.Entering | None]:
        return source, in_pieces.begun(source, made, by=acting("officer"), at=NOW)

    return in_pieces.kept_in_pieces(deed).id


def counted() -> tuple[int, int, int]:
    """How many sources, figures and rows left out there are."""
    found = [db.session.scalar(select(func.count()).select_from(one)) or 0 for one in (LedgerSource, LedgerCell, LedgerSkipped)]
    db.session.rollback()
    return found[0], found[1], found[2]


def test_the_command_enters_many_rows_a_few_at_a_time(app: Flask, spender: int, tmp_path: Path) -> None:
    """Rows are counted, not seconds: no transaction enters more than one piece, and each is a whole one."""
    file, most = tmp_path / "accounts.csv", []
    file.write_text(table(ROWS))

    def look(_: object, __: object, statement: str, values: object, *___: object) -> None:
        if statement.startswith(("INSERT INTO ledger_cell", "INSERT INTO ledger_skipped")) and writing.get():
            most.append(len(values) if isinstance(values, list | tuple) else 1)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", look)
        try:
            with written() as held:
                done = app.test_cli_runner().invoke(
                    args=["ledger", "figures", str(file), "--body", "E07900101", "--year", "2024"]
                )
        finally:
            event.remove(db.engine, "before_cursor_execute", look)
        assert done.exit_code == 0, done.output
        assert counted() == (1, ROWS, ROWS)
        assert len(held.held) >= 2 + 2 * 6
        if db.engine.dialect.name == "sqlite":
            assert most == [10, 10, 10, 10, 10, 5] * 2
        whole = app.test_cli_runner().invoke(args=["audit", "verify"])
        assert whole.exit_code == 0, whole.output


def test_nobody_sees_a_source_whose_rows_are_being_entered(
    app: Flask, spender: int, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not those who load it, nor a command; the check of the trail finds no fault in it; nobody publishes or withdraws it."""
    officer, runner, seen, real = signed_in("officer"), app.test_cli_runner(), [], in_pieces._enter

    def looked(entering: in_pieces.Entering, *piece: object) -> None:
        real(entering, *piece)  # type: ignore[arg-type]
        if seen:
            return
        page = officer.get(f"/count/sources/{entering.source_id}").status_code
        verified = runner.invoke(args=["audit", "verify"])
        refused = [
            runner.invoke(args=["ledger", *args]).exit_code
            for args in (("publish", str(entering.source_id)), ("withdraw", str(entering.source_id), "--why", "x"))
        ]
        told = runner.invoke(args=["ledger", "sources"]).output
        seen.append((page, verified.exit_code, refused, told))
        db.session.rollback()

    monkeypatch.setattr(in_pieces, "_enter", looked)
    with app.app_context():
        number = kept(spender, ROWS)
        assert seen == [(404, 0, [1, 1], "")]
    assert officer.get(f"/count/sources/{number}").status_code == 200
    assert f"{number}  pending" in runner.invoke(args=["ledger", "sources"]).output


@pytest.mark.parametrize("broken_at", [1, 7, 12])
def test_nothing_stays_of_what_a_fault_broke_off(
    app: Flask, spender: int, monkeypatch: pytest.MonkeyPatch, broken_at: int
) -> None:
    real, calls = in_pieces.enter_rows, []

    def fails(*args: object) -> None:
        calls.append(1)
        if len(calls) == broken_at:
            raise OSError("no space is left")
        real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(in_pieces, "enter_rows", fails)
    with app.app_context():
        with pytest.raises(OSError, match="no space"):
            kept(spender, ROWS)
        assert counted() == (0, 0, 0)
        kept(spender, ROWS)
        assert counted() == (1, ROWS, ROWS)


def test_what_a_process_left_that_died_is_swept_and_what_is_under_way_is_not(
    app: Flask, spender: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        with monkeypatch.context() as dying:
            dying.setattr(in_pieces, "_complete", lambda _: (_ for _ in ()).throw(OSError))
            dying.setattr(in_pieces, "_discard", lambda _: None)
            with pytest.raises(OSError):
                kept(spender, ROWS)
        assert counted() == (1, ROWS, ROWS)
        sweep(at=NOW + timedelta(minutes=50))
        assert counted() == (1, ROWS, ROWS)
        with written() as held:
            sweep(at=NOW + timedelta(minutes=70))
        assert counted() == (0, 0, 0)
        assert len(held.held) > 12  # its rows go in pieces too
        assert app.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0


def test_of_two_who_load_the_same_at_once_one_is_refused_and_leaves_nothing(
    app: Flask, spender: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was refused at the beginning is looked at again at the end."""
    real, between = in_pieces._complete, []

    def overtaken(entering: in_pieces.Entering) -> None:
        if not between:
            between.append(1)
            between.append(kept(spender, ROWS))
        real(entering)

    monkeypatch.setattr(in_pieces, "_complete", overtaken)
    with app.app_context():
        with pytest.raises(Refused, match="loaded already"):
            kept(spender, ROWS)
        assert counted() == (1, ROWS, ROWS)
        assert db.session.scalars(select(LedgerSource.id)).all() == [between[1]]


def test_a_source_whose_rows_went_meanwhile_is_not_completed(app: Flask, spender: int, monkeypatch: pytest.MonkeyPatch) -> None:
    real = in_pieces._complete

    def short(entering: in_pieces.Entering) -> None:
        db.session.execute(LedgerCell.__table__.delete().where(LedgerCell.pence == 100))  # type: ignore[attr-defined]
        real(entering)

    monkeypatch.setattr(in_pieces, "_complete", short)
    with app.app_context():
        with pytest.raises(Refused, match="Not all rows"):
            kept(spender, ROWS)
        assert counted() == (0, 0, 0)


def test_a_correction_of_many_rows_replaces_once_it_is_published(app: Flask, spender: int) -> None:
    with app.app_context():
        first = kept(spender, 4)
        source, made = prepared(spender, table(ROWS))
        db.session.rollback()

        def deed() -> tuple[LedgerSource, in_pieces.Entering | None]:
            rows = service.Rows(made.cells, made.skipped, made.content, db.session.get_one(LedgerSource, first))
            return source, in_pieces.begun(source, rows, by=OPERATOR_ACTOR, at=NOW)

        second = in_pieces.kept_in_pieces(deed).id
        assert db.session.get_one(LedgerSource, first).replaced_by_id == second
        with written() as held:
            run(lambda: service.publish(db.session.get_one(LedgerSource, second), by=OPERATOR_ACTOR, at=NOW))
        assert db.session.get_one(LedgerSource, first).state == "replaced"
        assert held.most_statements < 40
        assert db.session.get_one(Agency, spender)
