"""HTML in, one PDF out: PDF/A-3a and PDF/UA-1 in one file, nothing fetched, the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from datetime import datetime

from scrutiny.adapters.print_job import Asset, AttachedFile, PdfMissing, Printed, PrintJob

NO_PANGO = (
    "PDFs cannot be printed on this machine: Pango is missing. Run "
    "“apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 "
    "fonts-liberation fonts-dejavu-core”, then try again. Everything else works without it."
)


def print_html(
    html: str, *, created: datetime, attachments: Sequence[AttachedFile] = (), assets: Mapping[str, Asset] | None = None
) -> Printed:
    """Print one page of HTML in this process. A web process asks a Printer instead, which has its own."""
    return print_job(PrintJob(html, created, attachments, assets or {}))


def print_job(job: PrintJob, progress: Callable[[str], None] | None = None) -> Printed:
    """Print one job, telling `progress` each step in words. Raises PdfMissing, or Refused for a page that fetches."""
    try:
        # WeasyPrint is heavy, and without Pango its import fails: everything but printing must work without it.
        # It then also prints a page of advice of its own, which our sentence replaces.
        with redirect_stdout(io.StringIO()):
            from scrutiny.adapters.typesetting import typeset  # noqa: PLC0415  # WeasyPrint is loaded by the printing process alone
    except OSError as error:
        raise PdfMissing(NO_PANGO) from error
    return typeset(job, progress)
