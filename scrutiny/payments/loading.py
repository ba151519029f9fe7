"""A spend file loaded for a body: read in a child, its payments summed into cells, kept as a source that is not published yet.

All of it or nothing. The same bytes are not kept twice; what is read otherwise, or comes under the same name, corrects what was
loaded before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy import select

from scrutiny.adapters import fitted
from scrutiny.adapters.files import Kept
from scrutiny.adapters.sandbox import Lane
from scrutiny.agencies.models import Agency
from scrutiny.agencies.queries import agency_by_code
from scrutiny.bodies.queries import body
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.ledger import service
from scrutiny.ledger.access import kept_by
from scrutiny.ledger.entered import Ready, ready
from scrutiny.ledger.in_pieces import Entering, begun
from scrutiny.ledger.models import LedgerCell, LedgerSkipped, LedgerSource
from scrutiny.payments import years
from scrutiny.payments.cells import PAYMENTS, Mapped, Summed, cells_of, mapped_words, summed_up
from scrutiny.payments.lanes import understood_in_a_child
from scrutiny.payments.profiles import known_of, save_profile
from scrutiny.spend_files.dates import EARLIEST
from scrutiny.spend_files.publishers import Understood
from scrutiny.spend_files.records import Reading, SpendFile
from scrutiny.spend_files.words import remark_words, why_words
from scrutiny.transaction import undo
from workflows.refusals import Refused
from workflows.roles import Actor

#: The year of a source whose file does not say it: such a source waits for somebody who does, and is in no count.
NOT_KNOWN = 0


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a file: as it was read, its source, the profile it was read with or saved as, and what is to be known."""

    file: SpendFile
    source: LedgerSource
    profile: str
    warnings: tuple[str, ...]

    def plain(self) -> dict[str, object]:
        """The same in plain values, as the command prints it."""
        return {
            "rows": self.file.rows,
            "loaded": len(self.file.payments),
            "pence": self.file.pence,
            "skipped": [{"row": one.row, "why": str(why_words(one))} for one in self.file.skipped],
            "warnings": list(self.warnings),
            "profile": self.profile,
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be loaded: the bytes and their name, for which body, and what is said of year, profile and body that loads."""

    content: bytes
    name: str
    agency: Agency
    year: int | None = None
    profile: str = ""
    #: the number of the body whose officer loads it
    body_id: int | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that was read, ready to be kept: its year, what is to be known, its cells by the mappings of then, its bytes."""

    found: SpendFile
    year: int
    warnings: tuple[str, ...]
    mapped: Mapped
    summed: tuple[Summed, ...]
    cells: Ready
    skipped: Ready
    kept: Kept


def body_that_spends(text: str) -> Agency:
    """The body by one of its codes, or by the slug of a committee that it hosts; Refused where there is none."""
    found = agency_by_code(text.strip()) or agency_by_code(text.strip().upper())
    if found is None and (asking := body(text.strip())) is not None:
        found = asking.host_agency
    if found is None:
        raise Refused(
            gettext("No body here has the code “%(text)s”, and none is called that. Load it with flask agencies load", text=text)
        )
    return found


def read_for(agency: Agency, content: bytes, said: Reading | None, *, at: datetime, lane: Lane) -> Understood:
    """A file as it is read for a publisher: as is said, else by the profile saved from such a header.

    It may take long, so no transaction stays open meanwhile: what was read in one before is read anew after it.
    """
    known = known_of(agency)
    undo()
    return understood_in_a_child(content, said, known, today=london_day(at), lane=lane)


def prepare(found: SpendFile, wanted: Wanted, *, at: datetime) -> Prepared:
    """All that is worked out of a file before anything is written, and its bytes kept: it may take long."""
    latest = london_day(at)
    of_payments = [years.year_of_payment(one, EARLIEST, latest) for one in found.payments]
    year = wanted.year or years.year_of_payments(of_payments, wanted.name)
    year = NOT_KNOWN if year is None else year
    warnings = [str(remark_words(one)) for one in found.remarks] + _of_body(found, wanted.agency)
    warnings += _of_years(of_payments, year, is_said=wanted.year is not None)
    mapped = mapped_words(wanted.agency)
    summed = summed_up(found.payments, [one or year for one in of_payments])
    skipped = [
        LedgerSkipped(sheet=one.sheet[:200], row=one.row, reason=one.why.value, details={"cell": one.cell})
        for one in found.skipped
    ]
    cells, left_out = _ready(summed, mapped, wanted.agency), ready(LedgerSkipped, skipped)
    undo()
    return Prepared(found, year, tuple(warnings), mapped, summed, cells, left_out, fitted.files().keep(wanted.content))


def load(made: Prepared, wanted: Wanted, *, by: Actor, at: datetime) -> tuple[Loaded, Entering | None]:
    """Keep a file that was read as a source with its cells, not published yet, and how it was read as a profile.

    The short part, within a transaction, and what of its rows is still to be entered after it (`kept_in_pieces`): what was
    read before is looked at again. Refuses a body that did not exist in the year.
    """
    found, year, warnings = made.found, made.year, list(made.warnings)
    profile = wanted.profile or save_profile(found, wanted.agency, by=by, at=at).name
    same = _same(made.kept.sha256, wanted, year, by)
    if same is not None and _is_as_read(same, found) and same.year in (year, wanted.year or same.year):
        said = gettext("This file is loaded already, as source %(number)s. Nothing was kept again", number=same.id)
        return Loaded(found, same, profile, (*warnings, said)), None
    earlier = same or _of_the_same_name(wanted, year, by)
    source = _source(found, wanted, year, profile)
    mapped = mapped_words(wanted.agency)
    cells = made.cells if mapped == made.mapped else _ready(made.summed, mapped, wanted.agency)
    entering = begun(source, service.Rows(cells, made.skipped, made.kept, earlier), by=by, at=at)
    if earlier is not None:
        warnings.append(
            gettext("It corrects source %(number)s, which was loaded before, and is not added to it", number=earlier.id)
        )
    return Loaded(found, source, profile, tuple(warnings)), entering


def _ready(summed: Sequence[Summed], mapped: Mapped, agency: Agency) -> Ready:
    """The sums of a file as cells, ready to be entered."""
    return ready(LedgerCell, list(cells_of(summed, mapped, agency.id)))


def _source(found: SpendFile, wanted: Wanted, year: int, profile: str) -> LedgerSource:
    """The source of a file, without its cells."""
    return LedgerSource(
        agency_id=wanted.agency.id,
        body_id=wanted.body_id,
        title=wanted.name[:300],
        publisher=wanted.agency.name,
        file_name=wanted.name[:200],
        year=year,
        phase=PAYMENTS,
        profile=profile,
        encoding=found.encoding[:40],
        rows_read=found.rows,
        stated_pence=found.stated_pence,
    )


def _same(sha256: str, wanted: Wanted, year: int, by: Actor) -> LedgerSource | None:
    """The source that holds these very bytes already: of the year said, or of any where none is said."""
    among = (year, NOT_KNOWN) if wanted.year else None
    return _standing(wanted.agency, LedgerSource.sha256 == sha256, among, by)


def _of_the_same_name(wanted: Wanted, year: int, by: Actor) -> LedgerSource | None:
    """The source of a file of the same name, which this one corrects."""
    return _standing(wanted.agency, LedgerSource.file_name == wanted.name[:200], (year, NOT_KNOWN), by)


def _standing(agency: Agency, condition: Any, years_of: tuple[int, ...] | None, by: Actor) -> LedgerSource | None:
    """The newest such source that stands, of those the actor looks after: another body's are neither corrected nor told of."""
    rows = select(LedgerSource).where(
        LedgerSource.agency_id == agency.id,
        LedgerSource.state.in_(("pending", "published")),
        LedgerSource.replaced_by_id.is_(None),
        LedgerSource.phase == PAYMENTS,
        kept_by(by),
        condition,
    )
    if years_of is not None:
        rows = rows.where(LedgerSource.year.in_(years_of))
    return db.session.scalars(rows.order_by(LedgerSource.id.desc())).first()


def _is_as_read(source: LedgerSource, found: SpendFile) -> bool:
    """Whether a source holds what the file gives, as it is read now."""
    return (source.pence, source.rows_loaded, source.rows_skipped) == (found.pence, len(found.payments), len(found.skipped))


def _of_body(found: SpendFile, agency: Agency) -> list[str]:
    """A warning where the file names another body than the one chosen."""
    names = [agency.name, agency.name_cy, *agency.names_besides]
    others = [(name, count) for name, count in found.bodies if not years.is_called(name, names)]
    if not others or sum(count for _, count in others) * 2 <= sum(count for _, count in found.bodies):
        return []
    title = next(column.title for column in found.columns if column.role.value == "body")
    return [
        gettext(
            "The column “%(title)s” says %(name)s, but the body chosen is %(agency)s: check that this is its file",
            title=title or gettext("without a title"),
            name=others[0][0],
            agency=agency.name,
        )
    ]


def _of_years(of_payments: Sequence[int | None], year: int, *, is_said: bool) -> list[str]:
    """Warnings of payments of other financial years than the source's, and of a year that payments do not say."""
    made = []
    if year == NOT_KNOWN:
        return [gettext("Nothing in this file says which year its payments are of. It is not counted until you say the year")]
    others = sum(one is not None and one != year for one in of_payments)
    if others:
        made.append(
            ngettext(
                "%(num)s payment is of another financial year than %(year)s. It is counted with the payments of that year, where "
                "those are loaded",
                "%(num)s payments are of other financial years than %(year)s. They are counted with the payments of those years, "
                "where those are loaded",
                others,
                year=_span(year),
            )
        )
    if not is_said and all(one is None for one in of_payments):
        made.append(gettext("No payment has a date: the year %(year)s is taken from the name of the file", year=_span(year)))
    return made


def _span(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02}"
