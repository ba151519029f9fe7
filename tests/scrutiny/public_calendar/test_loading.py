"""Polls, holidays, blackouts and agreed loads: loaded whole from either kind of file, or refused with every line at fault."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from scrutiny.extensions import db
from scrutiny.public_calendar.queries import entries
from workflows.calendar_entries import Checks, check_calendar

SignIn = Callable[..., FlaskClient]
ADDRESS = "/administration/calendar"
HEADER = "kind,title,from,to,area,nation,agency,body,agency_kind,questions,visit_days,source\n"
GOOD = (
    HEADER
    + "poll,County election,,2027-05-06,E10000006,,,,,,,Made up\n"
    + "school-holiday,Easter,2027-03-29,2027-04-09,E10000006,,,,,,,\n"
    + "agreed-load,Agreed with the NHS,2027-01-01,2027-12-31,,,,,nhs-trust,40,6,\n"
)
BAD = (
    HEADER
    + "poll,Nowhere,,2027-05-06,,,,,,,,\n"
    + "poll,No day,,2027-02-30,E10000006,,,,,,,\n"
    + "blackout,Back to front,2027-05-06,2027-05-01,,,,,,,,\n"
    + "carnival,What,2027-05-06,2027-05-07,,,,,,,,\n"
    + "agreed-load,For nobody,2027-01-01,2027-12-31,,,,,,forty,,\n"
)


def _sent(client: FlaskClient, text: str, name: str = "days.csv") -> str:
    return client.post(ADDRESS, data={"file": (io.BytesIO(text.encode()), name)}, follow_redirects=True).text


def test_a_file_counts_from_its_loading_until_it_is_withdrawn(app: Flask, signed_in: SignIn) -> None:
    ada = signed_in("administrator")
    assert "3 entries loaded" in _sent(ada, GOOD)
    assert "is loaded already, and counts" in _sent(ada, GOOD)
    with app.app_context():
        poll, *_ = [one for one in entries(date(2027, 4, 1), date(2027, 5, 31)) if one.area_code == "E10000006"][::-1]
        assert (poll.starts_on, poll.ends_on) == (date(2027, 3, 31), date(2027, 5, 6))  # 25 working days, Easter between
        load_id = db.session.scalar(db.text("select max(id) from calendar_load"))
    done = ada.post(f"{ADDRESS}/{load_id}/withdraw", follow_redirects=True).text
    assert "None of its entries counts any more" in done
    with app.app_context():
        assert "E10000006" not in {one.area_code for one in entries(date(2027, 1, 1), date(2027, 12, 31))}
    assert "3 entries loaded" in _sent(ada, GOOD)


def test_every_line_at_fault_is_named_and_nothing_is_loaded(app: Flask, signed_in: SignIn) -> None:
    said = _sent(signed_in("administrator"), BAD)
    for words in ("line 2", "line 3", "line 4", "line 5", "line 6", "before it begins", "which is no date", "held somewhere"):
        assert words in said, words
    with app.app_context():
        assert db.session.scalar(db.text("select count(*) from calendar_load")) == 0


def test_only_an_administrator_may_load(signed_in: SignIn, client: FlaskClient) -> None:
    assert signed_in("officer").get(ADDRESS).status_code == 404
    assert client.get(ADDRESS).status_code == 302


def test_the_command_says_the_same(app: Flask, tmp_path: Path) -> None:
    run, file = app.test_cli_runner().invoke, tmp_path / "days.csv"
    file.write_text(GOOD, encoding="utf-8")
    assert json.loads(run(args=["agenda", "load-calendar", str(file), "--json"]).stdout)["loaded"] == 3
    file.write_text(BAD, encoding="utf-8")
    refused = run(args=["agenda", "load-calendar", str(file)])
    assert refused.exit_code == 1
    assert "days.csv, line 4, entries.3.to: it ends on 2027-05-01, before it begins on 2027-05-06" in refused.stderr
    file.write_text(HEADER + "blackout,For whom,2027-05-01,2027-05-06,,,Nobody Ltd,,,,,\n", encoding="utf-8")
    assert "Nobody Ltd" in run(args=["agenda", "load-calendar", str(file)]).stderr


def test_a_toml_text_names_the_key_at_fault() -> None:
    text = '[[entries]]\nkind = "pol"\ntitle = "X"\nfrom = 2027-01-01\nto = 2027-01-02\ncolour = "red"\n'
    faults = [fault.sentence for fault in check_calendar(text, "x.toml", Checks(lambda day, nation: day))]
    assert any("write poll" in one for one in faults)
    assert any("colour is not a key known here" in one for one in faults)
