"""The count of a place over the years as plain values: what the command prints and the files of its page hold."""

from __future__ import annotations

from collections.abc import Iterator

from scrutiny.ledger.counting import service_title
from scrutiny.ledger.year_words import between_words, unlike_words
from scrutiny.ledger.years import OverYears, Step, YearCounted, real_change

COLUMNS = (
    "place",
    "year",
    "part",
    "key",
    "name",
    "pence",
    "real_pence",
    "prices_of",
    "compared_with",
    "change_in_real_terms",
    "why_not_compared",
)
ALL, SERVICE, BODY = "all", "service", "body"


def rows_of(over: OverYears) -> Iterator[tuple[str | int | float | None, ...]]:
    """One row for each year and part (all, each service, each body), in the order of `COLUMNS`."""
    steps: list[Step | None] = [None, *over.steps()]
    for year, step in zip(over.years, steps, strict=True):
        yield _row(over, year, step, (ALL, "", ""))
        for service in over.services:
            yield _row(over, year, step, (SERVICE, service, service_title(service)))
        for body in over.bodies:
            yield _row(over, year, step, (BODY, body, over.names.get(body, "")))


def as_plain(over: OverYears, codes: list[str]) -> dict[str, object]:
    """The same as one JSON document: money in pence, what is not counted null."""
    return {
        "place": {"name": over.name, "codes": codes},
        "prices_of": over.prices_of,
        "years": [year.year for year in over.years],
        "rows": [dict(zip(COLUMNS[1:], row[1:], strict=True)) for row in rows_of(over)],
    }


def _row(
    over: OverYears, year: YearCounted, step: Step | None, part: tuple[str, str | int, str]
) -> tuple[str | int | float | None, ...]:
    kind, key, name = part
    pence, why, change = _pence(year, part), _why(over, step, part), None
    if step is not None and not why:
        share = real_change(_pence(step.before, part), pence, step)
        change = None if share is None else float(share)
    real = None if pence is None else over.real(pence, year.year)[0]
    before = step.before.year if step else None
    return (over.name, year.year, kind, key, name, pence, real, over.prices_of, before, change, why)


def _pence(year: YearCounted, part: tuple[str, str | int, str]) -> int | None:
    """What was spent: None where a body is not counted, and where nothing is counted under a service."""
    kind, key, _ = part
    if kind == ALL:
        return year.net
    return year.by_service.get(str(key)) if kind == SERVICE else year.by_body.get(int(key))


def _why(over: OverYears, step: Step | None, part: tuple[str, str | int, str]) -> str:
    """Why a part is not compared with the year before; '' where it is, and for the first year."""
    kind, key, _ = part
    if step is None:
        return ""
    if kind == BODY:
        against = [one for one in step.unlike if one.body == int(key)]
        if not against and int(key) not in step.after.by_body:
            return ""
    else:
        against = list(step.unlike)
    between = [] if step.is_next else [between_words()]
    return " ".join([*between, *(unlike_words(one, step, over) for one in against)])
