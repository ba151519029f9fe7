"""Registers of agencies: loaded from CSV whole or not at all, and made from the areas of a kind."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import func, select

from scrutiny.agencies import queries
from scrutiny.agencies.models import Agency
from scrutiny.agencies.register import Loaded, agencies_from_areas, called_after, load_agencies
from scrutiny.agencies.service import facts
from scrutiny.audit.service import GATHERED
from scrutiny.extensions import db
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = date(2026, 3, 2)
HEADER = "name,kind,code,scheme,area_codes,from,to,services,email\n"
pytestmark = pytest.mark.usefixtures("context")


def load(*lines: str, header: str = HEADER) -> Loaded:
    return load_agencies((header + "\n".join(lines)).encode(), "agencies.csv", by=OPERATOR_ACTOR, at=NOW)


def refusal(*lines: str, header: str = HEADER) -> str:
    before = db.session.scalar(select(func.count(Agency.id)))
    with pytest.raises(Refused) as refused:
        load(*lines, header=header)
    assert db.session.scalar(select(func.count(Agency.id))) == before
    return refused.value.sentence


def test_a_register_gives_agencies_with_codes_footprints_and_exceptions(cast: SimpleNamespace) -> None:
    done = load("Loamshire Ambulance,ambulance,RX9,ods,E07900001;E07900002,2021-04-01,,community-health;-ambulance,a@b.org")
    assert done.as_json() == {"loaded": 1, "added": ["Loamshire Ambulance"], "changed": [], "unchanged": 0, "warnings": []}
    found = queries.agency_by_code("RX9", "ods")
    assert found
    assert [(row.area_kind, row.area_code, row.from_on) for row in found.footprint] == [
        ("district", "E07900001", date(2021, 4, 1)),
        ("district", "E07900002", date(2021, 4, 1)),
    ]
    assert [service.key for service in queries.services_of(found, DAY)] == ["community-health"]
    assert found.nation == "england"
    assert [one.name for one in queries.answering([cast.ashby], DAY, "community-health")] == [
        "West Loamshire Integrated Care Board",
        "Loamshire Ambulance",
    ]


def test_loading_again_changes_only_what_the_file_says_differently(cast: SimpleNamespace) -> None:
    line = "Loamshire Police,police,E23900001,gss,E23900001,2020-04-01,,,police.office@example.org"
    assert load(line).unchanged == 1
    assert not [link for link in db.session.info.get(GATHERED, []) if link.event == "agency_changed"]
    assert load(line.replace("Loamshire Police", "Loamshire Constabulary")).changed == ["Loamshire Constabulary"]
    noted = db.session.info[GATHERED][-1]
    assert (noted.event, noted.about, noted.fields) == ("agency_changed", f"agency:{cast.police}", {"changed": ["name"]})
    assert db.session.get_one(Agency, cast.police).name == "Loamshire Constabulary"


def test_a_column_left_out_leaves_what_was_there(cast: SimpleNamespace) -> None:
    load("Loamshire Police,police,E23900001,E23900001", header="name,kind,code,area_codes\n")
    assert facts(db.session.get_one(Agency, cast.police))["email"] == "police.office@example.org"


def test_several_rows_of_one_code_are_its_periods() -> None:
    load(
        "Mid Trust,nhs-trust,RX1,ods,E07900001,2020-04-01,2023-03-31,,",
        "Mid and East Trust,nhs-trust,RX1,ods,E07900001;E07900003,2023-04-01,,,",
    )
    found = queries.agency_by_code("RX1")
    assert found
    assert (found.name, found.from_on, found.to_on) == ("Mid and East Trust", date(2020, 4, 1), None)
    assert [(row.area_code, row.to_on) for row in found.footprint] == [
        ("E07900001", date(2023, 3, 31)),
        ("E07900001", None),
        ("E07900003", None),
    ]


def test_an_area_not_loaded_yet_is_a_warning_and_one_that_cannot_be_is_refused() -> None:
    done = load("Far Police,police,E23000002,gss,E23000002,,,,")
    assert done.warnings == ["Line 2: the area E23000002 is not loaded yet; Far Police answers there once it is"]
    assert refusal("Far Fire,fire,F1,own,X99,,,,").startswith(
        "agencies.csv was not loaded. Line 2: there is no area with the code X99: load its boundary first"
    )
    assert load("Far Fire,fire,F1,own,fire:X99,,,,").added == ["Far Fire"]


def test_every_fault_names_its_line_and_its_remedy() -> None:
    assert "Line 3: there is no kind of agency called “constabulary”: use one of county, district" in refusal(
        "Good,police,P1,own,E23900001,,,,", "Bad,constabulary,P2,own,E23900001,,,,"
    )
    assert "Line 2: “1/4/24” under from is not a date: write it as 2024-04-01" in refusal("A,police,P1,own,E23900001,1/4/24,,,")
    assert "it ends on 2020-01-01 before it begins" in refusal("A,police,P1,own,E23900001,2021-01-01,2020-01-01,,")
    assert "there is no service called “magic”: use one of" in refusal("A,police,P1,own,E23900001,,,magic,")
    assert "“nobody” is not an email address" in refusal("A,police,P1,own,E23900001,,,,nobody")
    assert "the code P1 is also on line 2" in refusal("A,police,P1,own,E23900001,,,,", "A,police,P1,own,E23900001,,,,")
    assert "is the name of the agency in line 2 too" in refusal("A,police,P1,own,E23900001,,,,", "a,police,P2,own,E23900001,,,,")
    assert "needs a code and its scheme" in refusal("A,police,P1,,E23900001,,,,")
    assert "there is an agency called Loamshire Police already" in refusal("loamshire police,police,P1,own,E23900001,,,,")


def test_a_file_without_its_columns_or_rows_is_refused_in_words(app: Flask, tmp_path: Path) -> None:
    """A page leads to the pages that may help, and the command to the commands."""
    named = (
        "agencies.csv has no column kind or area_codes: its first row must name "
        "name,kind,code,scheme,area_codes,from,to,services,email. "
    )
    said = refusal(header="name;code\n")
    assert said.startswith(named)
    assert "“Load a published register”" in said
    assert "flask" not in said
    (file := tmp_path / "agencies.csv").write_text("name;code\n")
    told = app.test_cli_runner().invoke(args=["agencies", "load", str(file)]).stderr
    assert named in told
    assert "flask agencies map" in told
    assert "flask agencies from-areas" in told
    assert refusal() == "agencies.csv has a header but no rows: add one row for each agency"
    with pytest.raises(Refused, match=r"agencies\.csv: The file is empty"):
        load_agencies(b"", "agencies.csv", by=OPERATOR_ACTOR, at=NOW)


def test_many_faults_are_one_sentence_with_the_lines_of_the_rest() -> None:
    said = refusal(*[f"A{n},wrong,P{n},own,E23900001,,,," for n in range(9)])
    assert said.count("there is no kind") == 5
    assert said.endswith("; and faults in line 7, 8, 9, 10")


def test_agencies_are_made_from_areas_and_never_twice(cast: SimpleNamespace) -> None:
    done = agencies_from_areas("district", on=DAY, by=OPERATOR_ACTOR, at=NOW)
    assert (done.added, done.unchanged) == (["Corley Council"], 2)
    made = queries.agency_by_code("E07900003", "gss")
    assert made
    assert (made.kind, made.nation) == ("district", "england")
    assert [one.name for one in queries.answering([cast.corley], DAY, "housing")] == ["Corley Council"]
    assert agencies_from_areas("district", on=DAY, by=OPERATOR_ACTOR, at=NOW).unchanged == 3


def test_a_kind_nobody_answers_for_is_refused() -> None:
    with pytest.raises(Refused, match="No kind of agency answers for areas of the kind lsoa: choose one of district"):
        agencies_from_areas("lsoa", on=DAY, by=OPERATOR_ACTOR, at=NOW)
    with pytest.raises(Refused, match="No area of the kind combined_authority holds on 2026-03-02"):
        agencies_from_areas("combined_authority", on=DAY, by=OPERATOR_ACTOR, at=NOW)


@pytest.mark.parametrize(
    ("area", "kind", "name"),
    [
        ("Cumbria", "police", "Cumbria Police"),
        ("Metropolitan Police", "police", "Metropolitan Police"),
        ("London, City of", "police", "City of London Police"),
        ("Cumbria", "fire", "Cumbria Fire and Rescue"),
        ("London Fire and Emergency Planning Authority", "fire", "London Fire and Emergency Planning Authority"),
        ("NHS Black Country Integrated Care Board", "icb", "NHS Black Country Integrated Care Board"),
        ("Lancashire", "county", "Lancashire County Council"),
        ("Westmorland and Furness", "unitary", "Westmorland and Furness Council"),
        ("Kingston upon Hull, City of", "unitary", "City of Kingston upon Hull Council"),
    ],
)
def test_an_agency_is_called_after_its_area(area: str, kind: str, name: str) -> None:
    assert called_after(area, kind) == name
