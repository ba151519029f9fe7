"""Many postcodes or codes at once: the areas of every kind for each row of a CSV, and a note where a row has a fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.areas.gaps import gaps_of_each, lacking_words_each
from scrutiny.areas.index import point_index
from scrutiny.areas.models import Area, AreaOverlap, Postcode
from scrutiny.areas.queries import SLIVER, holds_on, kind_order, kinds_loaded
from scrutiny.areas.service import measuring_kinds
from scrutiny.areas.succession import BECAME, Resolved, predecessors, resolve_many
from scrutiny.areas.writing import chunks
from scrutiny.extensions import db
from scrutiny.file_reading.tables import read_csv, write_csv
from scrutiny.formats import short_day
from scrutiny.geography.point_lookup import Found
from scrutiny.geography.postcodes import normal, why_not_covered, why_not_whole
from scrutiny.place_lookup.straddling_many import asks_of
from workflows.refusals import Refused

POSTCODE_COLUMNS = ("postcode", "pcds", "pcd", "post_code", "post code")
CODE_COLUMNS = ("code", "area_code", "gss_code", "gss-code")


@dataclass(frozen=True, slots=True)
class Answer:
    """One row answered: its line, the cell in its normal form, codes by kind, and a note; `fault` where no area was found."""

    line: int
    cell: str
    codes: dict[str, list[str]]
    note: str = ""
    fault: bool = False
    #: the ids of the areas it was answered by: those at the point of a postcode, or those of a code
    area_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """Every row of a file answered, in its order, with a column for each kind that holds any area on the day."""

    column: str
    kinds: tuple[str, ...]
    rows: tuple[Answer, ...]

    @property
    def faults(self) -> list[Answer]:
        """The rows for which no area was found."""
        return [row for row in self.rows if row.fault]

    def csv(self) -> bytes:
        """The table: the column as it came, one column a kind (codes parted by '; '), and the note."""
        rows = ([row.cell, *("; ".join(row.codes.get(kind, [])) for kind in self.kinds), row.note] for row in self.rows)
        return write_csv([self.column, *self.kinds, "note"], rows)


def answer_many(file: Path, *, on: date, name: str | None = None) -> Answers:
    """The areas of each row of a CSV on a day; Refused where it has neither column, or nothing is loaded to answer from."""
    name = name or file.name
    table = read_csv(file.read_bytes())
    lowered = {column.strip().lower(): column for column in reversed(table.header)}
    by_postcode = next((lowered[one] for one in POSTCODE_COLUMNS if one in lowered), None)
    column = by_postcode or next((lowered[one] for one in CODE_COLUMNS if one in lowered), None)
    if column is None:
        raise Refused(
            gettext(
                "%(name)s has no column 'postcode' and none 'code': call one so; it has %(header)s",
                name=name,
                header=", ".join(table.header),
            )
        )
    cells = [(line, row[column].strip()) for line, row in table.records()]
    if not cells:
        raise Refused(gettext("%(name)s has no rows: send a file with one postcode or code in each row", name=name))
    return answer_cells(cells, column.strip(), on=on, by_postcode=bool(by_postcode))


def answer_cells(cells: Sequence[tuple[int, str]], column: str, *, on: date, by_postcode: bool) -> Answers:
    """The areas of each cell (its line, its text) on a day; Refused where nothing is loaded to answer from."""
    kinds = tuple(one.kind for one in kinds_loaded(on) if one.areas)
    if not kinds:
        raise Refused(gettext("This service has no boundaries for %(day)s. Ask for another day", day=short_day(on)))
    answers = _by_postcode(cells, on) if by_postcode else _by_code(cells, on)
    return Answers(column, kinds, tuple(_repeats_marked(answers)))


def _repeats_marked(rows: Sequence[Answer]) -> list[Answer]:
    """The rows, with a note on each that stands a second time."""
    first: dict[str, int] = {}
    marked = []
    for row in rows:
        before = first.setdefault(row.cell, row.line)
        again = gettext("the same as line %(before)s", before=before) if row.cell and before != row.line else ""
        marked.append(replace(row, note="; ".join(filter(None, [row.note, again]))))
    return marked


def _by_postcode(cells: Sequence[tuple[int, str]], on: date) -> list[Answer]:
    """The areas at the point of each postcode."""
    if db.session.scalar(select(Postcode.postcode).limit(1)) is None:
        raise Refused(gettext("This service has no postcodes yet. Send a column of codes instead"))
    spaced = [normal(cell) for _, cell in cells]
    found: dict[str, Postcode] = {}
    for chunk in chunks(sorted(set(filter(None, spaced))), 500):
        rows = select(Postcode).where(Postcode.postcode.in_(chunk)).order_by(Postcode.postcode)
        found |= {row.postcode: row for row in db.session.scalars(rows)}
    placed = [row for row in found.values() if row.x is not None and row.y is not None]
    areas = dict(
        zip((row.postcode for row in placed), point_index().at_many([(row.x, row.y) for row in placed], on), strict=True)
    )
    asks = asks_of(placed, areas, on)
    lacking = dict(zip(areas, lacking_words_each(list(areas.values()), on), strict=True))
    beside = {one: [*filter(None, [asks.get(one)]), *lacking[one]] for one in areas}
    at = {one: _AtPoint(row, areas.get(one), beside.get(one, [])) for one, row in found.items()}
    return [_postcode_answer(cell, one, at.get(one or ""), on) for cell, one in zip(cells, spaced, strict=True)]


@dataclass(frozen=True, slots=True)
class _AtPoint:
    """A postcode with the areas at its point, None where it has no point, and what must be said beside them."""

    postcode: Postcode
    areas: Found | None
    beside: Sequence[str]


def _postcode_answer(at: tuple[int, str], spaced: str | None, found: _AtPoint | None, on: date) -> Answer:
    """One postcode (its line, its cell) answered, or why it cannot be."""
    line, cell = at
    if spaced is None:
        return Answer(line, cell, {}, why_not_whole(cell), fault=True)
    if found is None:
        return Answer(
            line, spaced, {}, why_not_covered(spaced) or gettext("not among the postcodes loaded: check it"), fault=True
        )
    notes, areas, row = [], found.areas, found.postcode
    if row.to_on is not None and row.to_on < on:
        notes.append(gettext("ended in %(to_on)s", to_on=f"{row.to_on:%B %Y}"))
    elif row.from_on is not None and row.from_on > on:
        notes.append(gettext("in use only from %(from_on)s", from_on=f"{row.from_on:%B %Y}"))
    if areas is None and (outside := why_not_covered(spaced)):
        notes.append(outside)
    elif not areas:
        notes.append(
            gettext("it has no point in the file it came from") if areas is None else gettext("no area that is loaded lies there")
        )
    codes: dict[str, list[str]] = defaultdict(list)
    for area in areas or ():
        codes[area.kind].append(area.code)
    notes += [gettext("in two areas of kind %(kind)s", kind=kind) for kind, held in codes.items() if len(held) > 1]
    notes += found.beside
    ids = tuple(area.id for area in areas or ())
    return Answer(line, spaced, dict(codes), "; ".join(notes), fault=not areas, area_ids=ids)


def _by_code(cells: Sequence[tuple[int, str]], on: date) -> list[Answer]:
    """The areas that each coded area shares land with: by the boundary of the code, else of what it became, else of what it
    was."""
    known = resolve_many({cell for _, cell in cells if cell}, on)
    wanted = {one.code for one in known.values()} | {part.code for one in known.values() for part in one.became}
    former: dict[str, list[str]] = defaultdict(list)
    for chunk in chunks(sorted({one.code for one in known.values()}), 500):
        for link in predecessors(chunk):
            if link.type == "recode":
                former[link.new_code].append(link.old_code)
    held = _areas(wanted | {old for olds in former.values() for old in olds}, on)
    chosen = {cell: _chosen(one, held, former) for cell, one in known.items()}
    shared = _shared({area.id for areas, _ in chosen.values() for area in areas}, on)
    gaps = gaps_of_each([areas for areas, _ in chosen.values()], on)
    said = {
        cell: "; ".join(filter(None, [note, *(gap.words for gap in found)]))
        for (cell, (_, note)), found in zip(chosen.items(), gaps, strict=True)
    }
    return [
        _code_answer((line, cell), known.get(cell), chosen.get(cell, ([], ""))[0], said.get(cell, ""), shared)
        for line, cell in cells
    ]


def _areas(codes: set[str], on: date) -> dict[str, Area]:
    """The area of each code that holds on a day, of the first kind that has it."""
    found: dict[str, Area] = {}
    for chunk in chunks(sorted(codes), 500):
        rows = select(Area).where(Area.code.in_(chunk), holds_on(on)).order_by(kind_order(), Area.from_on, Area.id)
        for area in db.session.scalars(rows):
            found.setdefault(area.code, area)
    return found


def _chosen(one: Resolved, held: dict[str, Area], former: dict[str, list[str]]) -> tuple[list[Area], str]:
    """The boundaries to answer by, and what must be said of that."""
    parts = [held[part.code] for part in one.became if part.code in held]
    if one.standing == BECAME and parts:
        lacking = [part.code for part in one.became if part.code not in held]
        return parts, gettext(
            "%(note)s; the boundary of %(lacking)s is not loaded", note=one.note, lacking=", ".join(lacking)
        ) if lacking else one.note
    if one.code in held:
        return [held[one.code]], one.note if one.standing == BECAME else ""
    older = [held[old] for old in former[one.code] if old in held]
    if older:
        return older[:1], gettext("its boundary is loaded under its former code, %(code)s", code=older[0].code)
    return [], one.note


def _shared(area_ids: set[int], on: date) -> dict[int, list[tuple[str, str]]]:
    """The areas of other kinds that each shares more than a sliver with, as (kind, code), the largest share of it first."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for chunk in chunks(sorted(area_ids), 500):
        rows = (
            select(
                AreaOverlap.area_id,
                Area.kind,
                Area.code,
                AreaOverlap.share_of_area,
                AreaOverlap.share_of_people,
                AreaOverlap.share_of_other_area,
                AreaOverlap.share_of_other_people,
            )
            .join(Area, Area.id == AreaOverlap.other_id)
            .where(AreaOverlap.area_id.in_(chunk), holds_on(on), Area.kind.not_in(measuring_kinds()))
            .order_by(AreaOverlap.area_id, AreaOverlap.people.desc().nulls_last(), AreaOverlap.square_metres.desc(), Area.code)
        )
        for area_id, kind, code, *shares in db.session.execute(rows):
            if any((share or 0) >= SLIVER for share in shares):
                found[area_id].append((kind, code))
    return found


