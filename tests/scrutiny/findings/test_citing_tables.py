"""Cells of tables are read and quoted as Excel shows them, wherever in the file they stand."""

from __future__ import annotations

import io
import re
import zipfile
from types import SimpleNamespace

import openpyxl
import pytest
from flask import Flask

from scrutiny.evidence.erasing import Erased
from scrutiny.findings import citing, service
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.scrutiny.findings.conftest import Scene, file_named, make_scene
from workflows.refusals import Refused

SHEET = "xl/worksheets/sheet1.xml"


def a_book(unreadable: bool = False) -> bytes:
    """A workbook whose cells show other than they store; unreadable, one that says of a text that it is a number."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Figures"
    for row in (["What", "Value"], ["in time", 0.1235], ["hours", 1.260416666666667], ["code", 42], ["sum", "=B2+B4"]):
        book.active.append(row)
    for address, code in (("B2", "0.0%"), ("B3", "[h]:mm"), ("B4", "000000")):
        book.active[address].number_format = code
    book.save(out)
    if not unreadable:
        return out.getvalue()
    odd = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(odd, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, re.sub(rb"<v>42</v>", b"<v>forty-two</v>", content) if name == SHEET else content)
    return odd.getvalue()


BLANKS = b'Ward,Calls\nNorth,10\n,\n\nSouth,20\n"East\nside",30\nWest,40\n'
LONG = ("Supplier,Paid\n" + "".join(f"Supplier {n},{n}\n" for n in range(2, 1301))).encode()


@pytest.mark.parametrize(
    ("cell", "quotation"), [("B2", "12.4%"), ("B2", "0.1235"), ("B3", "30:15"), ("B4", "000042"), ("B4", "42"), ("a1", "What")]
)
def test_what_a_cell_shows_and_what_it_stores_may_be_quoted(scene: Scene, cell: str, quotation: str) -> None:
    lodging = scene.lodged(files={"figures.xlsx": a_book()})
    where = {"lodging": lodging, "file": file_named(lodging, "figures.xlsx"), "by": scene.by, "at": NOW}
    made = service.cite(scene.drafted(), cell=cell, quotation=quotation, **where)
    assert (made.cell, made.by_eye) == (f"Figures!{cell.upper()}", False)


@pytest.mark.parametrize(
    ("name", "cell", "quotation", "said"),
    [
        ("figures.xlsx", "B2", "12.4", r"holds “12.4%” \(stored as 0.1235\)"),
        ("figures.xlsx", "B2", "0.124", "stored as 0.1235"),
        ("figures.xlsx", "B3", "6:15", "holds “30:15”"),
        ("figures.xlsx", "B9", "42", "B9 is empty"),
        ("blanks.csv", "B5", "40", "B5 holds “20”"),
        ("blanks.csv", "B3", "20", "B3 is empty"),
    ],
)
def test_what_does_not_stand_in_a_cell_is_not_taken_by_eye_either(
    scene: Scene, name: str, cell: str, quotation: str, said: str
) -> None:
    lodging = scene.lodged(files={"figures.xlsx": a_book(), "blanks.csv": BLANKS})
    where = {"lodging": lodging, "file": file_named(lodging, name), "by": scene.by, "at": NOW}
    with pytest.raises(Refused, match=said):
        service.cite(scene.drafted(), cell=cell, quotation=quotation, by_eye=True, **where)


def test_rows_have_the_numbers_a_spreadsheet_gives_them_to_the_last(scene: Scene) -> None:
    lodging = scene.lodged(files={"blanks.csv": BLANKS, "long.csv": LONG})
    where = {"lodging": lodging, "by": scene.by, "at": NOW}
    assert service.cite(scene.drafted(), file=file_named(lodging, "blanks.csv"), cell="B5", quotation="20", **where).cell == "B5"
    last = service.cite(scene.drafted(), file=file_named(lodging, "long.csv"), cell="B1300", quotation="1300", **where)
    assert (last.cell, last.by_eye) == ("B1300", False)


def test_a_formula_without_a_result_is_cited_by_whoever_has_seen_one(scene: Scene) -> None:
    lodging = scene.lodged(files={"figures.xlsx": a_book()})
    where = {"lodging": lodging, "file": file_named(lodging, "figures.xlsx"), "cell": "B5", "by": scene.by, "at": NOW}
    with pytest.raises(service.NotFoundThere, match="no result is stored"):
        service.cite(scene.drafted(), quotation="42.1235", **where)
    assert service.cite(scene.drafted(), quotation="42.1235", by_eye=True, **where).by_eye


def test_a_workbook_that_cannot_be_read_is_cited_by_eye(scene: Scene) -> None:
    lodging = scene.lodged(files={"odd.xlsx": a_book(unreadable=True)})
    where = {"lodging": lodging, "file": file_named(lodging, "odd.xlsx"), "by": scene.by, "at": NOW}
    with pytest.raises(service.NotFoundThere, match=r"cannot be read here.*cell Figures!B4"):
        service.cite(scene.drafted(), cell="Figures!B4", quotation="42", **where)
    made = service.cite(scene.drafted(), cell="Figures!B4", quotation="42", by_eye=True, **where)
    assert (made.cell, made.by_eye) == ("Figures!B4", True)


# --- on the pages ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def tables(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """A review with tables: as shown and stored, long, and one that cannot be read; by ids."""
    with app.app_context():
        scene = make_scene(cast)
        files = {"figures.xlsx": a_book(), "long.csv": LONG, "odd.xlsx": a_book(unreadable=True)}
        lodging = scene.lodged(files=files)
        scene.drafted("A draft of ours")
        commit()
        ids = {name.split(".")[0]: file_named(lodging, name).id for name in files}
        return SimpleNamespace(at=f"/reviews/{scene.review.reference}/read/{lodging.id}", **ids)


def test_a_page_shows_both_and_says_what_has_no_result(tables: SimpleNamespace, signed_in) -> None:
    for address in (f"{tables.at}?file={tables.figures}", f"/evidence/files/{tables.figures}/sheet"):
        page = signed_in("inspector").get(address).text
        assert "12.4%" in page
        assert "stored: 0.1235" in page
        assert "no result stored" in page
        assert "open it in Excel and save it" in page


def test_every_row_of_a_long_table_is_reached_without_scripts(tables: SimpleNamespace, signed_in) -> None:
    client = signed_in("inspector")
    page = client.get(f"{tables.at}?file={tables.long}").text
    assert "Supplier 500<" in page
    assert "Supplier 501<" not in page
    assert "Later rows, from 501" in page
    assert "The last row is 1,300" in page
    page = client.get(f"{tables.at}?file={tables.long}&row=1,300").text
    assert 'data-cell="B1300">1300' in page
    typed = {"quotation": "1300", "cell": "B1300", "finding": "1", "cite": "Cite"}
    done = client.post(f"{tables.at}?file={tables.long}&row=1300", data=typed)
    assert "row=1300" in done.location
    assert client.get(f"/evidence/files/{tables.long}/sheet?row=900").text.count("<tr>") == 501


def test_a_workbook_that_cannot_be_read_is_a_page_with_a_way_on_and_no_fault(tables: SimpleNamespace, signed_in) -> None:
    client = signed_in("inspector")
    page = client.get(f"/evidence/files/{tables.odd}/sheet")
    assert page.status_code == 200
    assert "“odd.xlsx” cannot be shown here. Download it to read it." in page.text
    page = client.get(f"{tables.at}?file={tables.odd}")
    assert page.status_code == 200
    assert "checked them by eye" in page.text
    typed = {"quotation": "42", "cell": "Figures!B4", "finding": "1", "cite": "Cite"}
    asked = client.post(f"{tables.at}?file={tables.odd}", data=typed).text
    assert "tick “I have checked the quotation by eye”" in asked
    done = client.post(f"{tables.at}?file={tables.odd}", data=typed | {"by_eye": "y"}, follow_redirects=True)
    assert "Cited in finding 1" in done.text


def test_a_wrong_quotation_of_a_cell_offers_no_eye(tables: SimpleNamespace, signed_in) -> None:
    typed = {"quotation": "0.124", "cell": "B2", "finding": "1", "cite": "Cite"}
    page = signed_in("inspector").post(f"{tables.at}?file={tables.figures}", data=typed).text
    assert "holds “12.4%” (stored as 0.1235)" in page
    assert "by_eye" not in page


TITLED = b"Waiting times of the trust\n\nPlace,Under 18 weeks,Over 18 weeks\nBarrow End,880,211\nHarrowfield,10,20\n"


@pytest.mark.parametrize(
    ("cell", "quotation", "heads"),
    [
        ("C4", "211", ("Barrow End", "Over 18 weeks")),
        ("A4", "Barrow End", ("", "Place")),
        ("C3", "Over 18 weeks", ("Place", "")),
        ("A1", "Waiting times of the trust", ("", "")),
    ],
)
def test_a_cited_cell_keeps_what_heads_it_until_its_evidence_is_erased(
    scene: Scene, cell: str, quotation: str, heads: tuple[str, str]
) -> None:
    """A title over the table heads nothing; a heading has no heading of its own."""
    lodging = scene.lodged(files={"waits.csv": TITLED})
    file = file_named(lodging, "waits.csv")
    made = service.cite(scene.drafted(), lodging=lodging, file=file, cell=cell, quotation=quotation, by=scene.by, at=NOW)
    assert (made.row_head, made.column_head) == heads
    citing.erase_quotations(Erased(lodging.evidence, file), scene.by, NOW)
    assert (made.row_head, made.column_head, made.quotation) == ("", "", "")
