"""Load postcodes with their points from a file that is published, and say what was in it.

A national list has 1.7 million rows, and SQLite has one pen. So the file is read and its points moved before anything is
written, and the rows are written in short parts, with a pause between them in which a page can save. Each postcode stands
for itself: while a list is being written some are as the old list has them and others as the new. The load itself counts,
with what it holds and its line in the trail, only once its last part is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import gettext, ngettext
from sqlalchemy import delete, insert

from scrutiny.areas.load_worker import digest_of
from scrutiny.areas.models import AreaLoad, Postcode
from scrutiny.areas.writing import chunks
from scrutiny.audit import service as audit
from scrutiny.extensions import db
from scrutiny.file_reading.tables import CsvTable, read_csv
from scrutiny.formats import number
from scrutiny.geography.coordinates import mover, system
from scrutiny.geography.postcodes import IRISH_GRID, PostcodePoint, moved, normal, read_postcodes
from scrutiny.transaction import run, undo
from workflows.refusals import Refused
from workflows.roles import Actor

#: Rows of the first part; how long a part may hold the pen, in seconds; the most rows of any part.
FIRST_PART, PART_SECONDS, LARGEST_PART = 1_000, 0.25, 20_000
#: Seconds between two parts: somebody who waits for SQLite's pen asks for it every tenth of a second.
PAUSE = 0.12


@dataclass(frozen=True, slots=True)
class PreparedPostcodes:
    """A list of postcodes read and moved, before anything of it is written: its rows by postcode, and what must be said."""

    name: str
    sha256: str
    rows: tuple[PostcodePoint, ...]
    notes: tuple[str, ...]


def prepare_postcodes(file: Path, *, place_crs: str, name: str | None = None) -> PreparedPostcodes:
    """Read a file of postcodes and move its points, outside any transaction; Refused where it cannot be understood."""
    undo()  # whoever began to read before does not hold the database meanwhile
    name = name or file.name
    table = _postcode_table(file.read_bytes())
    read = list(read_postcodes(table.header, zip(table.lines, table.rows, strict=True), name))
    newest = {row.postcode: row for row in moved(read, lambda crs: mover(system(crs), system(place_crs)).transform)}
    rows = tuple(newest[postcode] for postcode in sorted(newest))
    return PreparedPostcodes(name, digest_of(file), rows, (*table.notes, *_postcode_notes(len(table.rows), read)))


def load_postcodes(prepared: PreparedPostcodes, *, by: Actor, at: datetime) -> int:
    """Write postcodes that were prepared; those already there are corrected. The number of postcodes."""
    load_id = write_postcodes(prepared, by=by, at=at)
    return run(lambda: finish_load(prepared, load_id, by=by, at=at))


def write_postcodes(
    prepared: PreparedPostcodes, *, by: Actor, at: datetime, tell: Callable[[float, str], None] = lambda share, doing: None
) -> int:
    """Write the rows in parts, each a transaction of its own; the id of their load, which `finish_load` completes."""
    load_id = run(lambda: _begin_load(prepared, by, at))
    begin, size = 0, FIRST_PART
    while begin < len(prepared.rows):
        part = prepared.rows[begin : begin + size]
        started = time.monotonic()
        run(lambda part=part: _write_part(part, load_id))  # type: ignore[misc]  # mypy infers no lambda with a default
        took = time.monotonic() - started
        begin += len(part)
        tell(begin / len(prepared.rows), "writing the postcodes")
        time.sleep(PAUSE if begin < len(prepared.rows) else 0)
        size = max(min(int(len(part) * PART_SECONDS / 2 / max(took, 0.001)), size * 2, LARGEST_PART), 100)
    return load_id


def finish_load(prepared: PreparedPostcodes, load_id: int, *, by: Actor, at: datetime) -> int:
    """Let a load whose parts are written count, inside the caller's transaction; the number of postcodes."""
    load = db.session.get_one(AreaLoad, load_id)
    load.warnings, load.loaded = list(prepared.notes), len(prepared.rows)
    audit.note("postcodes_loaded", about=f"area_load:{load.id}", by=by, at=at, loaded=load.loaded, sha256=load.sha256)
    return load.loaded


def _begin_load(prepared: PreparedPostcodes, by: Actor, at: datetime) -> int:
    """The row that the postcodes name as their source; until it is finished it says that it is not."""
    load = AreaLoad(
        kind="postcodes",
        file_name=prepared.name,
        sha256=prepared.sha256,
        source=prepared.name,
        warnings=[gettext("This load has not finished: if it does not, load the file again")],
        loaded_at=at,
        loaded_by=by.reference,
    )
    db.session.add(load)
    db.session.flush()
    return load.id


def _write_part(rows: Sequence[PostcodePoint], load_id: int) -> None:
    """Write some of the rows in place of those that are there."""
    for chunk in chunks([row.postcode for row in rows], 500):
        db.session.execute(delete(Postcode).where(Postcode.postcode.in_(chunk)))
    columns = ("postcode", "x", "y", "from_on", "to_on", "district_code")
    values = [{column: getattr(row, column) for column in columns} | {"load_id": load_id} for row in rows]
    db.session.execute(insert(Postcode), values)


def _postcode_table(content: bytes) -> CsvTable:
    """The rows of a file of postcodes; one without a header may say the same thing in two columns of its first row."""
    try:
        return read_csv(content)
    except Refused:
        table = read_csv(content, strict=False)
        if any(normal(cell) for cell in table.header[:3]):
            return table
        raise


def _postcode_notes(lines: int, read: Sequence[PostcodePoint]) -> list[str]:
    """What must be said of a file of postcodes: how many have no point, are in the Irish Grid, or stand for no place."""
    unplaced, irish = sum(one.x is None for one in read), sum(one.crs == IRISH_GRID for one in read)
    left = max(lines - len(read), 0)
    never = [one.postcode for one in read if one.from_on and one.to_on and one.to_on < one.from_on]
    names = ", ".join(never[:5]) + (" …" if len(never) > 5 else "")
    said = (
        (
            len(never),
            ngettext(
                "%(num)s postcode ended before it began: %(names)s. Check its dates, and load the file again if they are wrong",
                "%(num)s postcodes ended before they began: %(names)s. "
                "Check their dates, and load the file again if they are wrong",
                len(never),
                names=names,
            ),
        ),
        (unplaced, gettext("Postcodes without a point in the file: %(count)s", count=number(unplaced))),
        (irish, gettext("Postcodes of Northern Ireland read in the Irish Grid: %(count)s", count=number(irish))),
        (left, gettext("Pseudo postcodes (ZZ99) left out because they do not belong to a place: %(count)s", count=number(left))),
    )
    return [words for count, words in said if count]
