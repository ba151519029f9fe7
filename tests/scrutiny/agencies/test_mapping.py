"""A register as others publish it is loaded by page and command, and what cannot be loaded is counted and named."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrutiny.agencies import mapped_rows, register_mapping
from scrutiny.agencies.mapped_rows import Why
from scrutiny.agencies.queries import agencies_by_name, agency_by_code
from scrutiny.agencies.register_mapping import chosen, load_mapped, map_rows, propose, read_raw
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

SignIn = Callable[..., FlaskClient]
SEND = "/administration/agencies/registers"
PUBLISHED = (
    "local-authority-code,official-name,gss-code,end-date,request-email\n"
    "ASH,Ashby Borough Council,E07900701,,clerk@ashby.example\n"
    "BAR,Barrow End Council,E07900702,,not an address\n"
    "OLD,Old Ashby Council,E07900709,2019-03-31,\n"
    "TWN,ASHBY BOROUGH COUNCIL,E07900708,,\n"
    ",,,,\n"
    ",,E07900703,,\n"
)


def test_the_page_proposes_columns_and_loads(app: Flask, signed_in: SignIn) -> None:
    client = signed_in("administrator")
    sent = client.post(SEND, data={"file": (io.BytesIO(PUBLISHED.encode()), "councils.csv")})
    page = client.get(sent.location).text
    assert "Ashby Borough Council" in page
    assert "Rows to load: 2" in page
    for why in ("It has ended", "Its name is that of another row", "It has no name"):
        assert why in page
    columns = {"name": "official-name", "code": "gss-code", "area": "gss-code", "email": "request-email", "end": "end-date"}
    looked = client.post(sent.location, data={**columns, "kind": "", "show": "y"})
    assert "Rows to load: 2" in looked.text
    with app.app_context():
        assert agency_by_code("E07900702") is None or agencies_by_name("Barrow End Council") == []
    assert client.post(sent.location, data={**columns, "kind": "", "load": "y"}).status_code == 302
    with app.app_context():
        assert [one.kind for one in agencies_by_name("Barrow End Council")] == ["district"]
        assert agencies_by_name("Ashby Borough Council")[0].email == "clerk@ashby.example"


def test_nothing_is_left_out_in_silence(app: Flask, signed_in: SignIn, tmp_path: Path) -> None:
    """A name or code that is cut, an address nobody can write to and an area not loaded are counted, by page and command."""
    long_name, long_code = "Ashby Trust of " + "very " * 60 + "long", "X" * 81
    content = (
        "reference,official-name,gss-code,request-email\n"
        f"A1,{long_name},E07900711,\n{long_code},Barrow Trust,E07900712,clerk@barrow.example\nC1,Corley Trust,,not an address\n"
        "D1,Denby Trust,,\n"
    )
    client = signed_in("administrator")
    sent = client.post(SEND, data={"file": (io.BytesIO(content.encode()), "trusts.csv")})
    columns = {"name": "official-name", "code": "reference", "area": "gss-code", "email": "request-email", "end": ""}
    shown = client.post(sent.location, data={**columns, "kind": "ambulance", "show": "y"}).text
    assert "District council" in shown
    assert ">district<" not in shown
    said = (
        "Its name is cut after 300 characters",
        "Its code is cut after 80 characters",
        "Its email address is left out, because we cannot write to it",
    )
    assert all(words in shown for words in said)
    assert "Line 4, Corley Trust: its email address is left out" in shown
    file = tmp_path / "trusts.csv"
    file.write_text(content)
    how = ["--code", "reference", "--area", "gss-code", "--kind", "ambulance", "--json"]
    done = app.test_cli_runner().invoke(args=["agencies", "map", str(file), *how])
    assert json.loads(done.stdout)["added"] == [long_name[:300].rstrip(), "Corley Trust", "Denby Trust", "Barrow Trust"]
    assert json.loads(done.stdout)["warnings"] == [
        "Agencies without an area, which answer nowhere until they have one: 2",
        "Agencies whose area is not loaded yet, which answer there once it is: 2",
        "Rows loaded, but its name is cut after 300 characters: 1",
        "Rows loaded, but its code is cut after 80 characters: 1",
        "Rows loaded, but its email address is left out, because we cannot write to it: 1",
    ]
    assert "Line 4: Corley Trust: its email address is left out" in done.stderr


def test_an_open_quotation_mark_swallows_no_row_and_cells_left_over_are_counted(app: Flask, tmp_path: Path) -> None:
    """By every door that forgives headings and widths."""
    lost = 'code,name,gss-code\nQ1,"Ashby Trust,E07900711\nQ2,Barrow Trust,E07900712\nQ3,Corley Trust,E07900713\n'
    with pytest.raises(Refused, match="opens on line 2"):
        read_raw(lost.encode(), "t.csv")
    codepoint = 'CA11 0AB,10,350000,530000\nCA11 0AD,10,"350001,530001\nCA11 0AE,10,350002,530002\n'
    postcodes = tmp_path / "ca.csv"
    postcodes.write_text(codepoint)
    said = app.test_cli_runner().invoke(args=["areas", "postcodes", str(postcodes)])
    assert said.exit_code == 1
    assert "quotation mark opens on line 2" in said.output
    with app.app_context():
        raw = read_raw(b"code,name,gss-code\nQ1,Ashby, Trust,E07900711\nQ2,Barrow Trust,E07900712\n", "t.csv")
        mapped = map_rows(raw, chosen(propose(raw), kind="ambulance"), on=date(2026, 3, 2))
        assert [(line, why) for line, _, why in mapped.lessened] == [(2, Why.CELLS_LEFT_OUT)]


def test_counts_do_not_hang_on_words(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that hold the words of a remark, and remarks in other words, are counted as what they are."""
    file = tmp_path / "trusts.csv"
    file.write_text("code,name,gss-code\nQ1,The trust that has no areas and is not loaded yet,E07900713\nQ2,Denby Trust,\n")
    app.test_cli_runner().invoke(args=["agencies", "map", str(file), "--kind", "ambulance"])
    for module in (mapped_rows, register_mapping):
        monkeypatch.setattr(module, "gettext", lambda words, **values: words[::-1])
    with app.app_context(), writes_now():
        mapped = map_rows(
            raw := read_raw(file.read_bytes(), "t.csv"), chosen(propose(raw), kind="ambulance"), on=date(2026, 3, 2)
        )
        assert [why for _, _, why in mapped.skipped] == [Why.THERE, Why.THERE]
        assert load_mapped(mapped, "t.csv", by=OPERATOR_ACTOR, at=NOW).unchanged == 2


