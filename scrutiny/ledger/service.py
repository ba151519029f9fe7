"""Deeds on sources of the count: begun, whole once their rows are entered, published, replaced by a correction, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.adapters import fitted
from scrutiny.adapters.files import Kept
from scrutiny.agencies.models import Agency
from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.ledger.access import counted_for, may_keep
from scrutiny.ledger.entered import Ready, ready
from scrutiny.ledger.keys import PHASES
from scrutiny.ledger.models import LedgerCell, LedgerSkipped, LedgerSource
from scrutiny.stored_files import stored
from scrutiny.transaction import take_turn
from workflows.lifecycles.ledger_source import LEDGER_SOURCE
from workflows.refusals import Refused
from workflows.roles import Actor
from workflows.spending import financial_year

#: What one source may hold: ten times what all public bodies of the country together spend in a year.
MOST_PENCE = 10**15


@dataclass(frozen=True, slots=True)
class Rows:
    """What a source is made of: cells, rows skipped, its file or what is kept of it (None if typed), what it corrects."""

    cells: Ready
    skipped: Ready
    content: bytes | Kept | None = None
    replaces: LedgerSource | None = None

    @classmethod
    def of(cls, cells: Sequence[LedgerCell], skipped: Sequence[LedgerSkipped] = (), **others: Any) -> Self:
        """The same of rows that were not made ready beforehand."""
        return cls(ready(LedgerCell, cells), ready(LedgerSkipped, skipped), **others)


def store(source: LedgerSource, rows: Rows, *, by: Actor, at: datetime) -> LedgerSource:
    """Keep a source with its file, its cells and the rows it skipped in one transaction: for a source of few rows."""
    begin(source, rows, by=by, at=at)
    rows.cells.enter(source.id)
    rows.skipped.enter(source.id)
    return complete(source, rows, by=by, at=at)


def begin(source: LedgerSource, rows: Rows, *, by: Actor, at: datetime) -> None:
    """Keep a source with its file and the digests of its rows, which are still to be entered: it is nobody's to see.

    Refuses a file that is loaded already, a body that did not exist in the year, and accounts of a year given twice: a
    correction names the source it replaces, which goes when the correction is published. Only who looks after a source
    corrects it, or is told of it before it is published.
    """
    take_turn(f"count of agency {source.agency_id}")
    agency = db.session.get_one(Agency, source.agency_id)
    _refuse_outside_its_life(agency, source.year)
    source.sha256 = _kept(rows.content, at) if rows.content is not None else None
    _refuse_as_it_stands(source, agency, rows.replaces, by)
    source.rows_loaded, source.rows_skipped = sum(cell["rows"] for cell in rows.cells.values), len(rows.skipped.values)
    source.rows_read = max(source.rows_read or 0, source.rows_loaded + source.rows_skipped)
    source.pence = sum(cell["pence"] for cell in rows.cells.values)
    source.cells_sha256, source.skipped_sha256 = rows.cells.sha256, rows.skipped.sha256
    _refuse_too_much([cell["pence"] for cell in rows.cells.values])
    source.state, source.loaded_by, source.loaded_at = LEDGER_SOURCE.initial, by.reference, at
    db.session.add(source)
    db.session.flush()


def complete(source: LedgerSource, rows: Rows, *, by: Actor, at: datetime) -> LedgerSource:
    """Let a source whose rows are all entered be seen by those who look after it; it is pending until it is published.

    What was refused when it was begun is looked at again, for its rows may have taken a while.
    """
    take_turn(f"count of agency {source.agency_id}")
    agency = db.session.get_one(Agency, source.agency_id)
    _refuse_as_it_stands(source, agency, rows.replaces, by)
    if not (rows.cells.are_entered(source.id) and rows.skipped.are_entered(source.id)):
        raise Refused(gettext("Not all rows of this source could be entered, so none was kept: load it again"))
    move = LEDGER_SOURCE.make("complete", source, by=by)
    if rows.replaces is not None:
        rows.replaces.replaced_by_id = source.id
    db.session.flush()
    note(
        move.event,
        about=source.reference,
        within=agency.reference,
        by=by,
        at=at,
        year=source.year,
        rows=source.rows_loaded,
        skipped=source.rows_skipped,
        sha256=source.sha256 or "",
    )
    return source


def publish(source: LedgerSource, *, by: Actor, at: datetime) -> list[LedgerSource]:
    """Publish a source; the sources it corrects are replaced in the same moment, so that nothing is counted twice."""
    if not source.year:
        raise Refused(gettext("Nothing says which year this source is of: load it again and say the year"))
    take_turn(f"count of agency {source.agency_id}")
    corrected = _corrected(source)
    _refuse_beside(source, corrected)
    _move("publish", source, by=by, at=at)
    source.published_by, source.published_at = by.reference, at
    for other in corrected:
        _move("replace", other, by=by, at=at)
    db.session.flush()
    return corrected


def withdraw(source: LedgerSource, why: str, *, by: Actor, at: datetime) -> None:
    """Withdraw a source for a reason; what it would have replaced stays."""
    if not why.strip():
        raise Refused(gettext("Enter why you are withdrawing this source"))
    was_pending = source.state == "pending"
    _move("withdraw", source, by=by, at=at)
    source.withdrawn_by, source.withdrawn_at, source.withdrawn_why = by.reference, at, why.strip()
    if was_pending:
        for other in db.session.scalars(select(LedgerSource).where(LedgerSource.replaced_by_id == source.id)):
            other.replaced_by_id = source.replaced_by_id
    db.session.flush()


def _move(name: str, source: LedgerSource, *, by: Actor, at: datetime) -> None:
    """Make a move and note it."""
    before = source.state
    move = LEDGER_SOURCE.make(name, source, by=by)
    note(move.event, about=source.reference, within=f"agency:{source.agency_id}", by=by, at=at, before=before, after=source.state)


def _refuse_too_much(pence: Sequence[int]) -> None:
    """No body spends as much, and sums of such sources could not be kept or added up."""
    most = f"£{MOST_PENCE // 100:,}"
    if sum(map(abs, pence)) > MOST_PENCE:
        raise Refused(gettext("The amounts add up to more than %(most)s, which no body spends: correct them", most=most))


def _kept(content: bytes | Kept, at: datetime) -> str:
    """The digest of a file kept just now."""
    kept = content if isinstance(content, Kept) else fitted.files().keep(content)
    stored.enter(kept.sha256, size=kept.size, media_type="text/csv", at=at)
    db.session.flush()
    return kept.sha256


def _refuse_outside_its_life(agency: Agency, year: int) -> None:
    """A body spends only in years in which it exists, in part at least; of a year not yet known, 0, nothing is said."""
    if not year:
        return
    first, last = date(year, 4, 1), date(year + 1, 3, 31)
    begins, ends = agency.legal_from or agency.from_on, agency.legal_to or agency.to_on
    if (begins and begins > last) or (ends and ends < first):
        raise Refused(
            gettext(
                "%(agency)s did not exist in %(year)s. Check the year, or load this for the body that spent it",
                agency=agency.name,
                year=financial_year(year),
            )
        )


def _corrected(source: LedgerSource) -> list[LedgerSource]:
    """What a source corrects, and what that was to correct, as far as it stands."""
    found: list[LedgerSource] = []
    asked = [source.id]
    while asked:
        standing = LedgerSource.state.in_(("pending", "published"))
        rows = db.session.scalars(select(LedgerSource).where(LedgerSource.replaced_by_id.in_(asked), standing)).all()
        found += rows
        asked = [one.id for one in rows]
    return found


def _refuse_beside(source: LedgerSource, corrected: Sequence[LedgerSource]) -> None:
    """The same money is not published twice, whoever loaded it: the same file, one of its name, or accounts of the year."""
    for other in db.session.scalars(
        select(LedgerSource).where(
            LedgerSource.agency_id == source.agency_id,
            LedgerSource.year == source.year,
            LedgerSource.phase == source.phase,
            LedgerSource.state == "published",
            LedgerSource.id.not_in([source.id, *(one.id for one in corrected)]),
        )
    ):
        is_same = source.sha256 is not None and other.sha256 == source.sha256
        of_that_name = bool(source.file_name) and other.file_name == source.file_name
        if is_same or of_that_name or (source.phase != "payments" and _overlap(source.stream, other.stream)):
            raise Refused(
                gettext(
                    "Source %(number)s counts this money already: %(title)s. Withdraw one of the two, or ask who published it to",
                    number=other.id,
                    title=other.title,
                )
            )


def _refuse_as_it_stands(source: LedgerSource, agency: Agency, replaces: LedgerSource | None, by: Actor) -> None:
    """What stands in the count now, and what a correction corrects, allow this source."""
    if replaces is not None and not may_keep(replaces, by):
        raise Refused(gettext("Only who loaded source %(number)s can correct it", number=replaces.id))
    if replaces is not None and (replaces.agency_id != source.agency_id or replaces.state not in ("pending", "published")):
        raise Refused(
            gettext("Source %(number)s is of another body, or no longer counts: it cannot be corrected", number=replaces.id)
        )
    _refuse_twice(source, agency, replaces, by)


def _refuse_twice(source: LedgerSource, agency: Agency, replaces: LedgerSource | None, by: Actor) -> None:
    """The same file, or accounts of the same year, are not loaded again beside what is there and the actor sees."""
    besides = [replaces.id, *(one.id for one in _corrected(replaces))] if replaces else []
    besides += [source.id] if source.id is not None else []
    there = select(LedgerSource).where(
        LedgerSource.agency_id == source.agency_id,
        LedgerSource.year == source.year,
        counted_for(by),
        LedgerSource.id.not_in(besides),
    )
    rows = list(db.session.scalars(there.order_by(LedgerSource.id)))
    for other in rows:
        if source.sha256 is not None and other.sha256 == source.sha256:
            raise Refused(
                gettext("This file is loaded already, as source %(number)s: %(title)s", number=other.id, title=other.title)
            )
    same = [one for one in rows if one.phase == source.phase != "payments" and _overlap(one.stream, source.stream)]
    if same:
        raise Refused(
            gettext(
                "%(phase)s of %(agency)s for %(year)s is loaded already, as source %(number)s. "
                "If this is a correction, say that it replaces that source",
                phase=PHASES[source.phase],
                agency=agency.name,
                year=financial_year(source.year),
                number=same[0].id,
            )
        )


def _overlap(one: str, other: str) -> bool:
    """Whether two sources may both hold the same stream: '' holds both."""
    return not one or not other or one == other
