"""A table of a body's spending with stated columns, read into cells: one row a figure, every row loaded or named as skipped.

The columns: service (a class of COFOG, a service division, or the body's own words, which the mappings of its publisher
place) and amount in pounds are needed; stream, transfer_to, transfer_from (the other body's code or name), control,
ring_fence, area_code, basis, weight, base_year, error_note and confidence may be given. A row that calls itself a total is
compared with what stands above it and is no figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.agencies.queries import agencies_called, agency_by_code
from scrutiny.apportioning.figures import amount_of
from scrutiny.areas.models import Area
from scrutiny.extensions import db
from scrutiny.file_reading.tables import read_csv
from scrutiny.ledger.keys import BASES, CONTROLS, GRADES, STREAMS
from scrutiny.ledger.models import LedgerCell, LedgerSkipped, LedgerSource, ServiceMapping
from scrutiny.rules.queries import rules
from workflows.refusals import Refused

NEEDED = ("service", "amount")
TRANSFERS = {"transfer_to": "to", "transfer_from": "from"}
MAY = ("stream", *TRANSFERS, "control", "ring_fence", "area_code", "basis", "weight", "base_year", "error_note", "confidence")
TOTALS = ("total", "grand total")
EMPTY, TOTAL = "empty", "total"


@dataclass(frozen=True, slots=True)
class ReadFigures:
    """What a table holds: its cells, the rows it skips, its own total in pence where it has one, and how many rows there are."""

    cells: list[LedgerCell]
    skipped: list[LedgerSkipped]
    stated_pence: int | None
    rows: int


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a table: its texts by column, its line, and the name of its file."""

    values: Mapping[str, str]
    line: int
    name: str

    def text(self, column: str) -> str:
        """What stands in a column; '' where there is no such column."""
        return self.values.get(column, "")

    def pence(self) -> int:
        """The amount, given in pounds."""
        return amount_of(self.text("amount"), self.line, self.name, 2)

    def choice(self, column: str, known: Mapping[str, str], otherwise: str) -> str:
        """One of the keys of a column; what is known otherwise where it is empty."""
        text = self.text(column)
        key = next((key for key in known if key.casefold() == text.casefold()), None) if text else otherwise
        if key is None:
            raise Refused(
                gettext(
                    "%(name)s, line %(line)s: “%(text)s” is no %(column)s known here. Write one of %(known)s",
                    name=self.name,
                    line=self.line,
                    text=text[:40],
                    column=column,
                    known=", ".join(filter(None, known)),
                )
            )
        return key

    def year(self, column: str) -> int | None:
        """A year in four figures; None where the column is empty."""
        text = self.text(column)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) == 4):
            raise Refused(
                gettext(
                    "%(name)s, line %(line)s: write %(column)s in four figures, like 2021",
                    name=self.name,
                    line=self.line,
                    column=column,
                )
            )
        return int(text)


def folded(words: str) -> str:
    """Words of a file as mappings keep them: single spaces, small letters."""
    return " ".join(words.split()).casefold()[:300]


def read_table(content: bytes, name: str, source: LedgerSource) -> ReadFigures:
    """The cells of a table for a source that is not stored yet; Refused naming line and column where a row is no figure."""
    table = read_csv(content)
    _check_columns(table.header, name)
    mapped = _mappings(source.agency_id)
    cells: list[LedgerCell] = []
    skipped: list[LedgerSkipped] = []
    stated, rows = None, 0
    for line, record in table.records():
        rows += 1
        row = _Row({key.strip().casefold(): value.strip() for key, value in record.items()}, line, name)
        if not row.text("amount"):
            skipped.append(LedgerSkipped(row=line, reason=EMPTY, details={"column": "amount"}))
        elif folded(row.text("service")) in TOTALS:
            stated = row.pence()
            skipped.append(LedgerSkipped(row=line, reason=TOTAL, details={}))
        else:
            cells.append(_cell(row, source, mapped))
    if not cells:
        raise Refused(gettext("%(name)s has no figures: give each a row with a service and an amount", name=name))
    _check_total(cells, stated, name)
    return ReadFigures(cells, skipped, stated, rows)


