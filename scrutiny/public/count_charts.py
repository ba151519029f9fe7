"""The charts of the count: bars of several parts, each with a table beside it that says the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext
from markupsafe import Markup

from scrutiny.charts import PARTS, Stack, stacked
from scrutiny.ledger.counting import Count, service_title, year_title
from scrutiny.ledger.keys import CONTROLS
from scrutiny.ledger.summary import Summary
from scrutiny.ledger.words import rounded
from scrutiny.ledger.years import OverYears


@dataclass(frozen=True, slots=True)
class Line:
    """One bar to draw: its name, what of each key is in it in pence, and its number as it is written."""

    name: str
    sums: Mapping[str, int]
    written: str


def chart_of(lines: Sequence[Line], keys: Sequence[str], *, named: Callable[[str], str], title: str) -> Markup:
    """Bars whose parts are the keys in their order; where there are too many, the last ones are drawn as one."""
    most = len(PARTS)
    apart = keys if len(keys) <= most else keys[: most - 1]
    together = keys[len(apart) :]
    series = [named(key) for key in apart] + ([gettext("All other services")] if together else [])
    stacks = [
        Stack(
            line.name,
            [line.sums.get(key, 0) for key in apart] + ([sum(line.sums.get(key, 0) for key in together)] if together else []),
            line.written,
        )
        for line in lines
    ]
    return stacked(stacks, series, title=title)


def service_name(key: str) -> str:
    """A division of COFOG as a chart names it."""
    return service_title(key) or gettext("Not placed under a service")


def years_chart(over: OverYears, at_prices: bool) -> Markup:
    """Each year as a bar of services, as spent or at the prices of one year; a year without a price level has none."""
    after = {step.after.year for step in over.steps() if not step.is_compared}
    lines = []
    for year in over.years:
        sums = {key: over.real(pence, year.year)[0] if at_prices else pence for key, pence in year.by_service.items()}
        whole = over.real(year.net, year.year)[0] if at_prices else year.net
        name = f"{year_title(year.year)} *" if year.year in after else year_title(year.year)
        said = gettext("No price level") if whole is None else rounded(whole)
        lines.append(Line(name, {key: pence or 0 for key, pence in sums.items()}, said))
    title = gettext("Spending by service in each year")
    return chart_of(lines, over.services, named=service_name, title=title)


def who_chart(found: Count, summary: Summary) -> Markup:
    """Each body as a bar of the services it spends on; the largest services apart, in the order of the table."""
    lines = [Line(body.agency.name, summary.services_of(body.agency.id), rounded(body.net)) for body in found.bodies]
    keys = [service for service, _ in found.by_service]
    return chart_of(lines, keys, named=service_name, title=gettext("Who spends, and on what"))


def control_chart(found: Count, summary: Summary) -> Markup:
    """Each service as a bar of who decides how the money is spent."""
    lines = [Line(service_name(key), summary.of(service=key), rounded(pence)) for key, pence in found.by_service]
    return chart_of(
        lines, summary.controls, named=lambda key: str(CONTROLS[key]), title=gettext("On what, and who decides how it is spent")
    )
