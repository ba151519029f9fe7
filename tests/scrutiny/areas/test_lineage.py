"""What became of codes: files read or refused, shares worked out, and codes followed to a day."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from scrutiny.areas import queries
from scrutiny.areas.models import AreaLineage
from scrutiny.extensions import db
from scrutiny.formats import percent
from scrutiny.lineage import service as lineage
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.scrutiny.areas.layers import PEOPLE, SMALL, count, load, square
from tests.scrutiny.areas.test_commands import run
from workflows.refusals import Refused
from workflows.roles import OPERATOR_ACTOR

TODAY = date(2026, 3, 2)
HEADER = "old_code,new_code,date,type,share_people,share_area\n"

pytestmark = pytest.mark.usefixtures("context")


def load_lineage(folder: Path, text: str, name: str = "lineage.csv") -> lineage.LineageResult:
    file = folder / name
    file.write_text(text)
    worked = lineage.prepare_lineage(file)
    with writes_now():
        return lineage.load_lineage(worked, by=OPERATOR_ACTOR, at=NOW)


def test_shares_that_a_file_lacks_are_worked_out_from_small_areas(tmp_path: Path) -> None:
    load(tmp_path, "lsoa", date(2021, 3, 21), SMALL)
    count(tmp_path, PEOPLE)
    load(tmp_path, "district", date(2020, 4, 1), {"E07900101": square(0, 0, 40, 10)}, to_on=date(2024, 3, 31))
    load(tmp_path, "district", date(2024, 4, 1), {"E06900101": square(0, 0, 10, 10), "E06900102": square(10, 0, 40, 10)})
    rows = "E07900101,E06900101,2024-04-01,,,\nE07900101,E06900102,2024-04-01,,,\n"
    assert load_lineage(tmp_path, HEADER + rows).worked_out == 2
    found = queries.resolve("E07900101", TODAY)
    assert [part.code for part in found.became] == ["E06900102", "E06900101"]
    assert [part.share_of_people for part in found.became] == pytest.approx([0.9, 0.1])
    assert [part.share_of_area for part in found.became] == pytest.approx([0.75, 0.25])
    assert f"E06900102 Area E06900102 ({percent(0.9, 1)} of its people) and" in found.note
    with pytest.raises(Refused, match=r"to Sun 31 Mar 2024\. E07900101 Area E07900101 became E06900102 .* ask for that"):
        queries.area_on("E07900101", TODAY)
    assert queries.area_on("E07900101", date(2024, 3, 31)).code == "E07900101"


def test_shares_are_worked_out_when_the_boundaries_come_after_the_lineage(tmp_path: Path) -> None:
    text = HEADER + "E07900101,E06900101,2024-04-01,,,\nE07900101,E06900102,2024-04-01,,,\n"
    assert load_lineage(tmp_path, text).worked_out == 0
    load(tmp_path, "district", date(2020, 4, 1), {"E07900101": square(0, 0, 40, 10)}, to_on=date(2024, 3, 31))
    load(tmp_path, "district", date(2024, 4, 1), {"E06900101": square(0, 0, 10, 10), "E06900102": square(10, 0, 40, 10)})
    again = load_lineage(tmp_path, text)
    assert (again.loaded, again.known, again.worked_out) == (0, 2, 2)
    assert again.warnings[0].startswith("already loaded: lineage.csv holds the same bytes")
    assert [part.share_of_area for part in queries.resolve("E07900101", TODAY).became] == pytest.approx([0.75, 0.25])


def test_a_code_is_followed_through_every_change_to_the_day_asked(tmp_path: Path) -> None:
    rows = (
        "E07000190,E07000246,2019-04-01,merge,,\nE07000191,E07000246,2019-04-01,merge,,\n"
        "E07000246,E06000066,2023-04-01,merge,,\nE07000246,E06000067,2023-04-01,split,0.25,0.5\n"
    )
    text = HEADER + rows.replace("E06000066,2023-04-01,merge,,", "E06000066,2023-04-01,split,0.75,0.5")
    load_lineage(tmp_path, text)
    found = queries.resolve(" e07000190", date(2024, 1, 1))
    assert [(part.code, part.share_of_people, part.share_of_area) for part in found.became] == [
        ("E06000066", 0.75, 0.5),
        ("E06000067", 0.25, 0.5),
    ]
    assert [part.code for part in queries.resolve("E07000190", date(2020, 1, 1)).became] == ["E07000246"]
    assert queries.resolve("E07000190", date(2019, 3, 31)).standing == "holds"
    assert queries.resolve("E07000246", date(2019, 3, 31)).standing == "not yet"
    with pytest.raises(Refused, match=r"no boundary with the code E07000190: E07000190 became .* by way of E07000246"):
        queries.area_on("E07000190", TODAY)


def test_codes_of_two_years_are_a_lineage_of_1_april(tmp_path: Path) -> None:
    text = "ltla22_code,ltla22_name,ltla23_code,ltla23_name\n" + (
        "E07000026,Allerdale,E06000063,Cumberland\nE07000028,Carlisle,E06000063,Cumberland\nE06000001,Hartlepool,E06000001,Hartlepool\n"
    )
    assert load_lineage(tmp_path, text).loaded == 2
    found = queries.resolve("E07000026", TODAY)
    assert found.note == "E07000026 Allerdale became E06000063 Cumberland on Sat 1 Apr 2023"
    link = db.session.scalars(select(AreaLineage).order_by(AreaLineage.id)).first()
    assert link is not None
    assert (link.type, link.share_of_people, link.share_of_area) == ("merge", 1.0, 1.0)


def test_a_code_that_keeps_part_of_its_land_is_a_boundary_change(tmp_path: Path) -> None:
    text = "ltla22_code,ltla23_code\nE07000001,E07000001\nE07000001,E07000002\nE07000002,E07000002\n"
    load_lineage(tmp_path, text)
    rows = db.session.execute(select(AreaLineage.old_code, AreaLineage.new_code, AreaLineage.type).order_by(AreaLineage.id))
    assert [tuple(row) for row in rows] == [("E07000001", "E07000001", "boundary"), ("E07000001", "E07000002", "boundary")]
    assert {part.code for part in queries.resolve("E07000001", TODAY).became} == {"E07000001", "E07000002"}


def test_a_day_learned_later_takes_the_place_of_a_link_without_one(tmp_path: Path) -> None:
    text = "LADCD,LADNM,LADCD_ACTIVE,LADNM_ACTIVE\nE08000016,Barnsley,E08000038,Barnsley\nE08000038,Barnsley,E08000038,Barnsley\n"
    assert load_lineage(tmp_path, text, "active.csv").loaded == 1
    assert "on a day the file does not tell" in queries.resolve("E08000016", TODAY).note
    load_lineage(tmp_path, HEADER + "E08000016,E08000038,2025-04-01,recode,,\n")
    assert db.session.scalar(select(func.count()).select_from(AreaLineage)) == 1
    assert queries.resolve("E08000016", TODAY).note.endswith("on Tue 1 Apr 2025")
    assert queries.resolve("E08000016", date(2025, 3, 31)).standing == "holds"
    assert load_lineage(tmp_path, text.replace("\n", "\r\n"), "active.csv").loaded == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER + "E07000026,E06000063,2023-04-31,,,\n", r"l.csv, line 2: '2023-04-31' in column date is not a day: write"),
        (HEADER + "E07000026,E06000063,,,,\n", r"line 2: column date is empty"),
        (HEADER + "E07000026,,2023-04-01,,,\n", r"line 2: column new_code is empty"),
        (HEADER + "E07000026,E06000063,2023-04-01,vanish,,\n", r"'vanish' is not a type of change: write recode, merge"),
        (HEADER + "E07000026,E06000063,2023-04-01,,1.5,\n", r"'1.5' in column share_people is not a share from 0 to 1"),
        (
            HEADER + "A23,B23,2023-04-01,,0.7,\nA23,C23,2023-04-01,,0.4,\n",
            r"line 3: the shares of the people of A23 come to 1.1000",
        ),
        (HEADER + "A23,B23,2023-04-01,,0.7,\nA23,B23,2023-04-01,,0.4,\n", r"line 3: A23 to B23 is also on line 2, and differs"),
        (HEADER, r"l.csv has no rows"),
        ("name,people\nAshby,3\n", r"no columns of lineage that can be recognised: it needs old_code, new_code and date"),
    ],
)
def test_a_file_with_a_fault_is_refused_whole_with_its_row(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        load_lineage(tmp_path, text, "l.csv")
    assert db.session.scalar(select(func.count()).select_from(AreaLineage)) == 0


def test_shares_that_fall_short_of_the_whole_are_reported(tmp_path: Path) -> None:
    rows = "A23,B23,2023-04-01,,0.7,0.5\nA23,C23,2023-04-01,,0.2,0.5\n"
    assert load_lineage(tmp_path, HEADER + rows).warnings == [
        "A23: the shares of its people come to 0.9000, so 0.1000 of them is in none of the new areas"
    ]


def test_lineage_is_loaded_by_command(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "lineage.csv"
    file.write_text(HEADER + "E07000026,E06000063,2023-04-01,merge,,\n")
    assert json.loads(run(app, "lineage", file, "--json")[1]) == {"loaded": 1, "known": 0, "worked_out": 0, "warnings": []}
    status, out, err = run(app, "lineage", file, "--json")
    assert (status, json.loads(out)["known"]) == (0, 1)
    assert err.startswith("already loaded: lineage.csv")
    status, _, err = run(app, "show", "E07000026", "--on", "2026-03-02")
    assert (status, "E07000026 became E06000063 on Sat 1 Apr 2023" in err) == (1, True)


def test_a_code_holds_from_its_lineage_though_its_boundary_is_loaded_from_later(tmp_path: Path) -> None:
    load(tmp_path, "district", date(2024, 4, 1), {"E06900101": square(0, 0, 40, 10)})
    load_lineage(tmp_path, HEADER + "E07900101,E06900101,2023-04-01,merge,,\n")
    found = queries.resolve("E06900101", date(2023, 6, 1))
    assert (found.standing, found.note) == ("holds", "known by its lineage; its boundary is loaded only from Mon 1 Apr 2024")
    assert queries.resolve("E06900101", date(2022, 6, 1)).note == (
        "E06900101 Area E06900101 holds from Sat 1 Apr 2023 only: before that E07900101"
    )


def test_an_ended_code_of_which_no_lineage_tells_says_so(tmp_path: Path) -> None:
    load(tmp_path, "district", date(2020, 4, 1), {"E07900101": square(0, 0, 40, 10)}, to_on=date(2023, 3, 31))
    found = queries.resolve("E07900101", TODAY)
    assert (found.standing, found.became) == ("ended", ())
    assert found.note.endswith("ended on Fri 31 Mar 2023, and no lineage loaded says what became of it")


def test_codes_that_become_each_other_in_a_circle_are_refused_with_codes_and_days(tmp_path: Path) -> None:
    there, back = "E07900101,E06900101,2027-04-01,,,\n", "E06900101,E07900101,2028-04-01,,,\n"
    said = r"line 2: .*circle \(E07900101 becomes E06900101 on Thu 1 Apr 2027; E06900101 becomes E07900101 on"
    with pytest.raises(Refused, match=said):
        load_lineage(tmp_path, HEADER + there + back)
    assert not db.session.scalar(select(func.count()).select_from(AreaLineage))
    load_lineage(tmp_path, HEADER + there, "there.csv")
    with pytest.raises(Refused, match=r"back\.csv, line 2: .*E06900101 becomes E07900101 on Sat 1 Apr 2028; E07900101 becomes"):
        load_lineage(tmp_path, HEADER + back, "back.csv")
    load_lineage(tmp_path, HEADER + "E06900101,E06900102,2029-04-01,,,\n", "on.csv")
    with pytest.raises(Refused, match="E06900102 becomes E07900101 on Mon 1 Apr 2030"):
        load_lineage(tmp_path, HEADER + "E06900102,E07900101,2030-04-01,,,\n", "round.csv")


def test_a_code_that_keeps_land_and_is_given_it_back_is_in_no_circle(tmp_path: Path) -> None:
    lent = "E07900101,E07900101,2027-04-01,boundary,0.9,0.9\nE07900101,E07900102,2027-04-01,boundary,0.1,0.1\n"
    back = "E07900102,E07900102,2028-04-01,boundary,0.9,0.9\nE07900102,E07900101,2028-04-01,boundary,0.1,0.1\n"
    assert load_lineage(tmp_path, HEADER + lent + back).loaded == 4


def test_a_boundary_open_past_the_day_its_code_is_said_to_end_is_remarked(tmp_path: Path) -> None:
    load(tmp_path, "district", date(2020, 4, 1), {"E07900101": square(0, 0, 40, 10)})
    rows = "E07900101,E06900101,2024-04-01,recode,1,1\n"
    remark = load_lineage(tmp_path, HEADER + rows).warnings[-1]
    assert "E07900101 Area E07900101 is said to end on Sun 31 Mar 2024, but its boundary is loaded without an end" in remark
