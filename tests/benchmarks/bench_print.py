"""A 30-page joint report: our whole time, in the printing process, against WeasyPrint alone on the same HTML."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import weasyprint

from scrutiny.adapters.print_job import AttachedFile
from scrutiny.adapters.printer import Printer
from tests.scrutiny.adapters.sample import sample_report

AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
SECTIONS = 15
ROUNDS = 5
DATA = AttachedFile("shares.csv", b"agency,people\n" + b"Loamshire Police,13577\n" * 500, "Shares of the people")


def seconds(deed: Callable[[], object]) -> float:
    """The wall-clock time of one deed."""
    begun = time.perf_counter()
    deed()
    return time.perf_counter() - begun


@pytest.mark.bench
def test_a_thirty_page_report_costs_less_than_a_quarter_more_than_weasyprint_alone(
    record_property: Callable[[str, object], None], capsys: pytest.CaptureFixture[str]
) -> None:
    html = sample_report(SECTIONS)
    printer = Printer()
    start = seconds(printer.start)
    printed = printer.print_html(html, created=AT, attachments=[DATA])
    alone, ours = [], []
    for _ in range(ROUNDS):  # turn about, so that whatever else the machine does falls on both
        # The yardstick writes the same kind of file: tagged, with the same attachment, and nothing of ours.
        attachment = weasyprint.Attachment(string=DATA.content, name=DATA.name, relationship="Data")
        page = weasyprint.HTML(string=html)
        alone.append(seconds(lambda: page.write_pdf(pdf_variant="pdf/a-3a", attachments=[attachment])))  # noqa: B023  # called at once, in this turn of the loop
        ours.append(seconds(lambda: printer.print_html(html, created=AT, attachments=[DATA])))
    printer.close()
    ratio = statistics.median(ours) / statistics.median(alone)
    report = (
        f"print: {printed.pages} pages, {len(printed.pdf) // 1024} KB; starting the process {start:.2f} s (apart); "
        f"ours {statistics.median(ours):.2f} s, WeasyPrint alone {statistics.median(alone):.2f} s, ratio {ratio:.2f}"
    )
    record_property("report", report)
    with capsys.disabled():
        print(f"\n{report}")
    assert 30 <= printed.pages <= 34
    assert ratio < 1.25
