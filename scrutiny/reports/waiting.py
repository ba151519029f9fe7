"""What waits of reports: signatures, errors that people reported, and a report held."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy import func, or_, select

from scrutiny.editions.models import Edition, Report
from scrutiny.editions.queries import ON_THE_WAY
from scrutiny.formats import LONDON, listed, london_day, moment, sentences
from scrutiny.reports.models import ErrorReport
from scrutiny.reports.signing import SIGNERS
from scrutiny.reports.unsigned import Unsigned, signatures_wanted
from scrutiny.reviews.needs import DayReader, Deadline, Need, OfReview, Rank, Reader, address_of, read_rows


def needs(reader: Reader) -> Iterator[OfReview]:
    """Errors and reports held for those who run the review; signatures for those who sign, and whose are missing."""
    signs = reader.by.has(*SIGNERS)
    opened = [review for review in reader.works.values() if review.state == "opened"]
    wanted = signatures_wanted([review for review in opened if signs or review.id in reader.runs])
    if reader.daily:
        yield from _of_reports(reader)
        yield from _not_signed(reader, wanted)
    if signs:
        yield from _signatures(reader, wanted)


def _of_reports(reader: Reader) -> Iterator[OfReview]:
    """Errors reported in a report, and a report held."""
    for review_id, count in errors_reported(list(reader.runs)):
        words = ngettext("%(num)s error reported in the report", "%(num)s errors reported in the report", count)
        yield review_id, Need(Rank.ERROR_REPORTED, words, f"{address_of(reader.runs[review_id])}/report")
    for review_id, release_at, fault in reports_held(list(reader.runs), reader.at):
        if fault:
            words = gettext("The report is held: %(fault)s", fault=fault.rstrip("."))
        else:
            words = gettext("The report was to be released on %(moment)s", moment=moment(release_at))
        yield review_id, Need(Rank.REPORT_HELD, words, f"{address_of(reader.runs[review_id])}/report", tone="late")


def _signatures(reader: Reader, wanted: dict[int, list[Unsigned]]) -> Iterator[OfReview]:
    """The reader's own signature, once the findings are settled; and why one given before no longer holds."""
    for review_id, rows in wanted.items():
        mine = next((row for row in rows if row.body_id == reader.by.body), None)
        if mine:
            words = gettext("Your signature for %(body)s is wanted", body=mine.name)
            words = sentences([words, mine.voided_why]).removesuffix(".") if mine.voided_why else words
            page = f"{address_of(reader.works[review_id])}/sign-off"
            yield review_id, Need(Rank.SIGNATURE, words, page, gettext("sign"))


def _not_signed(reader: Reader, wanted: dict[int, list[Unsigned]]) -> Iterator[OfReview]:
    """Whose signatures are missing beside the reader's own, for those who run the review."""
    for review_id, rows in wanted.items():
        others = [row.name for row in rows if row.body_id != reader.by.body or not reader.by.has(*SIGNERS)]
        if others and review_id in reader.runs:
            words = gettext("Not signed yet: %(names)s", names=listed(others))
            page = f"{address_of(reader.runs[review_id])}/sign-off"
            yield review_id, Need(Rank.NOT_SIGNED, words, page, tone="quiet")


def reports_held(reviews: Collection[int], at: datetime) -> list[Any]:
    """(review id, moment of release, fault in words) of reports that should be out and are not."""
    return read_rows(
        select(Report.review_id, Edition.release_at, Edition.fault)
        .join(Edition, Edition.report_id == Report.id)
        .where(Report.review_id.in_(reviews), Edition.state.in_(ON_THE_WAY), or_(Edition.fault != "", Edition.release_at < at))
        .order_by(Edition.release_at, Edition.id)
    )


def errors_reported(reviews: Collection[int]) -> list[Any]:
    """(review id, how many errors people have reported that nobody has decided)."""
    return read_rows(
        select(Report.review_id, func.count(ErrorReport.id))
        .join(Edition, Edition.report_id == Report.id)
        .join(ErrorReport, ErrorReport.edition_id == Edition.id)
        .where(Report.review_id.in_(reviews), ErrorReport.state == "reported")
        .group_by(Report.review_id)
        .order_by(Report.review_id)
    )


def deadlines(reader: DayReader) -> Iterator[Deadline]:
    """The days on which reports are released."""
    for review_id, edition_id, release_at in _releases(list(reader.works)):
        words = gettext("Report released at %(time)s", time=f"{release_at.astimezone(LONDON):%H:%M}")
        page = f"{address_of(reader.works[review_id])}/report"
        yield Deadline(review_id, london_day(release_at), words, page, f"release-{edition_id}")


def _releases(reviews: Collection[int]) -> list[Any]:
    """Reports that are on their way out."""
    return read_rows(
        select(Report.review_id, Edition.id, Edition.release_at)
        .join(Edition, Edition.report_id == Report.id)
        .where(Report.review_id.in_(reviews), Edition.state.in_(ON_THE_WAY), Edition.release_at.is_not(None))
        .order_by(Edition.release_at, Edition.id)
    )