def _code_answer(
    at: tuple[int, str], one: Resolved | None, areas: list[Area], note: str, shared: dict[int, list[tuple[str, str]]]
) -> Answer:
    """One code (its line, its cell) answered, or why it cannot be."""
    line, cell = at
    if one is None:
        return Answer(line, cell, {}, gettext("the cell is empty: write a code"), fault=True)
    codes: dict[str, list[str]] = defaultdict(list)
    for area in areas:
        for kind, code in [(area.kind, area.code), *shared[area.id]]:
            if code not in codes[kind]:
                codes[kind].append(code)
    return Answer(line, one.code, dict(codes), note, fault=not areas, area_ids=tuple(area.id for area in areas))


def write_answers(file: Path, to: Path, *, on: date, say: Callable[[str], None]) -> Answers:
    """Answer a file and write the table beside it; Refused where the table would fall on the file itself or nowhere."""
    if to.resolve() == file.resolve():
        raise Refused(gettext("%(to)s is the file itself: name another with --to", to=to))
    if not to.parent.is_dir():
        raise Refused(gettext("%(to)s: there is no such folder. Make it, or name another with --to", to=to))
    found = answer_many(file, on=on)
    to.write_bytes(found.csv())
    for row in found.faults[:20]:
        say(f"{file.name}, line {row.line}: '{row.cell[:40]}': {row.note}")
    if len(found.faults) > 20:
        say(f"and {len(found.faults) - 20:,} more rows without an area; the column 'note' of {to.name} names each")
    return found
