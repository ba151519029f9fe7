"""Many postcodes or codes at once: the areas and the agencies for each, a row out for each row in, none lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flask_babel import gettext
from sqlalchemy import and_, select

from scrutiny.agencies.answering import Answering, answering
from scrutiny.agencies.dated import holds_on
from scrutiny.agencies.models import Footprint
from scrutiny.areas.models import Area
from scrutiny.areas.queries import kinds_loaded
from scrutiny.extensions import db
from scrutiny.file_reading.decoding import LARGEST_UNPACKED
from scrutiny.file_reading.tables import Row, read_csv, write_csv, write_xlsx
from scrutiny.formats import percent, plural
from scrutiny.geography.postcodes import normal
from scrutiny.place_lookup.bulk_lookup import CODE_COLUMNS, POSTCODE_COLUMNS, Answer, answer_cells
from scrutiny.rules.queries import rules
from workflows.refusals import Refused

MOST_ROWS = 10_000
#: What a code of an area looks like, so that it is not taken for a postcode with a fault in it.
CODE = re.compile(r"[A-Z]\d{8}|95[A-Z]{2}\d\d[SW]\d")
#: how far the work has come, from 0 to 1, and what is being done
Say = Callable[[float, str], None]
Cells = list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of each row: a day, and perhaps only some kinds of agency, or those that answer for some services."""

    on: date
    kinds: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    def check(self) -> None:
        """Refuse a kind or a service there is not."""
        held = rules()
        for key in self.kinds:
            if key not in held.agency_kinds:
                raise Refused(
                    gettext(
                        "There is no kind of agency called '%(key)s': choose from %(agency_kinds)s",
                        key=key[:40],
                        agency_kinds=", ".join(held.agency_kinds),
                    )
                )
        for key in self.services:
            if key not in held.services:
                raise Refused(
                    gettext(
                        "There is no service called '%(key)s': choose from %(services)s",
                        key=key[:40],
                        services=", ".join(held.services),
                    )
                )


@dataclass(frozen=True, slots=True)
class ManyAnswered:
    """The table: a row for each cell (line first, its cell, codes of areas, agencies, a note last), and how many have a fault."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    faults: int

    def csv(self) -> bytes:
        """The table as CSV."""
        return write_csv(self.header, (_with_line(row) for row in self.rows))

    def xlsx(self) -> bytes:
        """The table as a workbook of one sheet."""
        return write_xlsx({"Who answers": (self.header, (_with_line(row) for row in self.rows))})


def cells_of_file(content: bytes, name: str, *, most: int = LARGEST_UNPACKED) -> Cells:
    """The line and the text of each row of a CSV's column of postcodes or codes; Refused where it has neither or too many.

    A file of one column needs no heading; of other columns nothing is read, nor more than `most` bytes unpacked.
    """
    table = read_csv(content, most=most, most_rows=MOST_ROWS, ragged=True)
    lowered = {column.strip().lower(): at for at, column in reversed(list(enumerate(table.header)))}
    at = next((lowered[one] for one in (*POSTCODE_COLUMNS, *CODE_COLUMNS) if one in lowered), None)
    lines, rows = list(table.lines), list(table.rows)
    if at is None and len(table.header) == 1 and (normal(table.header[0]) or CODE.fullmatch(table.header[0].upper())):
        at, lines, rows = 0, [1, *lines], [table.header, *rows]
    if at is None:
        raise Refused(
            gettext(
                "%(name)s has no column called “postcode” and none called “code”: give one that heading. It has %(header)s",
                name=name,
                header=", ".join(column[:40] for column in table.header[:12]),
            )
        )
    return _checked([(line, row[at] if at < len(row) else "") for line, row in zip(lines, rows, strict=True)], name)


def cells_of_text(text: str) -> Cells:
    """The line and the text of each line pasted; a heading is passed over, blank lines are left out."""
    lines = [(number, line.strip().strip('"')) for number, line in enumerate(text.splitlines(), 1)]
    filled = [(number, line) for number, line in lines if line]
    if filled and filled[0][1].lower() in (*POSTCODE_COLUMNS, *CODE_COLUMNS):
        filled = filled[1:]
    return _checked(filled, gettext("The list"))


def _checked(cells: Cells, name: str) -> Cells:
    """The cells, of which there must be some and not too many; each cut to what a postcode or code could be."""
    if not cells:
        raise Refused(gettext("%(name)s has no rows: put one postcode or code on each line", name=name))
    if len(cells) > MOST_ROWS:
        raise Refused(
            gettext(
                "%(name)s holds %(n)s rows, and %(most_rows)s is the most at once: send it in parts",
                name=name,
                n=f"{len(cells):,}",
                most_rows=f"{MOST_ROWS:,}",
            )
        )
    return [(line, cell[:60]) for line, cell in cells]


def answer_list(cells: Cells, wanted: Wanted, *, say: Say | None = None) -> ManyAnswered:
    """The areas and agencies of each cell as one table."""
    found = answer_each(cells, wanted, say=say)
    order = {key: at for at, key in enumerate(rules().area_kinds)}
    loaded = [one.kind for one in kinds_loaded(wanted.on) if one.areas]
    kinds = sorted({kind for row, _ in found for kind in row.codes} | set(loaded), key=lambda kind: order.get(kind, len(order)))
    return _table(found, kinds, wanted)


def answer_each(cells: Cells, wanted: Wanted, *, say: Say | None = None) -> list[tuple[Answer, list[Answering]]]:
    """Each cell with its areas and its agencies, in order; postcodes and codes may stand in one list."""
    say = say or (lambda share, doing: None)
    wanted.check()
    say(0.02, "finding the areas")
    codes = [cell for cell in cells if CODE.fullmatch(cell[1].upper())]
    postcodes = [cell for cell in cells if not CODE.fullmatch(cell[1].upper())]
    found: list[tuple[Answer, bool]] = []
    for part, by_postcode in ((postcodes, True), (codes, False)):
        if part:
            found += [(row, by_postcode) for row in answer_cells(part, "", on=wanted.on, by_postcode=by_postcode).rows]
    agencies = _agencies(found, wanted, say)
    return sorted(((row, held) for (row, _), held in zip(found, agencies, strict=True)), key=lambda one: one[0].line)


def _agencies(found: Sequence[tuple[Answer, bool]], wanted: Wanted, say: Say) -> list[list[Answering]]:
    """Who answers for each row: at the very point of a postcode, for the area of a code. The same areas are asked for once."""
    served = _served([area_id for row, _ in found for area_id in row.area_ids], wanted.on)
    known: dict[tuple[bool, tuple[int, ...]], list[Answering]] = {}
    answers = []
    for done, (row, exactly) in enumerate(found):
        ids = tuple(sorted(area_id for area_id in row.area_ids if not exactly or area_id in served))
        if (exactly, ids) not in known:
            say(0.1 + 0.85 * done / len(found), f"finding who answers: row {done + 1:,} of {len(found):,}")
            known[exactly, ids] = [one for one in answering(ids, wanted.on, exactly=exactly) if _is_wanted(one, wanted)]
        answers.append(known[exactly, ids])
    return answers


def _served(area_ids: Collection[int], on: date) -> set[int]:
    """Those of the areas that some agency's footprint names on a day."""
    joined = and_(Footprint.area_kind == Area.kind, Footprint.area_code == Area.code, holds_on(Footprint, on))
    rows = select(Area.id).join(Footprint, joined).where(holds_on(Area, on)).distinct().order_by(Area.id)
    return set(area_ids) & set(db.session.scalars(rows))


