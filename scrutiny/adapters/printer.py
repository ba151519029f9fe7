"""The printer: prints in a process of its own, so that a long report never slows the pages people are reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from scrutiny.adapters.pdf import print_job
from scrutiny.adapters.print_job import Asset, AttachedFile, Printed, PrintingFailed, PrintJob
from scrutiny.adapters.sandbox import Failed, Lane, Limits, Server, Stopped
from scrutiny.adapters.shares import PRINTING

# A report of a thousand pages takes about one gigabyte.
MEMORY, OUTPUT = 2_000_000_000, 500_000_000


class Printer:
    """Prints one page at a time in a child process, stopped at its limit; the libraries are loaded once for all of them."""

    def __init__(self, *, seconds: float = 180) -> None:
        """`seconds` is the longest a page may take before its process is stopped."""
        self.seconds = seconds
        self.server = Server("scrutiny.adapters.typesetting", niceness=0)
        limits = Limits(seconds=seconds, memory=MEMORY, output=OUTPUT, patience=seconds)
        self._lane = Lane(self.server, limits, at_once=1, waiting=1000)

    def print_html(
        self,
        html: str,
        *,
        created: datetime,
        attachments: Sequence[AttachedFile] = (),
        assets: Mapping[str, Asset] | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> Printed:
        """Print one page of HTML. Raises PdfMissing, PrintingFailed, or Refused for a page that would fetch."""
        job = PrintJob(html, created, list(attachments), dict(assets or {}))
        try:
            try:
                return self._print(job, progress)
            except Stopped as stopped:
                if stopped.why != "died":
                    raise
            return self._print(job, progress)  # it may have died of something else (memory, or ended by hand): once more
        except Failed as failed:
            raise PrintingFailed("The page could not be printed (%(failed)s).", failed=failed) from None
        except Stopped as stopped:
            raise PrintingFailed(self._why(stopped)) from None

    def start(self) -> None:
        """Have the libraries loaded, so that the first page need not wait."""
        self.print_html("<title>First</title>", created=datetime.fromisoformat("2000-01-01T00:00:00+00:00"))

    def close(self) -> None:
        """End the process, if there is one."""
        self.server.close()

    def _print(self, job: PrintJob, progress: Callable[[str], None] | None) -> Printed:
        with PRINTING.taken():
            printed: Printed = self._lane.run(print_job, job, progress=progress)
        return printed

    def _why(self, stopped: Stopped) -> str:
        """Why nothing was printed, in a sentence."""
        if stopped.why == "time":
            return f"Printing was stopped after {self.seconds:g} seconds. Print a shorter report."
        if stopped.why == "memory":
            return "Printing needed more memory than there is for it. Print a shorter report."
        if stopped.why == "died":
            return "The printing process died twice while setting this page. Is memory running out? Try again."
        return "Other pages are being printed just now. Wait a minute, then try again."
