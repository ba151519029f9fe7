"""Files as public bodies publish them, invented: read with the columns that the reader proposes itself."""

from __future__ import annotations

import gzip
import html
import io
import re
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from scrutiny.spend_files.reading import read_spend_file
from scrutiny.spend_files.records import Reading, Role, SpendFile, Warned, Why
from workflows.refusals import Refused

TODAY = date(2026, 11, 30)
HEADER = "Body Name,Date Paid,Transaction Number,Amount,Supplier Name\n"
PLAIN = "Supplier,Date,Amount\nAcme Ltd,13/04/2024,120.00\nBob & Co Ltd,14/04/2024,60.00\n"


def read(content: str | bytes, **said: object) -> SpendFile:
    """A file read with what is said of it."""
    raw = content.encode() if isinstance(content, str) else content
    return read_spend_file(io.BytesIO(raw), Reading(**said), TODAY)  # type: ignore[arg-type]


def workbook(**sheets: list[list[object]]) -> bytes:
    """An .xlsx of these sheets."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(**members: bytes) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in members.items():
            packed.writestr(name.replace("_", "."), content)
    return out.getvalue()


def opendocument(rows: list[list[str]]) -> bytes:
    """An .ods of one sheet, with two blank rows repeated under its title."""
    names = " ".join(f'xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{key}:1.0"' for key in ("office", "table", "text"))
    cells = ["".join(_ods_cell(cell) for cell in row) for row in rows]
    blank = '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
    body = f"<table:table-row>{_ods_cell('Title')}</table:table-row>{blank}" + "".join(
        f"<table:table-row>{row}</table:table-row>" for row in cells
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
        f'<table:table table:name="April">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    return zipped(
        mimetype=b"application/vnd.oasis.opendocument.spreadsheet",
        content_xml=content.encode(),
        **{"META-INF/manifest_xml": b'<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'},
    )


def _ods_cell(text: str) -> str:
    if re.fullmatch(r"\d+\.\d\d", text):
        return (
            f'<table:table-cell office:value-type="float" office:value="{float(text)}"><text:p>{text}</text:p></table:table-cell>'
        )
    return f'<table:table-cell office:value-type="string"><text:p>{html.escape(text)}</text:p></table:table-cell>'


PAGE = (
    "<html><body><p>Report</p><table><tr><th>Supplier</th><th>Date</th><th>Amount</th></tr><tr><td>Acme Ltd</td>"
    "<td>13/04/2024</td><td>&pound;120.00</td></tr><tr><td>Bob &amp; Co Ltd<td>14/04/2024<td>60.00</table></body></html>"
)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(PLAIN.replace(",", "\t"), id="tabs"),
        pytest.param(PLAIN.replace(",", ";"), id="semicolons"),
        pytest.param(PLAIN.replace(",", "|"), id="bars"),
        pytest.param("Payments, to suppliers, over £500\n\n\n\n\n\n" + PLAIN.replace(",", ";"), id="header on row 7"),
        pytest.param(PLAIN.encode("utf-16"), id="UTF-16"),
        pytest.param(b"\xef\xbb\xbf" + PLAIN.encode(), id="UTF-8 with its mark"),
        pytest.param(PLAIN.replace("\n", "\r").encode(), id="line ends of an old Mac"),
        pytest.param(gzip.compress(PLAIN.encode(), mtime=0), id="gzip"),
        pytest.param(zipped(spend_csv=PLAIN.encode(), readme_md=b"x"), id="zip"),
        pytest.param(opendocument([line.split(",") for line in PLAIN.splitlines()]), id="OpenDocument"),
        pytest.param(PAGE, id="web page named .xls"),
        pytest.param(PLAIN.replace("Acme", "Ac\x00me"), id="NUL"),
        pytest.param("".join(f",,{line}\n" for line in PLAIN.splitlines()), id="blank leading columns"),
        pytest.param(PLAIN.replace("120.00", '"=""120.00"""'), id="cells escaped for Excel"),
        pytest.param(PLAIN.replace("120.00", '" £120.00 "'), id="pound signs and spaces"),
        pytest.param("sep=,\n" + PLAIN, id="sep="),
        pytest.param(PLAIN + ",,\n\nNotes: figures are as paid and have not been audited,,\n", id="footnote"),
        pytest.param(PLAIN + ",Total,180.00\n", id="total"),
        pytest.param(PLAIN + ",,180.00\n", id="total without a label"),
        pytest.param(PLAIN + PLAIN.splitlines()[0] + "\n", id="header again"),
        pytest.param(
            workbook(
                Cover=[["Payments to suppliers"], ["Published by X"]], Data=[line.split(",") for line in PLAIN.splitlines()]
            ),
            id="workbook with a cover",
        ),
        pytest.param(
            workbook(
                April=[["Supplier", "Date", "Amount"], ["Acme Ltd", date(2024, 4, 13), 120.00]],
                May=[["Supplier", "Date", "Amount"], ["Bob & Co Ltd", date(2024, 4, 14), 60]],
            ),
            id="workbook with two months",
        ),
    ],
)
def test_the_same_payments_in_every_dress(content: str | bytes) -> None:
    """Two payments of £180 in all, to the same suppliers on the same days."""
    found = read(content)
    assert [(one.supplier, one.on, one.pence) for one in found.payments] == [
        ("Acme Ltd", date(2024, 4, 13), 12_000),
        ("Bob & Co Ltd", date(2024, 4, 14), 6_000),
    ]
    assert found.pence == 18_000