def _is_wanted(one: Answering, wanted: Wanted) -> bool:
    """Whether an agency is of a kind asked for and answers for a service asked for."""
    of_kind = not wanted.kinds or one.kind in wanted.kinds
    return of_kind and (not wanted.services or any(service in one.services for service in wanted.services))


def _table(rows: Sequence[tuple[Answer, list[Answering]]], area_kinds: Sequence[str], wanted: Wanted) -> ManyAnswered:
    """The table: a column for each service asked for, else for each kind of agency that answers anywhere."""
    held = rules()
    if wanted.services:
        columns = [(held.services[key].title, key) for key in wanted.services]
    else:
        there = {one.kind for _, agencies in rows for one in agencies} | set(wanted.kinds)
        columns = [(kind.label, key) for key, kind in held.agency_kinds.items() if key in there]
        columns += [(key, key) for key in sorted(there - set(held.agency_kinds))]
    area_columns = [f"{key} code" for key in area_kinds]
    header = ("line", "asked", *area_columns, *(title for title, _ in columns), "note")
    lines = tuple(
        (
            str(row.line),
            row.cell,
            *("; ".join(row.codes.get(kind, [])) for kind in area_kinds),
            *("; ".join(_named(one) for one in agencies if _stands_in(one, key, wanted)) for _, key in columns),
            _note(row, agencies, wanted),
        )
        for row, agencies in rows
    )
    return ManyAnswered(header, lines, sum(row.fault for row, _ in rows))


def _stands_in(one: Answering, key: str, wanted: Wanted) -> bool:
    """Whether an agency stands in the column of a service, where services make the columns, else of a kind."""
    return key in one.services if wanted.services else key == one.kind


def _named(one: Answering) -> str:
    """An agency's name, with the part of the people it covers (of the land where nobody is counted) where it is a part."""
    if one.is_whole:
        return one.name
    if one.share_of_people is not None:
        return gettext(
            "%(name)s (%(share_of_people)s of the people)", name=one.name, share_of_people=percent(one.share_of_people)
        )
    return gettext("%(name)s (%(share_of_area)s of the land)", name=one.name, share_of_area=percent(one.share_of_area))


def _note(row: Answer, agencies: Sequence[Answering], wanted: Wanted) -> str:
    """The row's own note, or that nobody answers there."""
    if row.fault or agencies:
        return row.note
    nobody = gettext("no agency answers there")
    asked = gettext("no agency of those asked for answers there") if wanted.kinds or wanted.services else nobody
    return "; ".join(filter(None, [row.note, asked]))


def _with_line(row: tuple[str, ...]) -> Row:
    """A row with its line as a number."""
    return (int(row[0]), *row[1:])


def write_list(file: Path, to: Path, wanted: Wanted) -> str:
    """Answer a file and write the table as CSV, or XLSX by its ending; what was done, in a sentence."""
    if not file.is_file():
        raise Refused(gettext("%(file)s: there is no such file", file=file))
    if to.resolve() == file.resolve():
        raise Refused(gettext("%(to)s is the file itself: name another with --to", to=to))
    if not to.parent.is_dir():
        raise Refused(gettext("%(to)s: there is no such folder. Make it, or name another with --to", to=to))
    if to.suffix.lower() not in (".csv", ".xlsx"):
        raise Refused(gettext("%(to)s must end in .csv or .xlsx", to=to.name))
    found = answer_list(cells_of_file(file.read_bytes(), file.name), wanted)
    to.write_bytes(found.xlsx() if to.suffix.lower() == ".xlsx" else found.csv())
    return f"{plural(len(found.rows), 'row')} written to {to}, {found.faults:,} of them without an area"