def test_only_who_sent_it_sees_it_and_a_bad_file_is_told(signed_in: SignIn) -> None:
    client = signed_in("administrator")
    bad = client.post(SEND, data={"file": (io.BytesIO(b'{"a": 1}'), "a.json")})
    assert "has no list of bodies" in bad.text
    sent = client.post(SEND, data={"file": (io.BytesIO(b"a,b\n1,2\n"), "a.csv")})
    assert "Column of names" in client.get(sent.location).text
    assert signed_in("officer").get(sent.location).status_code == 404
    assert signed_in("administrator").get(f"{SEND}/99999").status_code == 404


@pytest.mark.parametrize("form", ["csv", "json"])
def test_the_command_says_what_it_would_load(app: Flask, tmp_path: Path, form: str) -> None:
    file = tmp_path / f"councils.{form}"
    pairs = {"E07900701": "Ashby Borough Council", "E07900702": "Barrow End Council"}
    file.write_text(json.dumps(pairs) if form == "json" else PUBLISHED)
    runner = app.test_cli_runner()
    said = json.loads(runner.invoke(args=["agencies", "map", str(file), "--dry-run", "--json"]).stdout)
    assert said["rows"] == 2
    loaded = runner.invoke(args=["agencies", "map", str(file), "--json"])
    assert json.loads(loaded.stdout)["added"] == ["Ashby Borough Council", "Barrow End Council"]
    again = json.loads(runner.invoke(args=["agencies", "map", str(file), "--json"]).stdout)
    assert (again["added"], again["changed"], again["unchanged"]) == ([], [], 2)
    assert runner.invoke(args=["agencies", "map", str(file), "--name", "nothing"]).exit_code == 1


def test_columns_that_a_mapping_does_not_know_are_named_and_counted(app: Flask, signed_in: SignIn, tmp_path: Path) -> None:
    """By page and command, before and after loading; an empty one too, and the same columns chosen as code and area once."""
    content = (
        "official-name,gss-code,telephone,notes,empty\nAshby Trust,E07900711,01632 960001,Closed on Fridays,\n"
        "Barrow Trust,E07900712,01632 960002,,\n"
    )
    client = signed_in("administrator")
    sent = client.post(SEND, data={"file": (io.BytesIO(content.encode()), "trusts.csv")})
    page = client.get(sent.location).text
    assert "Columns that are not used" in page
    for column in ("telephone", "notes", "empty"):
        assert column in page
    file = tmp_path / "trusts.csv"
    file.write_text(content)
    run = app.test_cli_runner().invoke
    would = run(args=["agencies", "map", str(file), "--dry-run", "--json"])
    assert json.loads(would.stdout)["unused"] == {"telephone": 2, "notes": 1, "empty": 0}
    assert "Column not used: notes, filled in 1 row" in would.stderr
    done = json.loads(run(args=["agencies", "map", str(file), "--json"]).stdout)
    assert done["loaded"] == 2
    assert "Column not used: telephone, filled in rows: 2" in done["warnings"]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (["--code", "refrence"], "This file has no column called “refrence”: it has official-name, gss-code"),
        (["--email", "mail"], "no column called “mail”"),
        (["--kind", "magic"], "There is no kind of agency called magic"),
    ],
)
def test_a_column_or_kind_that_is_not_there_is_refused(app: Flask, tmp_path: Path, how: list[str], said: str) -> None:
    file = tmp_path / "trusts.csv"
    file.write_text("official-name,gss-code\nAshby Trust,E07900711\n")
    done = app.test_cli_runner().invoke(args=["agencies", "map", str(file), *how])
    assert (done.exit_code, said in done.stderr) == (1, True), done.stderr
    with app.app_context():
        assert agencies_by_name("Ashby Trust") == []
