"""The delay log: what fell due in a period and when it came, by agency and power; read across requests and recommendations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask_babel import gettext, lazy_gettext

from scrutiny.file_reading.tables import Row
from scrutiny.recommendations.fell_due import responses_due
from scrutiny.requests.fell_due import LATE, NONE, ON_TIME, Fell, Period, items_due
from scrutiny.requests.legal_basis import power_named
from workflows.roles import Actor

STANDINGS: Final = {ON_TIME: lazy_gettext("On time"), LATE: lazy_gettext("Late"), NONE: lazy_gettext("No response")}
#: What a count of those late where the law sets a day is filtered by: later than that day and than the one they were given.
BY_LAW: Final = "late-by-law"


@dataclass(frozen=True, slots=True)
class Count:
    """How many fell due of one agency under one power, and what came of them."""

    agency_id: int
    agency: str
    power: str
    fell: int
    on_time: int
    late: int
    none: int
    late_by_law: int
    enough: bool

    @property
    def share(self) -> float | None:
        """The share that came on time, from 0 to 1; None where they are too few to compare."""
        return self.on_time / self.fell if self.enough else None


def fell_due(by: Actor, first: date, last: date, today: date) -> list[Fell]:
    """What fell due from a day to a day and may be counted: an agency's own; for a body, in the reviews it leads."""
    period = Period(by, first, last, today)
    found = [*items_due(period), *responses_due(period)]
    return sorted(found, key=lambda one: (one.agency, one.due_on, one.reference))


def counts(rows: Iterable[Fell], *, least: int) -> list[Count]:
    """Counted by agency and power, by name; `least` is how many must have fallen due before a share is worked out."""
    groups: dict[tuple[str, int, str], list[Fell]] = {}
    for row in rows:
        groups.setdefault((row.agency, row.agency_id, row.power), []).append(row)
    return [_count(key, group, least) for key, group in sorted(groups.items())]


def ranked(found: Iterable[Count]) -> list[Count]:
    """The same with the lowest share on time first; those too few to compare stand last, by name, outside the ranking."""
    return sorted(found, key=lambda one: (one.share is None, one.share or 0.0, one.agency, one.power))


def chosen(rows: Iterable[Fell], *, agency: int | None = None, power: str | None = None, standing: str = "") -> list[Fell]:
    """The rows a number counts."""
    return [
        row
        for row in rows
        if (agency is None or row.agency_id == agency)
        and (power is None or row.power == power)
        and (not standing or (row.late_by_law if standing == BY_LAW else row.standing == standing))
    ]


def title_of(power: str) -> str:
    """What a power is called; '' is a request no law stands behind."""
    named = power_named(power)
    return named.title if named else power or gettext("Invited or asked: no power")


def as_table(found: Iterable[Count]) -> tuple[Sequence[str], list[Row]]:
    """The counts for a file."""
    head = ("agency", "power", "fell due", "on time", "late", "no response", "late by law", "share on time")
    return head, [
        (
            one.agency,
            title_of(one.power),
            one.fell,
            one.on_time,
            one.late,
            one.none,
            one.late_by_law,
            round(one.share, 3) if one.share is not None else gettext("too few to compare"),
        )
        for one in found
    ]


def as_list(rows: Iterable[Fell]) -> tuple[Sequence[str], list[Row]]:
    """The rows behind them for a file."""
    head = ("reference", "what", "agency", "power", "due", "by law", "late after", "came", "standing", "late by law")
    return head, [
        (
            one.reference,
            one.title,
            one.agency,
            title_of(one.power),
            one.due_on,
            one.statutory_due_on,
            one.late_after,
            one.answered_on,
            str(STANDINGS[one.standing]),
            gettext("yes") if one.late_by_law else gettext("no"),
        )
        for one in rows
    ]


def _count(key: tuple[str, int, str], group: list[Fell], least: int) -> Count:
    """One line of the log."""
    agency, agency_id, power = key
    by_standing = {standing: sum(row.standing == standing for row in group) for standing in STANDINGS}
    return Count(
        agency_id,
        agency,
        power,
        len(group),
        by_standing[ON_TIME],
        by_standing[LATE],
        by_standing[NONE],
        sum(row.late_by_law for row in group),
        len(group) >= least,
    )