@pytest.mark.parametrize(
    ("header", "row", "pence"),
    [
        ("Supplier,Date,Net,VAT,Gross", "Acme Ltd,13/04/2024,100.00,20.00,120.00", 10_000),
        ("Authority Name,Paid,Vendor Name,Gross,VAT,Net", "X,13/04/2024,Acme Ltd,120.00,20.00,100.00", 10_000),
        ("Payment Date,Supplier Name,Net Total,Invoice Total", "13/04/2024,ACME LTD,100.00,120.00", 10_000),
        ("Supplier,Date,Gross Amt,Net Amt", "Acme Ltd,13/04/2024,120.00,100.00", 10_000),
        ("Row Labels,Sum of Amount", "Acme Ltd,100.00", 10_000),
        ("TRANS_DATE,VENDOR_NAME,DISTRIBUTION_AMOUNT,INVOICE_NUM", "13/04/2024,ACME LTD,100.00,123", 10_000),
        ("Supplier,Budget,Actual,Date", "Acme Ltd,120.00,100.00,13/04/2024", 10_000),
        ("Cardholder,Merchant,Transaction Date,Billing Amount,Original Amount", "J,TESCO,13/04/2024,100.00,120.00", 10_000),
        ("Supplier,Date,Debit,Credit", "Acme Ltd,13/04/2024,,100.00", -10_000),
        ("Supplier,Date,Dr,Cr", "Acme Ltd,13/04/2024,100.00,", 10_000),
        ("Payee,Paid on,Ref,£", "Acme Ltd,13/04/2024,A1,100.00", 10_000),
        ("Supplier,Date,Amount £000s", "Acme Ltd,13/04/2024,0.1", 10_000),
        ("Cyflenwr,Dyddiad,Swm", "Acme Cyf,13/04/2024,100.00", 10_000),
        ("Merchant Name,Trans Date,Trans Amount,Original Gross Amt,Cost Centre", "TESCO,13/04/2024,100,120,12345", 10_000),
        ("Date Amount Paid,Amount Paid,Paid To", "13/04/2024,100.00,ACME", 10_000),
        ("Suplier Nmae,Paymnet Date,Ammount", "Acme Ltd,13/04/2024,100.00", 10_000),
        ("Entity,Date,Expense Type,Supplier,Transaction Number, Amount ", 'X,30/04/2024,Care,CARE UK,12," (100.00) "', -10_000),
        ("Invoice Line Value (net of VAT),Supplier,Transaction Date", "100.00,ACME,13/04/2024", 10_000),
        ("Total (excludes VAT),Supplier Name,Paid Date", "100.00,ACME,13/04/2024", 10_000),
        ("Irrecoverable VAT Amount,Amount,Beneficiary Name,Payment Date", "5.00,100.00,ACME,13/04/2024", 10_000),
    ],
)
def test_the_amount_is_found_among_other_figures(header: str, row: str, pence: int) -> None:
    """The net amount before the gross; debit less credit; never VAT, a cost centre or a number of a transaction."""
    assert read(f"{header}\n{row}\n").pence == pence


def test_totals_within_are_no_payments_and_are_compared() -> None:
    """Sub-totals, and a supplier that is called Total all the same."""
    found = read(
        f"{HEADER}X Council,13/04/2024,1,100.00,Acme Ltd\nX Council,14/04/2024,2,200.00,Total Gas & Power Ltd\n"
        ",,Sub-total,300.00,\nX Council,15/04/2024,3,50.00,Total\n,,Total,50.00,\n,,Grand Total,350.00,\n"
    )
    assert (found.pence, len(found.payments), found.stated_pence, found.agrees) == (35_000, 4 - 1, 35_000, True)
    assert [(one.row, one.why) for one in found.skipped] == [(4, Why.TOTAL), (6, Why.TOTAL), (7, Why.TOTAL)]


def test_a_total_that_disagrees_is_said() -> None:
    """With both figures."""
    found = read(f"{HEADER}X Council,13/04/2024,1,100.00,Acme Ltd\n,,Total,99.00,\n")
    said = next(one for one in found.remarks if one.kind is Warned.TOTAL_DIFFERS)
    assert (found.agrees, said.values) == (False, {"stated": 9_900, "pence": 10_000})