def _check_columns(header: tuple[str, ...], name: str) -> None:
    given = [column.strip().casefold() for column in header]
    lacking = [column for column in NEEDED if column not in given]
    unknown = [column for column in given if column not in (*NEEDED, *MAY)]
    if lacking or unknown:
        raise Refused(
            gettext(
                "%(name)s: name the columns %(needed)s, and any of %(may)s. %(wrong)s does not fit",
                name=name,
                needed=", ".join(NEEDED),
                may=", ".join(MAY),
                wrong=", ".join([*lacking, *unknown])[:200],
            )
        )


def _check_total(cells: list[LedgerCell], stated: int | None, name: str) -> None:
    """A table whose own total disagrees with its rows is not loaded: one of the two is wrong, and nobody here knows which."""
    found = sum(cell.pence for cell in cells)
    if stated is not None and stated != found:
        raise Refused(
            gettext(
                "%(name)s says its total is %(stated)s, but its rows add up to %(found)s. Correct one of them and load it again",
                name=name,
                stated=_pounds(stated),
                found=_pounds(found),
            )
        )


def _pounds(pence: int) -> str:
    return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def _mappings(agency_id: int) -> dict[str, ServiceMapping]:
    rows = select(ServiceMapping).where(ServiceMapping.agency_id == agency_id, ServiceMapping.field == "service")
    return {row.words: row for row in db.session.scalars(rows)}


def _cell(row: _Row, source: LedgerSource, mapped: Mapping[str, ServiceMapping]) -> LedgerCell:
    """One figure."""
    service, division, control = _placed(row.text("service"), mapped)
    direction, other = _other(row)
    area_code = row.text("area_code").upper()
    _check_cell(row, source, other, area_code)
    return LedgerCell(
        agency_id=source.agency_id,
        service=service,
        division=division,
        words=row.text("service")[:300],
        area_code=area_code,
        year=source.year,
        phase=source.phase,
        stream=row.choice("stream", STREAMS, source.stream or "revenue"),
        pence=row.pence(),
        ring_fence=row.text("ring_fence")[:200],
        control=row.choice("control", CONTROLS, control),
        direction=direction,
        other_agency_id=other,
        basis=row.choice("basis", BASES, "actual"),
        weight=row.text("weight")[:120],
        base_year=row.year("base_year"),
        error_note=row.text("error_note"),
        row=row.line,
        rows=1,
        confidence=row.choice("confidence", GRADES, source.confidence or "B"),
    )


def _check_cell(row: _Row, source: LedgerSource, other: int | None, area_code: str) -> None:
    """No body passes money to itself, and money spent in an area that nobody knows would be in no count."""
    if other == source.agency_id:
        raise Refused(
            gettext(
                "%(name)s, line %(line)s: a transfer names the other body, and this is the same", name=row.name, line=row.line
            )
        )
    if area_code and db.session.scalar(select(Area.id).where(Area.code == area_code).limit(1)) is None:
        raise Refused(
            gettext(
                "%(name)s, line %(line)s: no area here has the code “%(code)s”. Load its boundaries, or leave it empty for the "
                "whole area of the body",
                name=row.name,
                line=row.line,
                code=area_code[:40],
            )
        )


def _placed(words: str, mapped: Mapping[str, ServiceMapping]) -> tuple[str, str, str]:
    """The class, division and control that words stand for; ('', '', '') where nobody has placed them yet."""
    held = rules()
    if words in held.spending_classes:
        return words, "", ""
    division = held.service_divisions.get(words) or next(
        (one for one in held.service_divisions.values() if folded(one.title) == folded(words)), None
    )
    if division is not None:
        return division.cofog, division.key, ""
    known = mapped.get(folded(words))
    return (known.service, known.division, known.control) if known else ("", "", "")


def _other(row: _Row) -> tuple[str, int | None]:
    """The direction of a transfer and the id of the other body; ('', None) where the row is none."""
    given = [(direction, row.text(column)) for column, direction in TRANSFERS.items() if row.text(column)]
    if not given:
        return "", None
    direction, words = given[0]
    agency = agency_by_code(words) or next(iter(agencies_called([words]).values()), None)
    if agency is None or len(given) > 1:
        raise Refused(
            gettext(
                "%(name)s, line %(line)s: “%(words)s” is not one body known here. Write its code or its name",
                name=row.name,
                line=row.line,
                words=words[:80],
            )
        )
    return direction, agency.id
