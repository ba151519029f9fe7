"""Counts of people and postcodes, as statistics offices and people write them."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from scrutiny.file_reading.tables import read_csv
from scrutiny.geography.census import census_day, read_count
from scrutiny.geography.point_input import point_typed
from scrutiny.geography.postcodes import PostcodePoint, normal, read_postcodes
from workflows.refusals import Refused

SHARED = Path(os.environ.get("SHARED_DATA", "../shared/data"))


def count(content: bytes, **more: str) -> dict[str, int]:
    table = read_csv(content)
    return read_count(table.header, table.records(), "count.csv", **more).people


def points(content: bytes) -> list[PostcodePoint]:
    table = read_csv(content)
    return list(read_postcodes(table.header, zip(table.lines, table.rows, strict=True), "postcodes.csv"))


def test_people_are_read_with_a_byte_order_mark_and_quoted_thousands() -> None:
    assert count(b'\xef\xbb\xbflsoa,pop\nE01011949,"1,954"\nE01011950,1257\nE01011951,3.0\n') == {
        "E01011949": 1954,
        "E01011950": 1257,
        "E01011951": 3,
    }


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"lsoa,pop\nE01011949,many\n", "line 2: 'many'"),
        (b"lsoa,pop\nE01011949,1\nE01011949,2\n", "line 3: E01011949 appears a second time"),
        (b"lsoa,pop\n,5\nE01011949,2\nE01011950,2\n", "line 2: column lsoa is empty"),
        (b"what,else\none,two\n", "--code-field"),
        (b"lsoa,a,b\nE01011949,1,2\n", "--people-field"),
        (b"lsoa,pop\n", "no rows"),
    ],
)
def test_a_count_that_cannot_be_understood_is_refused_with_its_row(content: bytes, words: str) -> None:
    with pytest.raises(Refused) as refused:
        count(content)
    assert words in refused.value.sentence


def test_columns_may_be_named() -> None:
    assert count(b"lsoa,a,b\nE01011949,1,2\n", people_field="B") == {"E01011949": 2}


def test_the_day_of_a_count_is_told_by_the_name_of_the_file_or_its_columns() -> None:
    assert census_day("census2021_usual_residents.csv", []) == date(2021, 3, 21)
    assert census_day("mid2020_lsoa11.csv", []) == date(2020, 6, 30)
    assert census_day("people.csv", ["lsoa11_code"]) == date(2011, 3, 27)
    assert census_day("people.csv", ["code"]) is None


@pytest.mark.parametrize("typed", ["CA110AB", "ca11 0ab", " Ca11  0aB ", "CA11-0AB"])
def test_a_postcode_is_one_however_it_is_typed(typed: str) -> None:
    assert normal(typed) == "CA11 0AB"


@pytest.mark.parametrize("typed", ["B1 1", "BI", "B11AYZ", "ZZ99 3CZ", "", "M1 1AA, M2 2BB", "54.6,-3.1"])
def test_what_is_not_a_whole_postcode_is_none(typed: str) -> None:
    assert normal(typed) is None


def test_coordinates_typed_are_latitude_and_longitude() -> None:
    assert point_typed("54.66, -2.75") == (54.66, -2.75)
    assert point_typed("54.66 -2.75") == (54.66, -2.75)
    assert point_typed("99,0") is None
    assert point_typed("CA11 0AB") is None


def test_code_point_open_has_no_header_and_quality_90_no_point() -> None:
    found = points(
        b'"CA1 1AA",10,339557,555539,"E92000001","","","E10000006","E07000028","E05003166"\n"CA1  1AB",90,0,0,"","","","","",""\n'
    )
    assert found[0] == PostcodePoint("CA1 1AA", 339557.0, 555539.0, "", None, None, "E07000028")
    assert (found[1].postcode, found[1].x) == ("CA1 1AB", None)


def test_the_columns_of_nspl_are_found_whatever_their_year() -> None:
    head = b"pcd7,pcds,dointr,doterm,east1m,north1m,lad26cd,lat,long\n"
    found = points(head + b"AB1 0AA,AB1 0AA,198001,199606,385386,801193,S12000033,57.1,-2.2\n")
    assert found == [PostcodePoint("AB1 0AA", 385386.0, 801193.0, "", date(1980, 1, 1), date(1996, 6, 30), "S12000033")]


def test_a_plain_list_has_degrees() -> None:
    assert points(b"postcode,lat,lon\nLM1 1AA,52.5,-1.5\n") == [PostcodePoint("LM1 1AA", -1.5, 52.5, "EPSG:4326", None, None, "")]


def test_a_bad_row_is_refused_with_its_line() -> None:
    with pytest.raises(Refused, match=r"line 3: 'B1 1' is not a whole postcode"):
        points(b"postcode,lat,lon\nLM1 1AA,52.5,-1.5\nB1 1,52.5,-1.5\n")
    with pytest.raises(Refused, match="no columns of postcodes"):
        points(b"a,b\n1,2\n")


@pytest.mark.data
@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no real data at {SHARED}: set SHARED_DATA")
def test_the_real_files_are_read() -> None:
    assert count((SHARED / "messy/m52_real_population_thousands_bom.csv").read_bytes())["E01011949"] == 1954
    onspd = points((SHARED / "real/postcodes/onspd_2024_format_sample_aberdeen.csv.gz").read_bytes())
    assert len(onspd) == 8048
    assert onspd[0].to_on == date(1996, 6, 30)
    assert len(points((SHARED / "real/postcodes/trafford_postcodes.csv.gz").read_bytes())) > 7000