def test_a_row_pushed_apart_by_a_comma_is_left_out_and_named() -> None:
    """Acme, Ltd without quotation marks; and an amount whose own comma parts it."""
    found = read("Supplier,Date,Amount\nAcme, Ltd,13/04/2024,120.00\nBob Ltd,14/04/2024,60.00\nBob Ltd,15/04/2024,£1,234.56\n")
    assert found.pence == 6_000
    assert [(one.row, one.why) for one in found.skipped] == [(2, Why.TOO_MANY_CELLS), (4, Why.TOO_MANY_CELLS)]
    with pytest.raises(Refused, match="more cells than the table has columns"):
        read("Supplier,Date,Amount\nAcme Ltd,13/04/2024,£1,234.56\n")


def test_rows_keep_the_numbers_of_a_spreadsheet() -> None:
    """A cell with a line break is one row, and blank rows count."""
    found = read('Supplier,Date,Amount\n"Acme\nLtd",13/04/2024,120.00\n\nBob Ltd,31/02/2024,60.00\n')
    assert [one.row for one in found.payments] == [2]
    assert [(one.row, one.why, one.pence) for one in found.skipped] == [(4, Why.NO_SUCH_DAY, 6_000)]
    assert (found.pence, found.left_out_pence) == (12_000, 6_000)


def test_letters_of_other_encodings_are_read_as_they_were_written() -> None:
    """An old Mac, Windows, and UTF-8 that was read as Windows and saved again."""
    text = PLAIN.replace("Acme Ltd", "Children’s Café – North Ltd")
    for content in (text.encode("mac-roman"), text.encode("cp1252"), text.encode().decode("cp1252").encode()):
        assert read(content).payments[0].supplier == "Children’s Café – North Ltd"


def test_titles_in_no_language_known_here_are_guessed_and_said() -> None:
    """By the looks of the cells; two columns that could be the amount are asked about."""
    found = read("Wer,Wann,Wieviel\nAcme Ltd,13/04/2024,1234.56\nBob Ltd,14/04/2024,12.00\n")
    assert {column.role for column in found.columns} == {Role.SUPPLIER, Role.DATE, Role.AMOUNT}
    assert sum(one.kind is Warned.COLUMN_GUESSED for one in found.remarks) == 3
    with pytest.raises(Refused, match="Several columns could be the amount: Eins, Zwei"):
        read("Wer,Wann,Eins,Zwei\nAcme Ltd,13/04/2024,1234.56,12.30\nBob Ltd,14/04/2024,12.00,7.70\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b'{"error":"not found"}', "is JSON"),
        (b"<!doctype html><html><body>404</body></html>", "web page without a table"),
        (b"%PDF-1.7 ...", "is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "cannot be read"),
        (b"PK\x03\x04 and no more", "damaged"),
        (zipped(a_csv=b"x,y", b_csv=b"x,y"), "holds 2 tables"),
        (gzip.compress(PLAIN.encode(), mtime=0)[:40], "damaged"),
        (HEADER.encode(), "no row under it"),
        (b"Leeds,24/12/2010,1,1616.23,A Ltd\nLeeds,31/12/2010,2,1532.57,B Ltd\n", "No header row was recognised"),
        (b'Supplier,Date,Amount\nA Ltd,13/04/2024,1.00\n"B Ltd,14/04/2024,2.00\n', "never closed"),
        ("Lieferant;Datum;Betrag\nA GmbH;13.04.2024;€1.234,56\nB GmbH;14.04.2024;€2,00\n".encode(), "not in pounds"),
    ],
)
def test_what_is_no_spend_file_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    """That names what it is."""
    with pytest.raises(Refused, match=said):
        read(content)


def test_a_file_without_a_header_is_read_as_somebody_says() -> None:
    """By number or letter; its first payment is a payment."""
    content = "Leeds,24/12/2010,1,1616.23,A & A ELECTRICAL\nLeeds,31/12/2010,2,1532.57,A & A ELECTRICAL\n"
    for columns in ({"amount": "4", "date": "2", "supplier": "5"}, {"amount": "D", "date": "B", "supplier": "E"}):
        found = read(content, columns=columns)
        assert (found.pence, found.payments[0].on) == (314_880, date(2010, 12, 24))


def test_how_a_file_was_read_reads_the_next_of_its_publisher() -> None:
    """Also where nothing else would tell."""
    first = read("Wer,Wann,Eins,Zwei\nAcme Ltd,13/04/2024,1.56,12.30\n", columns={"amount": "Zwei"})
    again = first.reading()
    found = read_spend_file(io.BytesIO(b"Eins,Zwei,Wer,Wann\n1.00,2.50,Bob Ltd,01/02/2024\n"), again, TODAY)
    assert (found.pence, found.payments[0].on) == (250, date(2024, 2, 1))


def test_who_may_be_a_person_is_marked() -> None:
    """Titles, initials, forenames, redactions; companies and bodies are not."""
    names = [
        "Mr T Example",
        "REDACTED PERSONAL DATA",
        "J Example",
        "Ellen Example",
        "Acme Ltd",
        "Loamshire County Council",
        "HMRC",
    ]
    found = read("Supplier,Date,Amount\n" + "".join(f"{name},13/04/2024,1.00\n" for name in names))
    assert [one.supplier for one in found.payments if one.is_personal] == names[:4]
