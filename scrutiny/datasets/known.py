"""The data sets this service publishes: the standing tables, and the figures of each published source of the count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import abort
from flask_babel import gettext
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import Gone

from scrutiny.agencies.models import Footprint
from scrutiny.editions.published import newest_editions
from scrutiny.extensions import db
from scrutiny.formats import london_day
from scrutiny.ledger.counting import year_title
from scrutiny.ledger.keys import COVERAGES, PHASES
from scrutiny.ledger.models import LedgerSource
from workflows.frequency import Punctuality, punctuality

#: How often figures of a phase are published: accounts and budgets once a year; payments at least every three months
#: (Local Government Transparency Code 2015; https://www.gov.uk/government/publications/local-government-transparency-code-2015).
HOW_OFTEN: Final = {"budget": "annual", "outturn": "annual", "audited": "annual", "payments": "quarterly"}
MEDIA: Final = {"csv": "text/csv", "json": "application/json"}


@dataclass(frozen=True, slots=True)
class Distribution:
    """One form of a data set: where it is taken from, under this service's own address, and its format."""

    path: str
    form: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set as a catalogue tells of it. What is not known is empty; days are London days."""

    key: str
    title: str
    about: str
    page: str
    distributions: tuple[Distribution, ...]
    publisher: str
    licence: str
    issued: date | None = None
    version: str = ""
    begins: date | None = None
    ends: date | None = None
    place_codes: tuple[str, ...] = ()
    #: what it was made from: an address or a document, as its source says
    made_from: str = ""
    schema: str = ""
    punctual: Punctuality | None = None


class Replaced(Gone):
    """A source that was published and corrected: its figures stand nowhere any more, and `by` has those that do."""

    def __init__(self, by: LedgerSource) -> None:
        super().__init__()
        self.by = by


def published_source(source_id: int) -> LedgerSource:
    """A source of the count that is published now, whoever asks: what is open is the same for everybody; `Replaced` where
    a correction of it is published, else 404."""
    source = db.session.scalar(_published().where(LedgerSource.id == source_id))
    if source is None:
        if (instead := _instead_of(source_id)) is not None:
            raise Replaced(instead)
        abort(404)
    return source


def _instead_of(source_id: int) -> LedgerSource | None:
    """The published source at the end of the corrections of a replaced one; None where there is none."""
    seen: set[int] = set()
    source = db.session.get(LedgerSource, source_id)
    while source is not None and source.state == "replaced" and source.id not in seen:
        seen.add(source.id)
        source = db.session.get(LedgerSource, source.replaced_by_id) if source.replaced_by_id else None
    return source if seen and source is not None and source.state == "published" else None


def dataset_of(source: LedgerSource, today: date) -> Dataset:
    """The data set of one published source."""
    series = list(db.session.scalars(_published().where(LedgerSource.agency_id == source.agency_id)))
    return _figures(source, _served([source]).get(source.agency_id, []), _last_of(source, _last(series)), today)


def all_datasets(site: str, licence: str, today: date) -> list[Dataset]:
    """Every data set, the standing tables first. The number of statements does not grow with their number."""
    sources = list(db.session.scalars(_published()))
    served, last = _served(sources), _last(sources)
    figures = [_figures(one, served.get(one.agency_id, []), _last_of(one, last), today) for one in sources]
    return [*_standing(site, licence), *figures]


#: Of the figures of each body and phase: the newest year, and the day on which figures of the series last came.
Last = dict[tuple[int, str], tuple[int, date]]


def _last(sources: Iterable[LedgerSource]) -> Last:
    """When figures of each series last came, whatever they are of: payments of a quarter follow those of the one before."""
    found: Last = {}
    for source in sources:
        if source.published_at is not None:
            year, day = found.get((source.agency_id, source.phase), (0, date.min))
            found[source.agency_id, source.phase] = max(year, source.year), max(day, london_day(source.published_at))
    return found


def _last_of(source: LedgerSource, last: Last) -> date | None:
    """The day on which the series of a source last came, where the source is of its newest year."""
    year, day = last.get((source.agency_id, source.phase), (0, date.min))
    return day if year == source.year else None


def _published() -> Select[LedgerSource]:
    return (
        select(LedgerSource)
        .where(LedgerSource.state == "published")
        .options(joinedload(LedgerSource.agency))
        .order_by(LedgerSource.agency_id, LedgerSource.year.desc(), LedgerSource.id)
    )


def _served(sources: Iterable[LedgerSource]) -> dict[int, list[Footprint]]:
    """The areas each body serves or served, with their days."""
    agencies = sorted({source.agency_id for source in sources})
    found: dict[int, list[Footprint]] = {}
    for row in db.session.scalars(select(Footprint).where(Footprint.agency_id.in_(agencies)).order_by(Footprint.area_code)):
        found.setdefault(row.agency_id, []).append(row)
    return found


def _codes(served: Iterable[Footprint], begins: date, ends: date) -> tuple[str, ...]:
    """The codes of the areas served on any day of a period, each once."""
    held = (row.area_code for row in served if (row.from_on or begins) <= ends and (row.to_on or ends) >= begins)
    return tuple(dict.fromkeys(held))


def _figures(source: LedgerSource, served: Iterable[Footprint], last_on: date | None, today: date) -> Dataset:
    base, begins, ends = f"/data/count/{source.id}", date(source.year, 4, 1), date(source.year + 1, 3, 31)
    issued = london_day(source.published_at) if source.published_at else None
    told = gettext(
        "What %(body)s spent in %(year)s by service: %(phase)s. %(coverage)s.",
        body=source.agency.name,
        year=year_title(source.year),
        phase=PHASES[source.phase],
        coverage=COVERAGES[source.coverage],
    )
    return Dataset(
        key=f"count-{source.id}",
        title=source.title,
        about=told,
        page=base,
        distributions=(Distribution(f"{base}/figures.csv", "csv"), Distribution(f"{base}/figures.json", "json")),
        publisher=source.publisher or source.agency.name,
        licence=source.licence,
        issued=issued,
        version=str(source.id),
        begins=begins,
        ends=ends,
        place_codes=(source.area_code,) if source.area_code else _codes(served, begins, ends),
        made_from=source.citation,
        schema=f"{base}/datapackage.json",
        punctual=punctuality(HOW_OFTEN[source.phase], last_on, today) if last_on else None,
    )


def _standing(site: str, licence: str) -> list[Dataset]:
    """Tables that are made anew whenever they are asked for."""
    editions = newest_editions(1)
    newest = london_day(editions[0].released_at) if editions and editions[0].released_at else None
    tables = (
        ("agencies", gettext("Agencies"), gettext("Who answers for places: agencies with their kinds, codes and areas."), None),
        ("reports", gettext("Reports"), gettext("Every published report, with its digest."), newest),
        ("findings", gettext("Findings"), gettext("Every published finding, with its judgement and its report."), newest),
        (
            "recommendations",
            gettext("Recommendations"),
            gettext("Every recommendation made, to whom, by when, and what came of it."),
            newest,
        ),
    )
    also = {"reports": "/api/v1/reports", "recommendations": "/api/v1/recommendations"}
    return [
        Dataset(
            key=key,
            title=title,
            about=about,
            page="/data",
            distributions=(Distribution(f"/data/{key}.csv", "csv"), *([Distribution(also[key], "json")] if key in also else [])),
            publisher=site,
            licence=licence,
            issued=issued,
        )
        for key, title, about, issued in tables
    ]
